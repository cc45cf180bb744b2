"""Cost centers."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.platform.db.base import Base, Owned


class CostCenter(Owned, Base):
    """A part of the business with its own income and expenses, bound by id to a tracking option of the ledger."""

    __tablename__ = "cost_centers"
    __table_args__ = (
        UniqueConstraint("business_id", "name"),
        CheckConstraint(
            "match IN ('unchecked', 'matched', 'spelled_differently', 'missing', 'archived')", name="match_known"
        ),
    )

    name: Mapped[str]
    # Neutral: written by sync only.
    match: Mapped[str] = mapped_column(server_default="unchecked", default="unchecked")
    option_id: Mapped[str | None]
    option_name: Mapped[str | None]
