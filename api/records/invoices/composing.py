"""The taxes and totals of an invoice, computed from its content and the rows it refers to. `compose` is pure."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from api.identity.businesses.service import home_currency
from api.platform.db.work import UnitOfWork
from api.platform.errors import FieldError
from api.records.accounting_codes.service import AccountingCodeService
from api.records.contacts.service import ContactService
from api.records.cost_centers.service import CostCenterService
from api.records.invoices.lines import LineIn
from api.records.invoices.schemas import InvoiceIn
from api.records.jobs.service import JobService
from api.records.money import (
    LARGEST_LINE,
    Amounts,
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
    contacts_by_external_id: Mapping[str, UUID]
    jobs: AbstractSet[UUID]
    jobs_by_external_id: Mapping[str, UUID]
    cost_centers: AbstractSet[UUID]
    rates: Mapping[str, Decimal]
    code_tax_types: Mapping[str, str | None]
    default_tax_types: Mapping[str, str | None]
    default_codes: Mapping[str, str | None]
    currency: str


@dataclass(frozen=True)
class TaxChoice:
    """The tax of a line; the rate is in percent."""

    tax_type: str | None
    rate: Decimal


@dataclass(frozen=True)
class Composition:
    """The computed parts of an invoice: its contact and job, currency, a tax and a total per line, and the totals."""

    contact_id: UUID
    job_id: UUID | None
    currency: str
    taxes: Sequence[TaxChoice]
    lines: Sequence[LineTotal]
    totals: Totals


async def read_references(work: UnitOfWork, contents: Sequence[InvoiceIn]) -> References:
    """Read the rows that these invoices refer to, and the defaults, in a few statements for any number of invoices."""
    lines = [line for content in contents for line in content.lines]
    preferences = await PreferencesService(work).current()
    return References(
        contacts=await ContactService(work).known(_given(contents, "contact_id")),
        contacts_by_external_id=await ContactService(work).ids_of(_given(contents, "contact_external_id")),
        jobs=await JobService(work).known(_given(contents, "job_id")),
        jobs_by_external_id=await JobService(work).ids_of(_given(contents, "job_external_id")),
        cost_centers=await CostCenterService(work).known(
            {line.cost_center_id for line in lines if line.cost_center_id is not None}
        ),
        rates={rate.tax_type: rate.rate for rate in (await TaxRateService(work).by_type()).values() if rate.active},
        code_tax_types={code.code: code.tax_type for code in (await AccountingCodeService(work).by_code()).values()},
        default_tax_types={
            "customer": preferences.default_sales_tax_type,
            "supplier": preferences.default_purchase_tax_type,
        },
        default_codes={"customer": preferences.default_income_code, "supplier": preferences.default_expense_code},
        currency=await home_currency(work),
    )


def _given(contents: Sequence[InvoiceIn], name: str) -> set[Any]:
    return {value for content in contents if (value := getattr(content, name)) is not None}


def compose(
    content: InvoiceIn, references: References, kept: Sequence[TaxChoice] | None = None
) -> tuple[Composition | None, list[FieldError]]:
    """Compute the invoice, or list all its errors. With `kept`, the lines keep these taxes."""
    contact_id = content.contact_id or references.contacts_by_external_id.get(content.contact_external_id or "")
    job_id = content.job_id or references.jobs_by_external_id.get(content.job_external_id or "")
    errors = _unknown(content, references)
    taxes = kept if kept is not None else [_tax(line, content.kind, references) for line in content.lines]
    lines: list[LineTotal] = []
    for index, (line, tax) in enumerate(zip(content.lines, taxes, strict=True)):
        if kept is None and line.tax_type is not None and line.tax_type not in references.rates:
            detail = f"There is no tax type {line.tax_type}. List them at /tax-rates."
            errors.append(FieldError("unknown_tax_type", detail, pointer=f"#/lines/{index}/tax_type"))
        try:
            lines.append(_total(line, tax, content.amounts))
        except TaxTooLarge as error:
            detail = (
                f"The tax of this line is {error}; the largest is {LARGEST_LINE:,f}. Choose another tax"
                f" type, or correct the rate of {tax.tax_type} in the ledger."
            )
            errors.append(FieldError("tax_too_large", detail, pointer=f"#/lines/{index}/tax_type"))
        except LineTooLarge as error:
            detail = f"The line total is {error}; the largest is {LARGEST_LINE:,f}. Send a smaller quantity or price."
            errors.append(FieldError("line_too_large", detail, pointer=f"#/lines/{index}"))
    if errors or contact_id is None:
        return None, errors
    totals = invoice_totals(lines, content.amounts)
    return Composition(contact_id, job_id, content.currency or references.currency, taxes, lines, totals), []


def approval_errors(line_count: int, total: Decimal) -> list[FieldError]:
    """The errors that prevent the approval of an invoice."""
    errors: list[FieldError] = []
    if line_count == 0:
        errors.append(FieldError("lines_missing", "Add at least one line before you approve it.", pointer="#/lines"))
    if total < 0:
        detail = f"The total is {total:,f}. Credit notes are not exported yet: correct the lines."
        errors.append(FieldError("total_negative", detail, pointer="#/lines"))
    return errors


def _total(line: LineIn, tax: TaxChoice, amounts: Amounts) -> LineTotal:
    if line.quantity is None or line.unit_price is None:
        return LineTotal(Decimal("0.00"), Decimal("0.00"))
    return line_total(line.quantity, line.unit_price, line.discount_percent, tax.rate, amounts)


def _tax(line: LineIn, kind: str, references: References) -> TaxChoice:
    """The line's own tax type, else that of its code, the preferred one, or that of the default code, as Xero does.

    None when there is no active rate.
    """
    if line.unit_price is None:
        return TaxChoice(None, Decimal(0))
    of_code = references.code_tax_types.get(line.accounting_code or "")
    tax_type = line.tax_type or of_code or references.default_tax_types[kind]
    if tax_type is None and line.accounting_code is None:
        tax_type = references.code_tax_types.get(references.default_codes[kind] or "")
    if tax_type is None or tax_type not in references.rates:
        return TaxChoice(None, Decimal(0))
    return TaxChoice(tax_type, references.rates[tax_type])


def _unknown(content: InvoiceIn, references: References) -> list[FieldError]:
    errors: list[FieldError] = []
    for name, known, code, collection in (
        ("contact_id", references.contacts, "unknown_contact", "contacts"),
        ("contact_external_id", references.contacts_by_external_id, "unknown_contact", "contacts"),
        ("job_id", references.jobs, "unknown_job", "jobs"),
        ("job_external_id", references.jobs_by_external_id, "unknown_job", "jobs"),
    ):
        value = getattr(content, name)
        if value is not None and value not in known:
            errors.append(_unknown_id(code, collection, f"#/{name}"))
    for index, line in enumerate(content.lines):
        if line.cost_center_id is not None and line.cost_center_id not in references.cost_centers:
            errors.append(_unknown_id("unknown_cost_center", "cost-centers", f"#/lines/{index}/cost_center_id"))
    return errors


def _unknown_id(code: str, collection: str, pointer: str) -> FieldError:
    return FieldError(code, f"There is none with this id. List them at /{collection}.", pointer=pointer)
