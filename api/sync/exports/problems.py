"""Problems and remarks of invoices on their way to Xero: codes, titles, and the place that fixes each. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from api.platform.errors import kind_of
from api.platform.ids import encode
from api.platform.problems import Choice, Fix, Problem, ProblemKind
from api.records.invoices.service import InvoiceExported, InvoiceInExport, NumberTaken
from api.sync.contacts.service import CONTACT_PROBLEM_KINDS
from api.sync.documents.service import DOCUMENT_PROBLEM_KINDS
from api.sync.exports.refusal_kinds import ABOUT_CONTACT, REFUSAL_FIXES, REFUSAL_KINDS

_CODES: Final = Fix("Open accounting codes", "/settings/accounting-codes")
_CENTERS: Final = Fix("Match cost centres", "/settings/cost-centres?show=unmatched")
_CONTACTS: Final = Fix("Open contacts", "/contacts")
DEFAULT_CODES: Final = Fix("Choose codes", "/settings/accounting#default-codes")
_CATEGORY: Final = Fix("Choose the category", "/settings/accounting#tracking")
_SEND_FROM: Final = Fix("Change the date", "/settings/accounting#first-day")
_COMPARE: Final = Fix("Compare them", "/invoices/entered-already")
_STATUS: Final = Fix("Open export status", "/settings/accounting#status")
_INVOICES: Final = Fix("Show the invoices", "/invoices?view=all")
_EXPORTS: Final = Fix("Show the exports", "/exports")
_RECONNECT: Final = Fix("Reconnect", "/settings/connections/xero")

PROBLEM_KINDS: Final = (
    ProblemKind("unknown_invoice", "You have no such invoice", "Leave it out. It may have been deleted."),
    ProblemKind("invoice_not_approved", "Only approved invoices can be sent", "Approve it, then send it."),
    ProblemKind(
        "invoice_voided",
        "The invoice was voided in Xero",
        "Make a new invoice if it should be sent again, or exclude this one from exports.",
    ),
    ProblemKind("invoice_excluded", "The invoice is excluded from exports", "Include the invoice again, then send it."),
    ProblemKind("account_code_missing", "A line has no account code", "Give the line a code, or choose a default."),
    ProblemKind("account_code_unknown", "A code isn't in Xero", "Pick one that is, or add it in Xero and refresh."),
    ProblemKind(
        "account_code_archived", "A code is archived in Xero", "Pick another, or restore it in Xero and refresh."
    ),
    ProblemKind(
        "account_code_wrong_type",
        "A code takes no invoice lines",
        "Pick another code. Banks, stock, debtors and creditors are written to in other ways.",
    ),
    ProblemKind(
        "code_of_other_kind",
        "A code is of the other kind",
        "Xero takes it. Look whether customer invoices should use an income code, and bills an expense code.",
    ),
    ProblemKind(
        "balance_sheet_code",
        "A code is of the balance sheet",
        "Xero takes it. Look whether it is meant, as for a retention, a deposit or a tool.",
    ),
    ProblemKind(
        "cost_center_not_sent",
        "A cost centre isn't sent",
        "Choose the tracking category that your cost centres belong to, or leave it so.",
    ),
    ProblemKind(
        "discount_on_bill",
        "Bills have no discount in Xero",
        "Nothing has to be done: the price is sent with the discount taken off.",
    ),
    ProblemKind("tax_type_unknown", "A tax rate isn't in Xero any more", "Pick another tax rate for the line."),
    ProblemKind(
        "tax_code_mismatch",
        "A tax rate doesn't fit its account",
        "Pick another rate or another code for the line.",
    ),
    ProblemKind("total_mismatch", "Our total and Xero's differ", "Compare the lines; a tax rate may have changed."),
    ProblemKind(
        "cost_center_unmatched", "A cost centre isn't in Xero", "Match it with an option of the tracking category."
    ),
    ProblemKind(
        "item_unknown",
        "An item isn't in Xero",
        "Choose another item for the line, add it in Xero and refresh, or stop sending item codes.",
    ),
    ProblemKind(
        "tracking_category_gone",
        "The tracking category isn't in Xero",
        "Choose another tracking category for cost centres, or none.",
    ),
    ProblemKind(
        "bill_entered_twice",
        "You have two bills with this number",
        "If they are the same bill, exclude one of them. If not, say so, or correct a number.",
    ),
    ProblemKind(
        "before_send_from_date",
        "It is older than what you send",
        "Exclude it from exports, or send from an earlier date.",
    ),
    ProblemKind(
        "tax_not_registered",
        "The organisation isn't registered for tax",
        "Choose amounts without tax, or register the organisation in Xero and refresh.",
    ),
    ProblemKind(
        "invoice_number_taken",
        "The number is already in Xero",
        "Change the number here and send it again. If Xero's document is the same one, exclude this invoice.",
    ),
    ProblemKind("due_date_missing", "Add a due date", "Xero wants one on everything that is not a draft."),
    ProblemKind("lines_missing", "The invoice has no lines", "Add at least one line."),
    ProblemKind(
        "total_negative",
        "The total is negative",
        "Credit notes are not exported yet. Correct the lines, or enter the credit note in Xero.",
    ),
    ProblemKind(
        "invoice_too_large",
        "The invoice is too large to send",
        "Shorten the descriptions of its lines, or divide it into several invoices.",
    ),
    ProblemKind(
        "unwritable",
        "The invoice has a value that Xero cannot have",
        "Correct the value that the message names, then send it again.",
    ),
    ProblemKind("period_locked", "The date is in a locked period", "Change the date, or move the lock date in Xero."),
    ProblemKind(
        "currency_not_enabled",
        "This currency isn't switched on in Xero",
        "Add the currency in Xero, or change the currency of the invoice. Then send it again.",
    ),
    ProblemKind(
        "plan_limit",
        "The Xero plan allows no more this month",
        "Send them as drafts, or change the plan in Xero. Then send them again.",
    ),
    ProblemKind(
        "plan_limit_near",
        "The Xero plan allows few more this month",
        "Send them as drafts, or change the plan in Xero.",
    ),
    ProblemKind(
        "role_too_low",
        "The connected Xero user may not do this",
        "Reconnect as a user with a higher role in Xero.",
    ),
    ProblemKind(
        "outcome_unknown",
        "We don't know whether Xero took it",
        "Connect the organisation again, so that Jobtally looks. Or look in Xero yourself, and answer.",
    ),
    ProblemKind(
        "looks_entered_already",
        "It looks entered in Xero already",
        "Compare the two. If they are the same, link them: nothing is sent. If not, say so, and it can be sent.",
    ),
    ProblemKind(
        "document_alike",
        "Xero has a bill that looks the same",
        "Wait a moment: Xero is read again, and then you are asked whether the two are the same. If you aren't, look at"
        " the bill in Xero: exclude this one if it is the same, or send this one again if it is not.",
    ),
    ProblemKind(
        "stored_differently", "Xero stored something otherwise", "Compare the two, and correct the one that is wrong."
    ),
    ProblemKind(
        "tracking_dropped", "Xero left out the cost centre", "Set it in Xero, then refresh the data from Xero."
    ),
    ProblemKind("xero_warning", "Xero accepted it with a remark", "Read the remark; the invoice is in Xero."),
    ProblemKind(
        "unknown_xero_error", "Xero didn't accept this", "Correct it as Xero's message says, then send it again."
    ),
    *REFUSAL_KINDS,
)
_CONFLICT_KINDS: Final = (kind_of(InvoiceInExport), kind_of(InvoiceExported), kind_of(NumberTaken))
_OTHER_KINDS: Final = (*CONTACT_PROBLEM_KINDS, *DOCUMENT_PROBLEM_KINDS, *_CONFLICT_KINDS)
_KINDS: Final = {kind.code: kind for kind in (*PROBLEM_KINDS, *_OTHER_KINDS)}
_FIXES: Final = {
    "invoice_in_export": _EXPORTS,
    "account_code_missing": DEFAULT_CODES,
    "account_code_unknown": _CODES,
    "account_code_archived": _CODES,
    "account_code_wrong_type": _CODES,
    "tax_code_mismatch": _CODES,
    "cost_center_unmatched": _CENTERS,
    "tracking_category_gone": _CATEGORY,
    "cost_center_not_sent": _CATEGORY,
    "before_send_from_date": _SEND_FROM,
    "looks_entered_already": _COMPARE,
    "plan_limit": _STATUS,
    "plan_limit_near": _STATUS,
    "role_too_low": _RECONNECT,
    "outcome_unknown": _RECONNECT,
    **REFUSAL_FIXES,
    **dict.fromkeys((*(kind.code for kind in CONTACT_PROBLEM_KINDS), *ABOUT_CONTACT), _CONTACTS),
}
# What holds back every invoice, and not a single invoice alone.
OBSTACLES: Final = frozenset({"account_code_missing"})
# What sending has shown and no check can see: it stands until the invoice is changed or sent again.
DOCUMENT_ALIKE: Final = "document_alike"
SEVERAL: Final = "several_in_xero"
KEEP: Final = "keep:"  # and Xero's id of the document
LOOK_AGAIN: Final = "look_again"
KEPT: Final = frozenset({SEVERAL, DOCUMENT_ALIKE})
OUTCOME_UNKNOWN: Final = "outcome_unknown"
WAS_SENT: Final = "was_sent"
WAS_IT_SENT: Final = (Choice(WAS_SENT, "It is in Xero"), Choice("was_not_sent", "It isn't in Xero"))
ENTERED_TWICE: Final = "bill_entered_twice"
DIFFERENT: Final = "different"
THEY_ARE_TWO: Final = (Choice(DIFFERENT, "They are two bills"),)
LOOKS_ENTERED: Final = "looks_entered_already"
# What a person may answer, and the scope that it needs besides the one to export.
ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    OUTCOME_UNKNOWN: ("answers:write",),
    LOOKS_ENTERED: (),
    ENTERED_TWICE: (),
    SEVERAL: (),
}


def problem(code: str, detail: str, *, pointer: str | None = None, fix: Fix | None = None) -> Problem:
    """A problem of a known kind that our own check reports."""
    return Problem(code, _KINDS[code].title, detail, pointer, fix or _FIXES.get(code))


def fix_of_several(code: str) -> Fix:
    """The place that fixes a problem of several invoices, when each of them has a place of its own."""
    return _FIXES.get(code, _INVOICES)


def kind_named(code: str) -> ProblemKind:
    """The title and the remedy of a code."""
    return _KINDS[code]


def at_contact(reported: Problem, contact_id: UUID) -> Problem:
    """The problem with a fix that leads to this contact, if it is about the contact."""
    if reported.fix != _CONTACTS:
        return reported
    return replace(reported, fix=Fix("Open the contact", f"/contacts/{encode('con', contact_id)}"))


def outcome_unknown(organisation: str, sent_at: datetime) -> Problem:
    """The problem of an invoice whose organisation cannot be asked; `sent_at` is in the time zone of the business."""
    detail = (
        f"It was sent to {organisation} on {sent_at.day} {sent_at:%B %Y at %H:%M}, and the connection ended before Xero"
        f" confirmed it. Connect {organisation} again, or look for it there and answer. If you say that it isn't there"
        " although it is, it can be sent twice. If you say that it is there although it isn't, it is never sent."
    )
    return replace(problem(OUTCOME_UNKNOWN, detail), choices=WAS_IT_SENT)
