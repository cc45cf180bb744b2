"""Why an invoice cannot go to Xero: codes, words, and the one place that mends each. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from api.platform.catalogue import ProblemKind, publish
from api.platform.errors import Fix
from api.sync.contacts.service import PAYER_REFERENCE_TAKEN


@dataclass(frozen=True)
class Kind:
    """A kind of problem. `fragment` recognises Xero's own words for it."""

    code: str
    title: str
    remedy: str
    fix: Fix | None = None
    fragment: re.Pattern[str] | None = None


@dataclass(frozen=True)
class ItemProblem:
    """One problem of one invoice; `pointer` names the line or field of the invoice it is about."""

    code: str
    title: str
    detail: str
    pointer: str | None = None
    fix: Fix | None = None
    xero_message: str | None = None

    def told(self) -> dict[str, Any]:
        """As it is stored and answered."""
        return {
            "code": self.code,
            "title": self.title,
            "detail": self.detail,
            "pointer": self.pointer,
            "fix": {"label": self.fix.label, "href": self.fix.href} if self.fix else None,
            "xero_message": self.xero_message,
        }


_CODES = Fix("Open accounting codes", "/settings/accounting-codes")
_CENTERS = Fix("Match cost centres", "/settings/cost-centres?show=unmatched")
_CONTACTS = Fix("Open contacts", "/contacts")
_DEFAULTS = Fix("Choose codes", "/settings/accounting#default-codes")
_STATUS = Fix("Open export status", "/settings/accounting#status")
_RECONNECT = Fix("Reconnect", "/settings/connections/xero")


def _like(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


_KINDS = (
    Kind("invoice_gone", "This invoice is no longer here", "It was deleted after the export was started."),
    Kind("invoice_not_approved", "Only approved invoices can be sent", "Approve it, then send it."),
    Kind(
        "account_code_missing", "A line has no account code", "Give the line a code, or choose a default.",
        _DEFAULTS, _like("code or id must be specified"),
    ),
    Kind(
        "account_code_unknown", "A code isn't in Xero", "Pick one that is, or add it in Xero and refresh.",
        _CODES, _like("account code .* is not a valid code|account code .* recognised"),
    ),
    Kind(
        "account_code_archived", "A code is archived in Xero", "Pick another, or restore it in Xero and refresh.",
        _CODES, _like("account code .* has been archived"),
    ),
    Kind(
        "account_code_wrong_type", "A code is of the wrong kind",
        "Customer invoices take income codes, supplier invoices expense codes.", _CODES,
    ),
    Kind(
        "tax_type_unknown", "A tax rate isn't in Xero any more", "Pick another rate for the line.",
        None, _like("tax rate must be active"),
    ),
    Kind(
        "tax_code_mismatch", "A tax rate doesn't fit its account", "Pick another rate or another code for the line.",
        _CODES, _like("taxtype code .* cannot be used"),
    ),
    Kind(
        "total_mismatch", "Our total and Xero's differ", "Compare the lines; a tax rate may have changed.",
        None, _like("total .*does not (match|equal)"),
    ),
    Kind(
        "cost_center_unmatched", "A cost centre isn't in Xero", "Match it with an option of the tracking category.",
        _CENTERS, _like("tracking"),
    ),
    Kind(
        "contact_archived", "The contact is archived in Xero", "Restore the contact in Xero, then send again.",
        _CONTACTS, _like("contact.*archived|archived.*contact"),
    ),
    Kind(
        "contact_unsure", "It isn't certain which contact in Xero this is",
        "Give the contact a name of its own, or the e-mail address that it has in Xero, then send again.", _CONTACTS,
    ),
    Kind(
        "contact_name_taken", "Xero already has another contact of this name", "Rename one of the two.",
        _CONTACTS, _like("contact name.*(already|unique)"),
    ),
    Kind(
        "contact_refused", "Xero did not accept the contact", "Mend the contact as Xero's words say.",
        _CONTACTS, _like("contact|account number|email address|website|paid to name"),
    ),
    Kind(PAYER_REFERENCE_TAKEN.code, PAYER_REFERENCE_TAKEN.title, PAYER_REFERENCE_TAKEN.remedy, _CONTACTS),
    Kind(
        "invoice_number_taken", "The number is already in Xero",
        "Change the number here, or leave this invoice out if Xero's document is the same one.",
        None, _like("invoice # must be unique"),
    ),
    Kind("due_date_missing", "Add a due date", "Everything that is not a draft needs one.", None, _like("due date")),
    Kind(
        "lines_missing", "The invoice has no lines", "Add at least one line.",
        None, _like("line items must be specified"),
    ),
    Kind(
        "period_locked", "The date is in a locked period", "Change the date, or move the lock date in Xero.",
        _STATUS, _like("lock date"),
    ),
    Kind(
        "currency_not_enabled", "This currency isn't switched on in Xero", "Add the currency in Xero.",
        None, _like("not subscribed to currenc"),
    ),
    Kind(
        "plan_limit", "The Xero plan allows no more this month", "Send them as drafts, or change the plan in Xero.",
        _STATUS, _like("reached the limit"),
    ),
    Kind(
        "role_too_low", "The connected Xero user may not do this", "Reconnect as a user with a higher role in Xero.",
        _RECONNECT, _like("correct permissions"),
    ),
    Kind(
        "several_in_xero", "Xero holds more than one document for this invoice",
        "Delete or void each of them in Xero, then send it again.",
    ),
    Kind("tracking_dropped", "Xero left out the cost centre", "Set it in Xero, and refresh what we know of it."),
    Kind("xero_warning", "Xero accepted it with a remark", "Read the remark; the invoice is in Xero."),
    Kind("unknown_xero_error", "Xero didn't accept this", "Mend it as Xero's words say, then send it again."),
)  # fmt: skip
KINDS = {kind.code: kind for kind in _KINDS}
publish(ProblemKind(kind.code, kind.title, kind.remedy) for kind in _KINDS)


def problem(code: str, detail: str, *, pointer: str | None = None, fix: Fix | None = None) -> ItemProblem:
    """A problem of a known kind, in words about this invoice."""
    kind = KINDS[code]
    return ItemProblem(code, kind.title, detail, pointer, fix or kind.fix)


def from_xero(message: str, path: Iterable[str | int] = ()) -> ItemProblem:
    """Xero's own sentence, beside what we know about it; its words are kept as they came."""
    kind = next((kind for kind in _KINDS if kind.fragment and kind.fragment.search(message)), None)
    kind = kind or KINDS["unknown_xero_error"]
    return ItemProblem(kind.code, kind.title, message, _pointer(path), kind.fix, message)


def _pointer(path: Iterable[str | int]) -> str | None:
    steps = list(path)
    if len(steps) >= 2 and str(steps[0]).lower() == "lineitems":
        return f"#/lines/{steps[1]}"
    return "#/contact_id" if steps and str(steps[0]).lower() == "contact" else None
