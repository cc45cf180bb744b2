"""An invoice of ours as Xero's JSON. Pure: no session, no await, no clock."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal
from urllib.parse import quote
from uuid import UUID

from pydantic import ValidationError

from api.platform.problems import Problem
from api.platform.text import cut_utf16
from api.records.invoices.service import DocumentLine, InvoiceDocument
from api.records.items.service import item_key
from api.records.money import line_total, price_after_discount
from api.records.preferences.service import PreferencesView
from api.records.text import in_ascii
from api.sync.exports.inputs import ExportContext, ExportInput
from api.sync.exports.marking import reason_not_marked
from api.sync.exports.problems import problem
from api.xero.outgoing import (
    WrittenContactReference,
    WrittenInvoice,
    WrittenLine,
    WrittenTracking,
    element_json,
)

LONGEST_REFERENCE = 255
_INVOICE_PAGE = "https://go.xero.com/app/{short_code}/invoicing/view/{id}"
_BILL_PAGE = (
    "https://go.xero.com/organisationlogin/default.aspx?shortcode={short_code}"
    "&redirecturl=/AccountsPayable/Edit.aspx?InvoiceID={id}"
)
_SEPARATOR = ", "
_MOST_NAMED = 5
_AMOUNT_TYPES = {"exclusive": "Exclusive", "inclusive": "Inclusive", "no_tax": "NoTax"}


@dataclass(frozen=True)
class Priced:
    """Quantity, price and discount as they are sent."""

    quantity: Decimal
    unit_price: Decimal
    discount_rate: Decimal | None


def to_xero(export_input: ExportInput, context: ExportContext, *, contact_id: UUID, url: str) -> WrittenInvoice:
    """The element that is sent for this invoice."""
    invoice, preferences = export_input.invoice, context.preferences
    customer = invoice.kind == "customer"
    return WrittenInvoice(
        type="ACCREC" if customer else "ACCPAY",
        contact=WrittenContactReference(contact_id=contact_id),
        date=invoice.issued_on,
        due_date=invoice.due_on,
        line_amount_types=_AMOUNT_TYPES[invoice.amounts],
        invoice_number=invoice.number if customer else bill_number(export_input, preferences),
        reference=(reference(export_input, preferences) or None) if customer else None,
        url=url,
        status=status_in_xero(invoice.kind, preferences),
        currency_code=invoice.currency,
        sent_to_contact=True if reason_not_marked(invoice, preferences) is None else None,
        line_items=tuple(_line(line, export_input, context) for line in invoice.lines),
    )


def element_or_problem(
    export_input: ExportInput, context: ExportContext, *, contact_id: UUID, url: str
) -> tuple[str | None, Problem | None]:
    """The JSON of the element; or, of a stored value that no element can have, the problem."""
    try:
        return element_json(to_xero(export_input, context, contact_id=contact_id, url=url)), None
    except ValidationError as error:
        named = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()[:_MOST_NAMED])
        return None, problem("unwritable", f"{named}. Correct it, then send it again.")
    except ValueError as error:
        return None, problem("unwritable", f"{error}. Correct it, then send it again.")


def status_in_xero(kind: str, preferences: PreferencesView) -> str:
    """DRAFT, SUBMITTED or AUTHORISED, as chosen for this kind."""
    return preferences.customer_invoice_status if kind == "customer" else preferences.supplier_invoice_status


def reference(export_input: ExportInput, preferences: PreferencesView) -> str:
    """The chosen parts in the chosen order, without empty parts, cut to 255 characters."""
    job = export_input.job
    parts = {
        "job_number": job.number if job else None,
        "job_description": job.description if job else None,
        "customer_reference": export_input.invoice.reference or (job.customer_reference if job else None),
        "job_location": job.location if job else None,
    }
    chosen = (parts[name] for name in preferences.reference_parts)
    return cut_utf16(_SEPARATOR.join(part for part in chosen if part), LONGEST_REFERENCE)


def bill_number(export_input: ExportInput, preferences: PreferencesView) -> str | None:
    """The InvoiceNumber of a bill, called its reference on screens: the supplier's number, and on request more.

    Xero takes printable ASCII only there.
    """
    extra = in_ascii(reference(export_input, preferences)) if preferences.reference_on_bills else ""
    return _SEPARATOR.join(part for part in (export_input.invoice.number, extra) if part)[:LONGEST_REFERENCE] or None


def code_of(line: DocumentLine, kind: str, preferences: PreferencesView) -> str | None:
    """The line's own code, else the default for the kind of invoice."""
    default = preferences.default_income_code if kind == "customer" else preferences.default_expense_code
    return line.accounting_code or default


def priced(line: DocumentLine, invoice: InvoiceDocument) -> Priced | None:
    """Bills have no discount in Xero: the price is reduced, or, if that would lose a cent, the line is one amount.

    None for a line of text only.
    """
    if line.quantity is None or line.unit_price is None:
        return None
    if invoice.kind == "customer" or not line.discount_percent:
        return Priced(line.quantity, line.unit_price, line.discount_percent or None)
    reduced = price_after_discount(line.unit_price, line.discount_percent)
    computed = line_total(line.quantity, reduced, Decimal(0), line.tax_rate, invoice.amounts)
    if computed.line_amount == line.line_amount:
        return Priced(line.quantity, reduced, None)
    return Priced(Decimal(1), line.line_amount, None)


def _line(line: DocumentLine, export_input: ExportInput, context: ExportContext) -> WrittenLine:
    invoice, preferences = export_input.invoice, context.preferences
    price = priced(line, invoice)
    if price is None:
        return WrittenLine(description=line.description)
    return WrittenLine(
        description=line.description,
        quantity=price.quantity,
        unit_amount=price.unit_price,
        discount_rate=price.discount_rate,
        item_code=_item_code(line, invoice.kind, context),
        account_code=code_of(line, invoice.kind, preferences),
        tax_type=None if invoice.amounts == "no_tax" else line.tax_type,
        tracking=_tracking(line, context),
    )


def _item_code(line: DocumentLine, kind: str, context: ExportContext) -> str | None:
    """The code as Xero spells it, if `send_item_codes` is on.

    On a bill, Xero books an item with tracked stock to its inventory account and refuses the line's own code.
    """
    if not context.preferences.send_item_codes or line.item_code is None or context.ledger is None:
        return None
    item = context.ledger.items.get(item_key(line.item_code))
    return None if item is None or (kind == "supplier" and item.is_tracked) else item.code


def _tracking(line: DocumentLine, context: ExportContext) -> tuple[WrittenTracking, ...] | None:
    category = context.preferences.tracking_category_id
    center = context.cost_centers.get(line.cost_center_id) if line.cost_center_id else None
    if category is None or center is None or center.match != "matched" or center.option_id is None:
        return None
    return (WrittenTracking(tracking_category_id=UUID(category), tracking_option_id=UUID(center.option_id)),)


def invoice_link(kind: Literal["ACCREC", "ACCPAY"], short_code: str, invoice_id: UUID) -> str:
    """The page of Xero's own screens that shows this invoice or bill to a person."""
    template = _INVOICE_PAGE if kind == "ACCREC" else _BILL_PAGE
    return template.format(short_code=quote(short_code, safe="!"), id=invoice_id)
