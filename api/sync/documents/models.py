"""The mirror of an organisation's invoices and bills, and how far it has been read."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Computed, ForeignKey, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from api.platform.clock import app_now
from api.platform.db.base import Base, Owned

REMOVED = ("DELETED", "VOIDED")
APPROVED = ("AUTHORISED", "PAID")
_OF_CONTACT = ("business_id", "organisation_id", "xero_contact_id")


class MirrorDocument(Owned, Base):
    """An invoice or bill of an organisation, as of the last read; `marker_invoice_id` is what its `Url` names."""

    __tablename__ = "mirror_documents"
    __table_args__ = (
        UniqueConstraint("business_id", "organisation_id", "xero_invoice_id"),
        Index(
            "ix_mirror_documents_marker",
            "business_id",
            "organisation_id",
            "marker_invoice_id",
            postgresql_where=text("marker_invoice_id IS NOT NULL"),
        ),
        Index(
            "ix_mirror_documents_number",
            "business_id",
            "organisation_id",
            "number_key",
            postgresql_where=text("type = 'ACCREC'"),
        ),
        Index("ix_mirror_documents_digits", *_OF_CONTACT, "digits", postgresql_where=text("marker_invoice_id IS NULL")),
        Index(
            "ix_mirror_documents_issued_on",
            *_OF_CONTACT,
            "issued_on",
            postgresql_where=text("marker_invoice_id IS NULL"),
        ),
    )

    organisation_id: Mapped[UUID]
    xero_invoice_id: Mapped[UUID]
    marker_invoice_id: Mapped[UUID | None]
    type: Mapped[str | None]
    number: Mapped[str | None]
    number_key: Mapped[str | None] = mapped_column(Computed("lower(number)", persisted=True))
    # Equal for numbers that differ in case, blanks, letters or zeros: those of a contact are then compared one by one.
    digits: Mapped[str | None] = mapped_column(Computed("regexp_replace(number, '[^1-9]', '', 'g')", persisted=True))
    reference: Mapped[str | None]
    xero_contact_id: Mapped[UUID | None]
    issued_on: Mapped[date | None]
    due_on: Mapped[date | None]
    currency: Mapped[str | None]
    status: Mapped[str]
    total: Mapped[Decimal | None] = mapped_column(Numeric)
    amount_paid: Mapped[Decimal | None] = mapped_column(Numeric)
    amount_credited: Mapped[Decimal | None] = mapped_column(Numeric)
    amount_due: Mapped[Decimal | None] = mapped_column(Numeric)
    changed_in_xero_at: Mapped[datetime | None]

    @property
    def is_live(self) -> bool:
        """Whether the document is neither voided nor deleted."""
        return self.status not in REMOVED


class DifferentDocument(Owned, Base):
    """A document of which a person has said that it is not this invoice: it is never asked about again."""

    __tablename__ = "different_documents"
    __table_args__ = (UniqueConstraint("invoice_id", "organisation_id", "xero_invoice_id"),)

    organisation_id: Mapped[UUID]
    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id", ondelete="CASCADE"))
    xero_invoice_id: Mapped[UUID]


class DocumentCursor(Base):
    """How far the documents of one organisation have been read. Instants are by Xero's clock, except three.

    A *reading* lists everything (`reading_since` is null) or what changed since then; it goes on after an interruption
    at `reading_offset` of the list of summaries, then at `reading_created_offset` of the list of our app's documents.
    `reading_count` is the length of the list of summaries, which must not become shorter. `reading_started_at`, and
    `read_at` of the last reading that ended, say by the database's clock when it began; `created_at`, when the first
    one did: what is older may have been entered by an earlier tool.
    """

    __tablename__ = "document_cursors"

    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(server_default=app_now())
    read_up_to: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    whole_read_at: Mapped[datetime | None]
    is_complete: Mapped[bool] = mapped_column(default=False)
    unreadable: Mapped[int] = mapped_column(default=0)
    summaries_have_url: Mapped[bool] = mapped_column(default=False)
    reading_id: Mapped[UUID | None]
    reading_since: Mapped[datetime | None]
    reading_started_at: Mapped[datetime | None]
    reading_began_at: Mapped[datetime | None]
    reading_offset: Mapped[int] = mapped_column(default=0)
    reading_created_offset: Mapped[int] = mapped_column(default=0)
    reading_count: Mapped[int | None]
