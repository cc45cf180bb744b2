"""Tax rates of one business."""

from api.platform.db.repository import Repository
from api.records.tax_rates.models import TaxRate


class TaxRateRepository(Repository[TaxRate]):
    """Every rate a business has had, also the inactive ones."""

    model = TaxRate
