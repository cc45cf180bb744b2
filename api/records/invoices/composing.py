"""The taxes and totals of an invoice, computed from its content and the rows it refers to. `compose` is pure."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from api.identity.businesses.service import home_currency
from api.platform.db.work import UnitOfWork
from api.platform.errors import FieldError
from api.records.accounting_codes.service import AccountingCodeService
from api.records.contacts.service import ContactService
from api.records.cost_centers.service import CostCenterService
from api.records.invoices.schemas import InvoiceIn, LineIn
from api.records.jobs.service import JobService
from api.records.money import (
    LARGEST_LINE,
    LineTooLarge,
    LineTotal,
    TaxTooLarge,
    Totals,
    invoice_totals,
    line_total,
)
from api.records.preferences.service import PreferencesService
from api.records.tax_rates.service import TaxRateService


@dataclass(frozen=True)
class References:
    """The rows of this business that invoices refer to. `rates` are in percent by tax type, active rates only."""

    contacts: AbstractSet[UUID]
    jobs: AbstractSet[UUID]
    cost_centers: AbstractSet[UUID]
    rates: Mapping[str, Decimal]
    code_tax_types: Mapping[str, str | None]
    default_tax_types: Mapping[str, str | None]
    currency: str


@dataclass(frozen=True)
class TaxChoice:
    """The tax of a line; the rate is in percent."""

    tax_type: str | None
    rate: Decimal


@dataclass(frozen=True)
class Composition:
    """The computed parts of an invoice: currency, a tax and a total per line, and the totals."""

    currency: str
    taxes: Sequence[TaxChoice]
    lines: Sequence[LineTotal]
    totals: Totals


async def read_references(work: UnitOfWork, contents: Sequence[InvoiceIn]) -> References:
    """Read the rows that these invoices refer to, and the defaults, in a few statements for any number of invoices."""
    lines = [line for content in contents for line in content.lines]
    preferences = await PreferencesService(work).current()
    return References(
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


def compose(
    content: InvoiceIn, references: References, kept: Sequence[TaxChoice] | None = None
) -> tuple[Composition | None, list[FieldError]]:
    """Compute the invoice, or list all its errors. With `kept`, the lines keep these taxes."""
    errors = _unknown(content, references)
    taxes = kept if kept is not None else [_tax(line, content.kind, references) for line in content.lines]
    lines: list[LineTotal] = []
    for index, (line, tax) in enumerate(zip(content.lines, taxes, strict=True)):
        if kept is None and line.tax_type is not None and line.tax_type not in references.rates:
            detail = f"There is no tax type {line.tax_type}. List them at /tax-rates."
            errors.append(FieldError("unknown_tax_type", detail, pointer=f"#/lines/{index}/tax_type"))
        try:
            lines.append(line_total(line.quantity, line.unit_price, line.discount_percent, tax.rate, content.amounts))
        except TaxTooLarge as error:
            detail = (
                f"The tax of this line comes to {error}; it may come to {LARGEST_LINE:,f} at most. Choose another tax"
                f" type, or correct the rate of {tax.tax_type} in the ledger."
            )
            errors.append(FieldError("tax_too_large", detail, pointer=f"#/lines/{index}/tax_type"))
        except LineTooLarge as error:
            detail = f"This line comes to {error}. A line may come to {LARGEST_LINE:,f} at most."
            errors.append(FieldError("line_too_large", detail, pointer=f"#/lines/{index}"))
    if errors:
        return None, errors
    return Composition(
        content.currency or references.currency, taxes, lines, invoice_totals(lines, content.amounts)
    ), []


def approval_errors(line_count: int, total: Decimal) -> list[FieldError]:
    """The errors that prevent the approval of an invoice."""
    errors: list[FieldError] = []
    if line_count == 0:
        errors.append(FieldError("lines_missing", "Add at least one line before you approve it.", pointer="#/lines"))
    if total < 0:
        detail = f"It comes to {total:,f}. An invoice cannot come to less than nothing."
        errors.append(FieldError("total_negative", detail, pointer="#/lines"))
    return errors


def _tax(line: LineIn, kind: str, references: References) -> TaxChoice:
    """The line's own tax type, else that of its code, else the preferred one; none when there is no active rate."""
    of_code = references.code_tax_types.get(line.accounting_code or "")
    tax_type = line.tax_type or of_code or references.default_tax_types[kind]
    if tax_type is None or tax_type not in references.rates:
        return TaxChoice(None, Decimal(0))
    return TaxChoice(tax_type, references.rates[tax_type])


def _unknown(content: InvoiceIn, references: References) -> list[FieldError]:
    errors: list[FieldError] = []
    if content.contact_id not in references.contacts:
        errors.append(_unknown_id("unknown_contact", "contacts", "#/contact_id"))
    if content.job_id is not None and content.job_id not in references.jobs:
        errors.append(_unknown_id("unknown_job", "jobs", "#/job_id"))
    for index, line in enumerate(content.lines):
        if line.cost_center_id is not None and line.cost_center_id not in references.cost_centers:
            errors.append(_unknown_id("unknown_cost_center", "cost-centers", f"#/lines/{index}/cost_center_id"))
    return errors


def _unknown_id(code: str, collection: str, pointer: str) -> FieldError:
    return FieldError(code, f"There is none with this id. List them at /{collection}.", pointer=pointer)
