"""Tax rates."""

from decimal import Decimal

from sqlalchemy import Numeric, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.platform.db.base import Base, Owned


class TaxRate(Owned, Base):
    """A rate in percent, and the kinds of accounting codes it is for."""

    __tablename__ = "tax_rates"
    __table_args__ = (UniqueConstraint("business_id", "tax_type"),)

    tax_type: Mapped[str]
    name: Mapped[str]
    rate: Mapped[Decimal] = mapped_column(Numeric)
    for_income: Mapped[bool]
    for_expense: Mapped[bool]
    # Null until the ledger was read.
    for_asset: Mapped[bool | None]
    for_liability: Mapped[bool | None]
    for_equity: Mapped[bool | None]
    active: Mapped[bool] = mapped_column(server_default="true", default=True)
