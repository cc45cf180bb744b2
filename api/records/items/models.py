"""Items."""

from decimal import Decimal

from sqlalchemy import Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.platform.db.base import Base, Owned


class Item(Owned, Base):
    """An item for sale, purchase or both, with a price and an accounting code for each."""

    __tablename__ = "items"
    __table_args__ = (UniqueConstraint("business_id", "code"),)

    code: Mapped[str]
    name: Mapped[str]
    description: Mapped[str | None]
    sale_price: Mapped[Decimal | None] = mapped_column(Numeric(15, 4))
    sale_code: Mapped[str | None]
    purchase_price: Mapped[Decimal | None] = mapped_column(Numeric(15, 4))
    purchase_code: Mapped[str | None]
