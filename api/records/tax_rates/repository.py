"""Tax rates of one business."""

from sqlalchemy import select

from api.platform.db.repository import Repository
from api.platform.http.paging import Paging, Slice, keyset_page
from api.records.tax_rates.models import TaxRate


class TaxRateRepository(Repository[TaxRate]):
    """Rows of `tax_rates`, inactive rates included."""

    model = TaxRate

    async def page(self, paging: Paging) -> Slice:
        """List the rates by name."""
        columns = (
            TaxRate.id,
            TaxRate.tax_type,
            TaxRate.name,
            TaxRate.rate,
            TaxRate.for_income,
            TaxRate.for_expense,
            TaxRate.active,
        )
        own = select(*columns).where(TaxRate.business_id == self.business_id)
        return await keyset_page(self.session, own, paging, by=TaxRate.name, tie=TaxRate.id)
