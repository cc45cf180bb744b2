"""The checks of an invoice as a whole: its number, dates, currency and rights. Pure."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from uuid import UUID

from api.platform.problems import Problem
from api.platform.text import utf16_length
from api.records.invoices.service import InvoiceDocument
from api.sync.exports.asking import looks_entered
from api.sync.exports.inputs import ExportContext, ExportInput, Surroundings, is_limited_plan
from api.sync.exports.mapping import element_or_problem, status_in_xero
from api.sync.exports.problems import ENTERED_TWICE, THEY_ARE_TWO, problem
from api.sync.ledger.service import LedgerSnapshot

# How many a limited plan approves in a month, by kind of invoice, and their type in Xero.
PLAN_LIMITS: Final = {"customer": 20, "supplier": 5}
TYPES: Final = {"customer": "ACCREC", "supplier": "ACCPAY"}
_LONGEST_NAME: Final = 255
LARGEST_BODY: Final = 3_500_000  # bytes of a call; what Xero advises, a third of what it takes
# At most: of a character in JSON, and of what a line and its share of the invoice have beside the description.
_BYTES_OF_A_CHARACTER: Final = 4
_BYTES_BESIDE: Final = 2000
# What an element has in its place is known only when it is sent, and takes as many bytes, or a few more.
_NOBODY: Final = UUID(int=0)
_MARKER: Final = f"https://jobtally.example/x/{_NOBODY}"
_NOUNS: Final = {"customer": "invoices", "supplier": "bills"}
_MAY_USE_CURRENCIES: Final = "UseMulticurrency"
_MAY_ENTER_LOCKED: Final = "ApproveTransactionsBeforePeriodLockDate"


def head_problems(export_input: ExportInput, context: ExportContext, around: Surroundings) -> Iterator[Problem]:
    """The problems that are not about lines."""
    invoice, preferences = export_input.invoice, context.preferences
    if invoice.status != "approved":
        yield problem("invoice_not_approved", "Approve the invoice, then send it.")
    if not invoice.lines:
        yield problem("lines_missing", "Add at least one line.", pointer="#/lines")
    if invoice.total < 0:
        detail = f"The total is {invoice.total:,.2f}. Correct the lines, or enter the credit note in Xero."
        yield problem("total_negative", detail, pointer="#/lines")
    yield from _size(export_input, context)
    if invoice.due_on is None and status_in_xero(invoice.kind, preferences) != "DRAFT":
        yield problem("due_date_missing", "Xero wants one on everything that is not a draft.", pointer="#/due_on")
    if utf16_length(invoice.contact_name) > _LONGEST_NAME:
        detail = f"Its name is longer than the {_LONGEST_NAME} characters Xero takes. Shorten it."
        yield problem("contact_refused", detail, pointer="#/contact_id")
    if preferences.send_from_date is not None and invoice.issued_on < preferences.send_from_date:
        detail = (
            f"You send invoices from {preferences.send_from_date:%-d %b %Y} on. Exclude this one, or correct its date."
        )
        yield problem("before_send_from_date", detail, pointer="#/issued_on")
    if alike := around.alike.get(invoice.id):
        yield looks_entered(invoice, alike, context.ledger.short_code if context.ledger else None)
    yield from _numbers(invoice, around)
    if context.ledger is not None:
        yield from _locked(invoice, context.ledger)
        yield from _currency(invoice, context.ledger)
        yield from _rights(invoice, context.ledger, status_in_xero(invoice.kind, preferences), around)


def _size(export_input: ExportInput, context: ExportContext) -> Iterator[Problem]:
    """An invoice that is larger than a call to Xero may be. It is written out only if its text could be that long."""
    lines = export_input.invoice.lines
    longest = sum(len(line.description) * _BYTES_OF_A_CHARACTER + _BYTES_BESIDE for line in lines)
    if longest < LARGEST_BODY:
        return
    element, _ = element_or_problem(export_input, context, contact_id=_NOBODY, url=_MARKER)
    size = len(element.encode()) if element is not None else 0
    if size > LARGEST_BODY:
        megabytes, most = size / 1_000_000, LARGEST_BODY / 1_000_000
        detail = (
            f"With {len(lines)} lines it is {megabytes:.1f} MB; the largest is {most:.1f} MB."
            " Shorten the descriptions, or divide it into several invoices."
        )
        yield problem("invoice_too_large", detail, pointer="#/lines")


def _numbers(invoice: InvoiceDocument, around: Surroundings) -> Iterator[Problem]:
    asked = {each.document.xero_invoice_id for each in around.alike.get(invoice.id, ())}
    document = around.taken.get(invoice.id)
    if document is not None and document.xero_invoice_id not in asked:
        state = "a voided invoice" if document.status == "VOIDED" else "an invoice"
        dated = f" of {document.issued_on:%-d %b %Y}" if document.issued_on else ""
        detail = f"Xero has {state}{dated} with the number {document.number}. Change the number here."
        yield problem("invoice_number_taken", detail, pointer="#/number")
    if twin := around.twins.get(invoice.id):
        detail = (
            f"You have another bill of {invoice.contact_name} with the number {invoice.number}, of"
            f" {twin.issued_on:%-d %b %Y} over {twin.total:,.2f} {twin.currency}."
        )
        yield replace(problem(ENTERED_TWICE, detail, pointer="#/number"), choices=THEY_ARE_TWO)


def _locked(invoice: InvoiceDocument, ledger: LedgerSnapshot) -> Iterator[Problem]:
    period = None if ledger.actions.get(_MAY_ENTER_LOCKED) else ledger.period_lock_date
    locks = [lock for lock in (period, ledger.year_lock_date) if lock is not None]
    if locks and invoice.issued_on <= max(locks):
        detail = f"{ledger.name} is locked up to {max(locks):%-d %b %Y}. Change the date, or move the lock in Xero."
        yield problem("period_locked", detail, pointer="#/issued_on")


def _currency(invoice: InvoiceDocument, ledger: LedgerSnapshot) -> Iterator[Problem]:
    if invoice.currency != ledger.base_currency and ledger.actions.get(_MAY_USE_CURRENCIES) is False:
        detail = f"The Xero user who connected may use no other currency than {ledger.base_currency}."
        yield problem("currency_not_enabled", f"{detail} Allow it in Xero, or change it here.", pointer="#/currency")
        return
    if ledger.currencies and invoice.currency not in {*ledger.currencies, ledger.base_currency}:
        detail = f"{ledger.name} has no {invoice.currency}. Add the currency in Xero, or change it here."
        yield problem("currency_not_enabled", detail, pointer="#/currency")


def _rights(invoice: InvoiceDocument, ledger: LedgerSnapshot, status: str, around: Surroundings) -> Iterator[Problem]:
    """What the connected user and the plan allow, and whether there is a tax at all."""
    nouns, is_approved = _NOUNS[invoice.kind], status == "AUTHORISED"
    subject = "Invoice" if invoice.kind == "customer" else "Bill"
    if ledger.actions.get(f"Create{'Approved' if is_approved else 'Draft'}{subject}") is False:
        verb = "approve" if is_approved else "enter"
        detail = f"The Xero user who connected may not {verb} {nouns}. Reconnect as another user"
        yield problem("role_too_low", f"{detail}, or send them as drafts." if is_approved else f"{detail}.")
    count = around.approved.get((TYPES[invoice.kind], invoice.issued_on.replace(day=1)), 0)
    if is_approved and is_limited_plan(ledger.plan) and count >= PLAN_LIMITS[invoice.kind]:
        detail = f"{ledger.name} has {count} approved {nouns} in {invoice.issued_on:%B %Y}; its plan allows no more."
        yield problem("plan_limit", f"{detail} Send them as drafts, or change the plan in Xero.")
    if not ledger.pays_tax and any(line.tax_amount for line in invoice.lines):
        detail = f"{ledger.name} isn't registered for tax in Xero. Choose amounts without tax."
        yield problem("tax_not_registered", detail, pointer="#/amounts")
