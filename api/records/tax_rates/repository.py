"""Tax rates of one business."""

from api.platform.db.repository import Repository
from api.records.tax_rates.models import TaxRate


class TaxRateRepository(Repository[TaxRate]):
    """Rows of `tax_rates`, inactive rates included."""

    model = TaxRate
