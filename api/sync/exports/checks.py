"""Finds every known reason why Xero would refuse an invoice, before it is sent, all at once. Pure."""

from collections.abc import Iterator
from decimal import Decimal

from api.platform.problems import Problem
from api.platform.text import utf16_length
from api.records.invoices.service import DocumentLine, InvoiceDocument
from api.records.items.service import item_key
from api.records.money import TaxTooLarge, invoice_totals, line_total
from api.records.preferences.service import PreferencesView
from api.sync.exports.head_checks import head_problems
from api.sync.exports.inputs import ExportContext, ExportInput, Surroundings
from api.sync.exports.mapping import code_of, priced
from api.sync.exports.problems import DEFAULT_CODES, problem
from api.sync.ledger.service import AccountView, LedgerSnapshot

NOTHING_AROUND = Surroundings()
# Banks and stock are written to in other ways; so are the accounts that Xero keeps for itself, but for these.
_LONGEST_DESCRIPTION = 4000
_CLOSED_TYPES = ("BANK", "INVENTORY")
_OPEN_SYSTEM_ACCOUNTS = (None, "ROUNDING", "GST", "GSTONIMPORTS")


def problems_of(
    export_input: ExportInput, context: ExportContext, around: Surroundings = NOTHING_AROUND
) -> list[Problem]:
    """The problems of the invoice, each once; none when it is ready."""
    problems = [*head_problems(export_input, context, around), *_totals_and_lines(export_input, context)]
    return list(dict.fromkeys(problems))


def takes_lines(account: AccountView) -> bool:
    """Whether invoice lines can be booked to the account."""
    return account.type not in _CLOSED_TYPES and account.system_account in _OPEN_SYSTEM_ACCOUNTS


def _totals_and_lines(export_input: ExportInput, context: ExportContext) -> Iterator[Problem]:
    if context.ledger is not None:
        yield from _totals(export_input.invoice, context.ledger, context.preferences)
    yield from _category(export_input.invoice, context)
    for index, line in enumerate(export_input.invoice.lines):
        pointer = f"#/lines/{index}"
        yield from _text(line, f"{pointer}/description", index + 1)
        if line.quantity is None:
            continue
        yield from _code(line, export_input.invoice, context, f"{pointer}/accounting_code", index + 1)
        yield from _cost_center(line, context, f"{pointer}/cost_center_id", index + 1)
        yield from _item(line, context, f"{pointer}/item_code", index + 1)


def _text(line: DocumentLine, pointer: str, number: int) -> Iterator[Problem]:
    length = utf16_length(line.description)
    if length > _LONGEST_DESCRIPTION:
        detail = (
            f"Line {number}: Xero counts {length:,} characters, an emoji as two, and takes {_LONGEST_DESCRIPTION:,}."
        )
        yield problem("text_too_long", f"{detail} Shorten it.", pointer=pointer)


def _totals(invoice: InvoiceDocument, ledger: LedgerSnapshot, preferences: PreferencesView) -> Iterator[Problem]:
    """Compute the total as Xero will, from what is sent and Xero's present tax rates."""
    lines, differing = [], []
    for index, line in enumerate(invoice.lines):
        price = priced(line, invoice)
        if price is None:
            continue
        rate = _rate_in_xero(line, code_of(line, invoice.kind, preferences), ledger)
        if rate != line.tax_rate:
            differing.append((index, f"Line {index + 1} has {line.tax_rate:f} % tax, and {rate:f} % in Xero."))
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
        detail = f"Ours is {invoice.total:,.2f}, Xero would make it {expected:,.2f}."
        if differing:
            index, line_detail = differing[0]
            detail = f"{detail} {line_detail} Choose a tax rate for the line, also if it is the same."
            yield problem("total_mismatch", detail, pointer=f"#/lines/{index}/tax_type")
        else:
            yield problem("total_mismatch", f"{detail} Save the lines again.", pointer="#/lines")


def _rate_in_xero(line: DocumentLine, code: str | None, ledger: LedgerSnapshot) -> Decimal:
    """The rate Xero will use: the line's own, else that of its account."""
    account = ledger.accounts.get(code or "")
    tax_type = line.tax_type or (account.tax_type if account else None)
    known = ledger.tax_rates.get(tax_type or "")
    return known.rate if known is not None else line.tax_rate


def _code(
    line: DocumentLine, invoice: InvoiceDocument, context: ExportContext, pointer: str, number: int
) -> Iterator[Problem]:
    code = code_of(line, invoice.kind, context.preferences)
    if code is None:
        yield problem("account_code_missing", f"Line {number} has no code, and there is no default.", pointer=pointer)
        return
    if context.ledger is None:
        return
    account = context.ledger.accounts.get(code)
    reason = _against(account, code)
    if reason is not None and line.accounting_code is None:
        subject = f"Your default {'income' if invoice.kind == 'customer' else 'expense'} code"
        yield problem(reason[0], f"{subject} {reason[1]}", fix=DEFAULT_CODES)
    elif reason is not None:
        yield problem(reason[0], f"Line {number}: {reason[1]}", pointer=pointer)
    elif account is not None and invoice.amounts != "no_tax":  # no tax type is sent then
        yield from _tax(line, account, context.ledger, pointer, number)


def _against(account: AccountView | None, code: str) -> tuple[str, str] | None:
    """Why no line can be booked to the account, as a code and words that begin with the account's own code."""
    if account is None:
        return "account_code_unknown", f"{code} isn't in Xero."
    if account.status != "ACTIVE":
        return "account_code_archived", f"{code} is archived in Xero."
    if not takes_lines(account):
        use = f"Xero keeps it for {account.system_account}" if account.system_account else f"its type is {account.type}"
        return "account_code_wrong_type", f"{code} {account.name} takes no invoice lines: {use}."
    return None


def _tax(
    line: DocumentLine, account: AccountView, ledger: LedgerSnapshot, pointer: str, number: int
) -> Iterator[Problem]:
    tax_type = line.tax_type or account.tax_type  # Xero uses that of the account for a line without one
    if tax_type is None or tax_type == "NONE":
        return
    rate = ledger.tax_rates.get(tax_type)
    pointer = pointer.replace("accounting_code", "tax_type")
    if rate is None or rate.status != "ACTIVE":
        owner = "" if line.tax_type else f", the one of {account.code} {account.name},"
        yield problem(
            "tax_type_unknown", f"Line {number}: {tax_type}{owner} isn't a tax rate in Xero.", pointer=pointer
        )
    elif rate.applies_to and account.account_class and account.account_class not in rate.applies_to:
        detail = f"Line {number}: {rate.name} cannot be used with {account.code} {account.name}."
        yield problem("tax_code_mismatch", detail, pointer=pointer)


def _category(invoice: InvoiceDocument, context: ExportContext) -> Iterator[Problem]:
    """The chosen tracking category, if lines need it: the choice is wrong then, not the lines."""
    category, ledger = context.preferences.tracking_category_id, context.ledger
    if category is None or ledger is None or category in ledger.categories:
        return
    if any(line.cost_center_id is not None for line in invoice.lines):
        name = ledger.category_names.get(category)
        said = f"{name} is archived in Xero" if name else "The chosen category isn't in Xero any more"
        yield problem("tracking_category_gone", f"{said}. Choose another category, or none.")


def _cost_center(line: DocumentLine, context: ExportContext, pointer: str, number: int) -> Iterator[Problem]:
    category, ledger = context.preferences.tracking_category_id, context.ledger
    center = context.cost_centers.get(line.cost_center_id) if line.cost_center_id else None
    if category is None or center is None or center.match == "matched":
        return
    if ledger is not None and category not in ledger.categories:
        return
    name = ledger.category_names.get(category, "the tracking category") if ledger else "the tracking category"
    hint = f" Did you mean “{center.option_name}”?" if center.match == "spelled_differently" else ""
    detail = f"Line {number}: “{center.name}” isn't in {name}.{hint}"
    yield problem("cost_center_unmatched", detail, pointer=pointer)


def _item(line: DocumentLine, context: ExportContext, pointer: str, number: int) -> Iterator[Problem]:
    if not context.preferences.send_item_codes or line.item_code is None or context.ledger is None:
        return
    if item_key(line.item_code) not in context.ledger.items:
        yield problem("item_unknown", f"Line {number}: Xero has no item {line.item_code}.", pointer=pointer)
