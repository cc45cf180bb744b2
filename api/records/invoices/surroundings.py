"""Reading what invoices refer to, a few statements for however many."""

from collections.abc import Sequence

from api.identity.businesses.service import home_currency
from api.platform.db.work import UnitOfWork
from api.records.accounting_codes.service import AccountingCodeService
from api.records.contacts.service import ContactService
from api.records.cost_centers.service import CostCenterService
from api.records.invoices.composing import Surroundings
from api.records.invoices.schemas import InvoiceIn
from api.records.jobs.service import JobService
from api.records.preferences.service import PreferencesService
from api.records.tax_rates.service import TaxRateService


async def surroundings_of(work: UnitOfWork, contents: Sequence[InvoiceIn]) -> Surroundings:
    """What of the things these invoices name is there, and the defaults for what they leave out."""
    lines = [line for content in contents for line in content.lines]
    preferences = await PreferencesService(work).current()
    return Surroundings(
        contacts=await ContactService(work).known({content.contact_id for content in contents}),
        jobs=await JobService(work).known({content.job_id for content in contents if content.job_id is not None}),
        cost_centers=await CostCenterService(work).known(
            {line.cost_center_id for line in lines if line.cost_center_id is not None}
        ),
        rates={rate.tax_type: rate.rate for rate in (await TaxRateService(work).by_type()).values() if rate.active},
        code_tax_types={code.code: code.tax_type for code in (await AccountingCodeService(work).by_code()).values()},
        default_tax_types={
            "customer": preferences.default_sales_tax_type,
            "supplier": preferences.default_purchase_tax_type,
        },
        currency=await home_currency(work),
    )
