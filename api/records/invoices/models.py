"""Invoices and their lines."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Identity,
    Index,
    Numeric,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from api.platform.db.base import Base, Identified, Owned
from api.platform.ids import uuid7
from api.platform.problems import ProblemRow
from api.platform.states import sql_in
from api.records.invoices.states import DIFFERS_FROM_LEDGER, IN_EXPORT, MAY_HAVE_PROBLEMS, ExportState

MONEY = Numeric(18, 2)
_LISTED_BY = ("business_id", "kind", "issued_on", "id")
_OF_BOTH_KINDS = ("business_id", "issued_on", "id")
_SEARCHED = ("contact_id", "job_id", "bare_number", "total")  # in the index, so that a search does not read the rows
_BARE_NUMBER = "translate(lower(coalesce(number, '')), ' -', '')"  # as people type numbers into a search
_IS_READY = "status = 'approved' AND export_state = 'not_exported' AND problems = '[]'::jsonb"
_NEEDS_ATTENTION = (
    f"{sql_in('export_state', DIFFERS_FROM_LEDGER)} OR (status = 'approved' AND ("
    f"(problems <> '[]'::jsonb AND {sql_in('export_state', MAY_HAVE_PROBLEMS)})"
    " OR (remarks <> '[]'::jsonb AND remarks_read_at IS NULL)))"
)


class Invoice(Owned, Base):
    """A customer invoice or a supplier's bill. `version` counts changes of its content."""

    __tablename__ = "invoices"
    __table_args__ = (
        UniqueConstraint("business_id", "external_id"),
        Index(
            "uq_invoices_customer_number",
            "business_id",
            "number_key",
            unique=True,
            postgresql_where=text("kind = 'customer'"),
        ),
        Index("ix_invoices_business_id_kind_issued_on_id", *_LISTED_BY, postgresql_include=_SEARCHED),
        Index("ix_invoices_business_id_issued_on_id", *_OF_BOTH_KINDS, postgresql_include=_SEARCHED),
        Index("ix_invoices_business_id_number_key_contact_id", "business_id", "number_key", "contact_id"),
        Index("ix_invoices_is_ready", *_LISTED_BY, postgresql_where=text("is_ready")),
        Index("ix_invoices_needs_attention", *_LISTED_BY, postgresql_where=text("needs_attention")),
        Index(
            "ix_invoices_needs_attention_contact_id",
            "business_id",
            "contact_id",
            postgresql_where=text("needs_attention"),
        ),
        Index("ix_invoices_in_export", *_LISTED_BY, postgresql_where=text(sql_in("export_state", IN_EXPORT))),
        Index("ix_invoices_draft", *_LISTED_BY, postgresql_where=text("status = 'draft'")),
        CheckConstraint("kind IN ('customer', 'supplier')", name="kind_known"),
        CheckConstraint("status IN ('draft', 'approved')", name="status_known"),
        CheckConstraint("amounts IN ('exclusive', 'inclusive', 'no_tax')", name="amounts_known"),
        CheckConstraint(sql_in("export_state", ExportState), name="export_state_known"),
        CheckConstraint("number IS NOT NULL OR kind = 'supplier'", name="customer_numbered"),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id", ondelete="CASCADE"))  # in other indexes first
    kind: Mapped[str]
    number: Mapped[str | None]
    number_key: Mapped[str] = mapped_column(Computed("lower(coalesce(number, ''))", persisted=True))
    bare_number: Mapped[str] = mapped_column(Computed(_BARE_NUMBER, persisted=True))
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id", ondelete="RESTRICT"))
    job_id: Mapped[UUID | None] = mapped_column(ForeignKey("jobs.id", ondelete="RESTRICT"), index=True)
    issued_on: Mapped[date]
    due_on: Mapped[date | None]
    currency: Mapped[str]
    amounts: Mapped[str]
    reference: Mapped[str | None]
    external_id: Mapped[str | None]
    mark_as_sent: Mapped[bool | None]
    status: Mapped[str] = mapped_column(server_default="draft", default="draft")
    approved_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    subtotal: Mapped[Decimal] = mapped_column(MONEY)
    tax_total: Mapped[Decimal] = mapped_column(MONEY)
    total: Mapped[Decimal] = mapped_column(MONEY)
    content_tag: Mapped[str]  # equal for equal content; compared with the tag of what was exported
    # Neutral: written by sync only.
    export_state: Mapped[str] = mapped_column(server_default=ExportState.NOT_EXPORTED, default=ExportState.NOT_EXPORTED)
    exported_at: Mapped[datetime | None]
    external_url: Mapped[str | None]
    exported_tag: Mapped[str | None]
    ledger_total: Mapped[Decimal | None] = mapped_column(MONEY)  # of a document that others entered, if not ours
    problems: Mapped[list[ProblemRow]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"), default=list)
    remarks: Mapped[list[ProblemRow]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"), default=list)
    remarks_read_at: Mapped[datetime | None]
    # The views; each has an index that is as small as the view.
    is_ready: Mapped[bool] = mapped_column(Computed(_IS_READY, persisted=True))
    needs_attention: Mapped[bool] = mapped_column(Computed(_NEEDS_ATTENTION, persisted=True))

    lines: Mapped[list["InvoiceLine"]] = relationship(
        lazy="raise", order_by="InvoiceLine.position", cascade="all, delete-orphan", passive_deletes=True
    )

    @classmethod
    def draft(cls, business_id: UUID) -> "Invoice":
        """A new draft without content. The caller writes the content before the draft is stored."""
        return cls(
            id=uuid7(),
            business_id=business_id,
            status="draft",
            export_state=ExportState.NOT_EXPORTED,
            version=1,
            lines=[],
        )


class InvoiceLine(Identified, Base):
    """One line, with the tax rate at the time when the line was written. A line of text has no price."""

    __tablename__ = "invoice_lines"
    __table_args__ = (CheckConstraint("(quantity IS NULL) = (unit_price IS NULL)", name="quantity_with_price"),)

    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id", ondelete="CASCADE"))
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    description: Mapped[str]
    quantity: Mapped[Decimal | None] = mapped_column(Numeric(17, 4))
    unit_price: Mapped[Decimal | None] = mapped_column(Numeric(15, 4))
    discount_percent: Mapped[Decimal] = mapped_column(Numeric(5, 2))
    accounting_code: Mapped[str | None]
    tax_type: Mapped[str | None]
    tax_rate: Mapped[Decimal] = mapped_column(Numeric)
    cost_center_id: Mapped[UUID | None] = mapped_column(ForeignKey("cost_centers.id", ondelete="RESTRICT"), index=True)
    item_code: Mapped[str | None]
    line_amount: Mapped[Decimal] = mapped_column(MONEY)  # after discount; includes tax when amounts are inclusive
    tax_amount: Mapped[Decimal] = mapped_column(MONEY)


class InvoiceCount(Base):
    """A part of the number of invoices in a state. Triggers of the database add the difference that a statement makes.

    The number of invoices in a state is the sum of its rows, which the triggers combine from time to time.
    """

    __tablename__ = "invoice_counts"

    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    kind: Mapped[str]
    status: Mapped[str]
    export_state: Mapped[str]
    is_ready: Mapped[bool]
    needs_attention: Mapped[bool]
    count: Mapped[int]


class DifferentBill(Owned, Base):
    """Two bills of one supplier and number that a person has distinguished. Each pair has two rows."""

    __tablename__ = "different_bills"
    __table_args__ = (UniqueConstraint("invoice_id", "other_id"),)

    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id", ondelete="CASCADE"))
    other_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id", ondelete="CASCADE"), index=True)
