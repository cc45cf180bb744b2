"""Finds every known reason why Xero would refuse an invoice, before it is sent, all at once. Pure."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from api.platform.problems import Problem
from api.records.invoices.service import DocumentLine, InvoiceDocument
from api.records.items.service import item_key
from api.records.money import TaxTooLarge, invoice_totals, line_total
from api.records.preferences.service import PreferencesView
from api.sync.exports.inputs import ExportContext, ExportInput
from api.sync.exports.mapping import code_of, priced, status_in_xero
from api.sync.exports.problems import problem
from api.sync.ledger.service import KIND_OF_TYPE, AccountView, LedgerSnapshot

_LONGEST_NAME = 255
_CODE_KIND = {"customer": "income", "supplier": "expense"}
_NAMES = {"customer": "customer invoices need an income code", "supplier": "supplier invoices need an expense code"}


def problems_of(export_input: ExportInput, context: ExportContext) -> list[Problem]:
    """The problems of the invoice; none when it is ready."""
    return [*_whole(export_input, context), *_lines(export_input, context)]


def _whole(export_input: ExportInput, context: ExportContext) -> Iterator[Problem]:
    invoice = export_input.invoice
    if invoice.status != "approved":
        yield problem("invoice_not_approved", "Approve the invoice, then send it.")
    if not invoice.lines:
        yield problem("lines_missing", "Add at least one line.", pointer="#/lines")
    if invoice.due_on is None and status_in_xero(invoice.kind, context.preferences) != "DRAFT":
        yield problem("due_date_missing", "Xero wants one on everything that is not a draft.", pointer="#/due_on")
    if len(invoice.contact_name) > _LONGEST_NAME:
        detail = f"Its name is longer than the {_LONGEST_NAME} characters Xero takes. Shorten it."
        yield problem("contact_refused", detail, pointer="#/contact_id")
    if context.ledger is not None:
        yield from _locked(invoice.issued_on, context.ledger)
        yield from _totals(invoice, context.ledger, context.preferences)


def _locked(issued_on: date, ledger: LedgerSnapshot) -> Iterator[Problem]:
    locks = [lock for lock in (ledger.period_lock_date, ledger.year_lock_date) if lock is not None]
    if locks and issued_on <= max(locks):
        detail = f"{ledger.name} is locked up to {max(locks):%-d %b %Y}. Change the date, or move the lock in Xero."
        yield problem("period_locked", detail, pointer="#/issued_on")


def _totals(invoice: InvoiceDocument, ledger: LedgerSnapshot, preferences: PreferencesView) -> Iterator[Problem]:
    """Compute the total as Xero will, from what is sent and Xero's present tax rates."""
    lines = []
    for index, line in enumerate(invoice.lines):
        price = priced(line, invoice)
        if price is None:
            continue
        rate = _rate_in_xero(line, code_of(line, invoice.kind, preferences), ledger)
        discount = price.discount_rate or Decimal(0)
        try:
            lines.append(line_total(price.quantity, price.unit_price, discount, rate, invoice.amounts))
        except TaxTooLarge as error:
            detail = (
                f"Line {index + 1}: with the tax rate of {rate:f} % in Xero, the tax is {error}; that is too large."
                " Choose another rate for the line, or correct it in Xero and refresh."
            )
            yield problem("total_mismatch", detail, pointer=f"#/lines/{index}/tax_type")
            return
    expected = invoice_totals(lines, invoice.amounts).total
    if expected != invoice.total:
        detail = (
            f"Ours is {invoice.total:,.2f}, Xero would make it {expected:,.2f}: a line's tax rate is missing or has"
            " changed since it was written. Withdraw the approval and save the lines again."
        )
        yield problem("total_mismatch", detail, pointer="#/lines")


def _rate_in_xero(line: DocumentLine, code: str | None, ledger: LedgerSnapshot) -> Decimal:
    """The rate Xero will use: the line's own, else that of its account."""
    account = ledger.accounts.get(code or "")
    tax_type = line.tax_type or (account.tax_type if account else None)
    known = ledger.tax_rates.get(tax_type or "")
    return known.rate if known is not None else line.tax_rate


def _lines(export_input: ExportInput, context: ExportContext) -> Iterator[Problem]:
    for index, line in enumerate(export_input.invoice.lines):
        if line.quantity is None:
            continue
        pointer = f"#/lines/{index}"
        yield from _code(line, export_input.invoice, context, f"{pointer}/accounting_code", index + 1)
        yield from _cost_center(line, context, f"{pointer}/cost_center_id", index + 1)
        yield from _item(line, context, f"{pointer}/item_code", index + 1)


def _code(
    line: DocumentLine, invoice: InvoiceDocument, context: ExportContext, pointer: str, number: int
) -> Iterator[Problem]:
    kind = invoice.kind
    code = code_of(line, kind, context.preferences)
    if code is None:
        yield problem("account_code_missing", f"Line {number} has no code, and there is no default.", pointer=pointer)
        return
    ours = context.codes.get(code)
    if ours is not None and ours.kind != _CODE_KIND[kind]:
        detail = f"Line {number}: {code} is an {ours.kind} code; {_NAMES[kind]}."
        yield problem("account_code_wrong_type", detail, pointer=pointer)
        return
    if context.ledger is None:
        return
    account = context.ledger.accounts.get(code)
    if account is None:
        yield problem("account_code_unknown", f"Line {number}: {code} isn't in Xero.", pointer=pointer)
    elif account.status != "ACTIVE":
        yield problem("account_code_archived", f"Line {number}: {code} is archived in Xero.", pointer=pointer)
    elif account.is_system or KIND_OF_TYPE.get(account.type) != _CODE_KIND[kind]:
        yield problem("account_code_wrong_type", _type_words(number, account, kind), pointer=pointer)
    elif invoice.amounts != "no_tax":  # no tax type is sent then
        yield from _tax(line, account, context.ledger, pointer, number)


def _type_words(number: int, account: AccountView, kind: str) -> str:
    return f"Line {number}: {account.code} {account.name} is of Xero's type {account.type}; {_NAMES[kind]}."


def _tax(
    line: DocumentLine, account: AccountView, ledger: LedgerSnapshot, pointer: str, number: int
) -> Iterator[Problem]:
    if line.tax_type is None:
        return
    rate = ledger.tax_rates.get(line.tax_type)
    pointer = pointer.replace("accounting_code", "tax_type")
    if rate is None or rate.status != "ACTIVE":
        yield problem("tax_type_unknown", f"Line {number}: {line.tax_type} isn't a tax rate in Xero.", pointer=pointer)
    elif rate.applies_to and account.account_class and account.account_class not in rate.applies_to:
        detail = f"Line {number}: {rate.name} cannot be used with {account.code} {account.name}."
        yield problem("tax_code_mismatch", detail, pointer=pointer)


def _cost_center(line: DocumentLine, context: ExportContext, pointer: str, number: int) -> Iterator[Problem]:
    category = context.preferences.tracking_category_id
    center = context.cost_centers.get(line.cost_center_id) if line.cost_center_id else None
    if category is None or center is None or center.match == "matched":
        return
    ledger = context.ledger
    name = ledger.category_names.get(category, "the tracking category") if ledger else "the tracking category"
    hint = f" Did you mean “{center.option_name}”?" if center.match == "spelled_differently" else ""
    detail = f"Line {number}: “{center.name}” isn't in {name}.{hint}"
    yield problem("cost_center_unmatched", detail, pointer=pointer)


def _item(line: DocumentLine, context: ExportContext, pointer: str, number: int) -> Iterator[Problem]:
    if not context.preferences.send_item_codes or line.item_code is None or context.ledger is None:
        return
    if item_key(line.item_code) not in context.ledger.items:
        yield problem("item_unknown", f"Line {number}: Xero has no item {line.item_code}.", pointer=pointer)
