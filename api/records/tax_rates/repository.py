"""Tax rates of one business."""

from typing import Any

from sqlalchemy import Select, select

from api.platform.db.repository import Repository
from api.records.tax_rates.models import TaxRate


class TaxRateRepository(Repository[TaxRate]):
    """Rows of `tax_rates`, inactive rates included."""

    model = TaxRate

    def listed(self) -> Select[*tuple[Any, ...]]:
        """Select the rates as they are listed."""
        columns = (
            TaxRate.id,
            TaxRate.tax_type,
            TaxRate.name,
            TaxRate.rate,
            TaxRate.for_income,
            TaxRate.for_expense,
            TaxRate.for_asset,
            TaxRate.for_liability,
            TaxRate.for_equity,
            TaxRate.active,
        )
        return select(*columns).where(TaxRate.business_id == self.business_id)
