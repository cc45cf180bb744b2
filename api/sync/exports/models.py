"""Runs, their items, and the links to the documents in Xero."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.platform.db.base import Base, Owned
from api.platform.problems import ProblemRow
from api.platform.states import sql_in
from api.sync.exports.states import OPEN_ITEMS, REFUSED, UNFINISHED_RUNS, ItemState, RunCount, RunState
from api.sync.writes.schemas import WaitingFor


class ExportRun(Owned, Base):
    """One export: who started it, where it goes, and counts that change with its items."""

    __tablename__ = "export_runs"
    __table_args__ = (
        CheckConstraint(sql_in("state", RunState), name="state_known"),
        CheckConstraint(sql_in("waiting_for", WaitingFor), name="waiting_for_known"),
        CheckConstraint(f"{' + '.join(RunCount)} = total", name="counts_add_up"),
        UniqueConstraint("business_id", "number"),
        Index(
            "ix_export_runs_open",
            "business_id",
            "id",
            postgresql_where=text(sql_in("state", UNFINISHED_RUNS)),
        ),
    )

    number: Mapped[int]
    organisation_id: Mapped[UUID]
    organisation_name: Mapped[str]
    started_by: Mapped[str]
    request_id: Mapped[str | None]
    retry_of: Mapped[UUID | None] = mapped_column(ForeignKey("export_runs.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(default=RunState.QUEUED)
    waiting_for: Mapped[str | None]
    resume_at: Mapped[datetime | None]
    cancel_requested_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    hold_until: Mapped[datetime | None]
    total: Mapped[int]
    exported: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int]
    unknown: Mapped[int] = mapped_column(default=0)
    cancelled: Mapped[int] = mapped_column(default=0)
    with_remarks: Mapped[int] = mapped_column(server_default="0", default=0)


class ExportItem(Owned, Base):
    """One invoice in one run."""

    __tablename__ = "export_items"
    __table_args__ = (
        CheckConstraint(sql_in("state", ItemState), name="state_known"),
        UniqueConstraint("run_id", "position"),
        Index(
            "uq_export_items_open_invoice",
            "invoice_id",
            unique=True,
            postgresql_where=text(sql_in("state", OPEN_ITEMS)),
        ),
        Index("ix_export_items_run_id_state_position", "run_id", "state", "position"),
        Index("ix_export_items_refused_invoice_id", "invoice_id", postgresql_where=text(sql_in("state", REFUSED))),
    )

    run_id: Mapped[UUID] = mapped_column(ForeignKey("export_runs.id", ondelete="CASCADE"))
    position: Mapped[int]
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id", ondelete="RESTRICT"))
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id", ondelete="RESTRICT"))
    invoice_version: Mapped[int]
    kind: Mapped[str]
    number: Mapped[str | None]
    contact_name: Mapped[str]
    total: Mapped[Decimal] = mapped_column(Numeric(18, 2))
    currency: Mapped[str]
    state: Mapped[str] = mapped_column(default=ItemState.PENDING)
    # Halved when a whole call is refused or keeps failing, until the one bad element stands alone.
    batch_limit: Mapped[int] = mapped_column(default=50)
    # Set when Xero has refused the contact, which is then read again; a second refusal is final.
    contact_rechecked: Mapped[bool] = mapped_column(default=False)
    problems: Mapped[list[ProblemRow]] = mapped_column(JSONB, default=list)
    remarks: Mapped[list[ProblemRow]] = mapped_column(JSONB, default=list)
    xero_invoice_id: Mapped[UUID | None]
    external_url: Mapped[str | None]


class InvoiceLink(Owned, Base):
    """The link of one invoice to its document in one organisation.

    `by_person`: somebody else had entered the document, and a person has linked it. Only such a link can be taken back.
    """

    __tablename__ = "invoice_links"
    __table_args__ = (
        UniqueConstraint("organisation_id", "invoice_id"),
        UniqueConstraint("organisation_id", "xero_invoice_id"),
    )

    organisation_id: Mapped[UUID]
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id", ondelete="RESTRICT"))
    xero_invoice_id: Mapped[UUID]
    xero_status: Mapped[str | None]
    xero_total: Mapped[Decimal | None] = mapped_column(Numeric(18, 2))
    # In the order of the lines; a later change keeps the lines by them.
    line_item_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    by_person: Mapped[bool] = mapped_column(server_default="false", default=False)
