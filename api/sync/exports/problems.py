"""Why an invoice cannot go to Xero: codes, words, and the one place that mends each. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from api.platform.errors import Fix


@dataclass(frozen=True)
class Kind:
    """A kind of problem. `fragment` recognises Xero's own words for it."""

    code: str
    title: str
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
    Kind("invoice_gone", "This invoice is no longer here"),
    Kind("invoice_not_approved", "Only approved invoices can be sent"),
    Kind("default_codes_unset", "Choose your default codes first", _DEFAULTS),
    Kind("account_code_missing", "A line has no account code", _DEFAULTS, _like("code or id must be specified")),
    Kind("account_code_unknown", "A code isn't in Xero", _CODES, _like("account code .* is not a valid code")),
    Kind("account_code_archived", "A code is archived in Xero", _CODES, _like("account code .* has been archived")),
    Kind("account_code_wrong_type", "A code is of the wrong kind", _CODES),
    Kind("tax_type_unknown", "A tax rate isn't in Xero any more", None, _like("tax rate must be active")),
    Kind("tax_code_mismatch", "A tax rate doesn't fit its account", _CODES, _like("taxtype code .* cannot be used")),
    Kind("tax_rate_changed", "A tax rate has changed in Xero"),
    Kind("total_mismatch", "Our total and Xero's differ", None, _like("total .* does not (match|equal)")),
    Kind("cost_center_unmatched", "A cost centre isn't in Xero", _CENTERS, _like("tracking")),
    Kind("contact_archived", "The contact is archived in Xero", _CONTACTS, _like("contact.*archived")),
    Kind("contact_ambiguous", "Xero has several contacts of this name", _CONTACTS),
    Kind("contact_name_taken", "Xero already has another contact of this name", _CONTACTS, _like("contact name")),
    Kind("contact_refused", "Xero did not accept the contact", _CONTACTS, _like("contact|email address|website")),
    Kind("invoice_number_taken", "The number is already in Xero", None, _like("invoice # must be unique")),
    Kind("due_date_missing", "Add a due date", None, _like("due date")),
    Kind("lines_missing", "The invoice has no lines"),
    Kind("period_locked", "The date is in a locked period", _STATUS, _like("lock date")),
    Kind("currency_not_enabled", "This currency isn't switched on in Xero", None, _like("not subscribed to currenc")),
    Kind("plan_limit", "The Xero plan allows no more this month", _STATUS, _like("reached the limit")),
    Kind("role_too_low", "The connected Xero user may not do this", _RECONNECT, _like("correct permissions")),
    Kind("several_in_xero", "Xero holds more than one document for this invoice"),
    Kind("tracking_dropped", "Xero left out the cost centre"),
    Kind("xero_warning", "Xero accepted it with a remark"),
    Kind("unknown_xero_error", "Xero didn't accept this"),
)  # fmt: skip
KINDS = {kind.code: kind for kind in _KINDS}


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
    return None
