"""Accounting codes."""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.platform.db.base import Base, Owned


class AccountingCode(Owned, Base):
    """An income code (invoice items) or an expense code (order items). A code has one kind."""

    __tablename__ = "accounting_codes"
    __table_args__ = (
        UniqueConstraint("business_id", "code"),
        CheckConstraint("kind IN ('income', 'expense')", name="kind_known"),
        CheckConstraint(
            "ledger_state IN ('unchecked', 'matched', 'archived', 'wrong_type', 'missing')", name="ledger_state_known"
        ),
    )

    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    tax_type: Mapped[str | None]
    # Neutral: written by the last ledger refresh.
    ledger_state: Mapped[str] = mapped_column(server_default="unchecked", default="unchecked")
