"""The work list: what may have changed what stands against an invoice."""

from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from api.platform.db.base import Base


class StandingCheck(Base):
    """A subject that was changed. Triggers of the database add it in the transaction of the change.

    Only equal rows of one transaction are left out. So no transaction waits for another, and no change is lost that is
    made while an earlier one is being worked on.
    """

    __tablename__ = "standing_checks"
    __table_args__ = (
        UniqueConstraint("business_id", "subject_kind", "subject_id", "transaction", name="uq_standing_checks_subject"),
        CheckConstraint(
            "subject_kind IN ('business', 'contact', 'xero_contact', 'invoice')", name="subject_kind_known"
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id", ondelete="CASCADE"))
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    transaction: Mapped[int] = mapped_column(BigInteger, server_default=text("pg_current_xact_id()::text::bigint"))
