"""Items."""

from decimal import Decimal
from typing import TypedDict

from sqlalchemy import CheckConstraint, Computed, Numeric, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.platform.db.base import Base, Owned


class LedgerItemRow(TypedDict):
    """An item of the ledger as it is kept on ours; prices are text with four decimals."""

    code: str
    name: str
    description: str | None
    sale_price: str | None
    sale_code: str | None
    purchase_price: str | None
    purchase_code: str | None
    is_tracked: bool


class Item(Owned, Base):
    """An item for sale, purchase or both, with a price and an accounting code for each."""

    __tablename__ = "items"
    __table_args__ = (
        UniqueConstraint("business_id", "code_key"),
        CheckConstraint("match IN ('unchecked', 'matched', 'differs', 'missing')", name="match_known"),
    )

    code: Mapped[str]
    code_key: Mapped[str] = mapped_column(Computed("lower(code)", persisted=True))
    name: Mapped[str]
    description: Mapped[str | None]
    sale_price: Mapped[Decimal | None] = mapped_column(Numeric(15, 4))
    sale_code: Mapped[str | None]
    purchase_price: Mapped[Decimal | None] = mapped_column(Numeric(15, 4))
    purchase_code: Mapped[str | None]
    # Neutral: written by sync only.
    match: Mapped[str] = mapped_column(server_default="unchecked", default="unchecked")
    in_ledger: Mapped[LedgerItemRow | None] = mapped_column(JSONB(none_as_null=True))
