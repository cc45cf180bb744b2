"""Tax rates of lines: those of the country first, then those of the ledger."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Final

from api.identity.lists import RowList
from api.platform.db.reads import STATEMENTS
from api.platform.db.work import UnitOfWork
from api.records.tax_rates.models import TaxRate
from api.records.tax_rates.repository import TaxRateRepository
from api.records.tax_rates.schemas import TaxRateOut
from api.records.tax_rates.seeds import FIRST_RATES


@dataclass(frozen=True)
class TaxRateView:
    """A rate in percent, and the accounts that it is for; of the balance sheet None until the ledger is read."""

    tax_type: str
    name: str
    rate: Decimal
    for_income: bool
    for_expense: bool
    active: bool = True
    for_asset: bool | None = None
    for_liability: bool | None = None
    for_equity: bool | None = None


async def begin(work: UnitOfWork, country: str) -> None:
    """Create the first rates of a new business."""
    await TaxRateService(work).take_from_ledger([TaxRateView(*rate) for rate in FIRST_RATES[country]])


class TaxRateService:
    """The tax rates of one business."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._rates = TaxRateRepository(work)

    async def by_type(self) -> dict[str, TaxRateView]:
        """All rates by their tax type, inactive rates included."""
        return {row.tax_type: _view(row) for row in await self._rates.all()}

    async def take_from_ledger(self, rates: Sequence[TaxRateView]) -> None:
        """Replace the rates by these. A rate that is missing becomes inactive and stays for the lines that use it."""
        known = {row.tax_type: row for row in await self._rates.all()}
        for rate in rates:
            row = known.pop(rate.tax_type, None)
            if row is None:
                row = TaxRate(business_id=self._work.business_id)
                self._work.session.add(row)
            for name, value in asdict(rate).items():
                setattr(row, name, value)
        for missing in known.values():
            missing.active = False
        await self._work.session.flush()


TAX_RATE_LIST: Final = RowList(TaxRateOut, lambda _: TaxRateRepository(STATEMENTS).listed(), None, by=TaxRate.name)


def _view(row: TaxRate) -> TaxRateView:
    return TaxRateView(**{field.name: getattr(row, field.name) for field in fields(TaxRateView)})
