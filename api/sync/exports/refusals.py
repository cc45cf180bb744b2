"""Xero's sentences as data: what each of them means, and which field it is about. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from api.platform.problems import Problem
from api.sync.exports.problems import kind_named, problem

Place = Literal["contact", "tracking", "line", "whole"]
UNKNOWN: Final = "unknown_xero_error"


@dataclass(frozen=True)
class Sentence:
    """A pattern of Xero's wording and the problem that it means.

    `wire_name` is the field of a line that has the text of the group `value`.
    """

    pattern: re.Pattern[str]
    code: str
    wire_name: str | None = None


def _sentence(pattern: str, code: str, wire_name: str | None = None) -> Sentence:
    return Sentence(re.compile(pattern, re.IGNORECASE), code, wire_name)


_CONTACT: Final = (
    _sentence(r"\barchived\b", "contact_archived"),
    _sentence(r"contact name.*(already|unique)", "contact_name_taken"),
    _sentence(r"tracking categor", "contact_tracking_missing"),
    _sentence(r"e-?mail address", "contact_email_refused"),
    _sentence(r"website", "contact_website_refused"),
)
_TRACKING: Final = (_sentence(r"tracking", "cost_center_unmatched"),)
_LINE: Final = (
    _sentence(r"taxtype code '?(?P<value>[^']*?)'? cannot be used with account", "tax_code_mismatch", "TaxType"),
    _sentence(r"taxtype code '?(?P<value>[^']*?)'? does not exist", "tax_type_unknown", "TaxType"),
    _sentence(r"tax ?(type|rate)\b.*(mandatory|must be specified|required)", "tax_type_missing"),
    _sentence(r"tax rate must be (active|valid)", "tax_type_unknown"),
    _sentence(r"account code( or id)? must be specified", "account_code_missing"),
    _sentence(r"account code '?(?P<value>[^']*?)'? has been archived", "account_code_archived", "AccountCode"),
    _sentence(r"account code '?(?P<value>[^']*?)'? is not a valid code", "account_code_unknown", "AccountCode"),
    _sentence(r"account code '?(?P<value>[^']*?)'? .*recognised", "account_code_unknown", "AccountCode"),
    _sentence(r"account code '?(?P<value>[^']*?)'? does not exist", "account_code_unknown", "AccountCode"),
    _sentence(r"account must be valid", "account_code_unknown"),
    _sentence(r"inventory account", "account_code_wrong_type"),
    _sentence(r"item code '?(?P<value>[^']*?)'? ?is (not valid|invalid)", "item_unknown", "ItemCode"),
    _sentence(r"quantity on hand|insufficient|backorder|negative inventory", "stock_too_low"),
    _sentence(r"discount (rate|must|amount)", "discount_refused"),
    _sentence(r"description (cannot be empty|must be specified|is required|field is mandatory)", "description_missing"),
    _sentence(r"total must not exceed|too large", "amount_too_large"),
    _sentence(r"(line total|invoice total|tax amount).*(match|equal|greater than the line)", "total_mismatch"),
)
_WHOLE: Final = (
    _sentence(r"invoice (#|number).*unique", "invoice_number_taken"),
    _sentence(r"due ?date.*before", "due_date_before_date"),
    _sentence(r"due ?date.*(empty|specified|required|mandatory)", "due_date_missing"),
    _sentence(r"lock date|locked period", "period_locked"),
    _sentence(r"line items? must be specified", "lines_missing"),
    _sentence(r"total.*greater than or equal to zero", "total_below_zero"),
    _sentence(r"not subscribed to currenc", "currency_not_enabled"),
    _sentence(r"reached the limit", "plan_limit"),
    _sentence(r"correct permissions|not permitted to", "role_too_low"),
    _sentence(r"not of valid status|cannot be edited|specified id could not be found", "document_closed"),
    _sentence(r"absolute url", "link_refused"),
    _sentence(r"error occurred in xero", "xero_failed"),
    _sentence(r"string length|maximum length|longer than|characters or (less|fewer)|between 0 and", "text_too_long"),
)
# What Xero says of the contact without a place. A name may have any words, so these sentences are compared first.
_ABOUT_CONTACT: Final = (
    _sentence(
        r"^the (specified )?contact\b.*archived|archived'? (contact|is not valid for contacts)", "contact_archived"
    ),
    _sentence(r"^the contact name.*(already|unique)", "contact_name_taken"),
    _sentence(r"^e-?mail address", "contact_email_refused"),
    _sentence(r"^website", "contact_website_refused"),
    _sentence(r"^((the|a) )?(contact|account number|paid to name)\b", "contact_refused"),
)
# By the place of a message: what it may mean there, first what is about the place itself, and what it means else.
_MEANINGS: Final[Mapping[Place, tuple[Sequence[Sentence], str]]] = {
    "contact": (_CONTACT, "contact_refused"),
    "tracking": (_TRACKING, "cost_center_unmatched"),
    "line": ((*_LINE, *_TRACKING, *_WHOLE), UNKNOWN),
    "whole": ((*_ABOUT_CONTACT, *_LINE, *_WHOLE, *_TRACKING), UNKNOWN),
}
_FIELDS_OF_LINES: Final[Mapping[str, str]] = {
    "account_code_missing": "accounting_code",
    "account_code_unknown": "accounting_code",
    "account_code_archived": "accounting_code",
    "account_code_wrong_type": "accounting_code",
    "tax_type_missing": "tax_type",
    "tax_type_unknown": "tax_type",
    "tax_code_mismatch": "tax_type",
    "cost_center_unmatched": "cost_center_id",
    "item_unknown": "item_code",
    "stock_too_low": "item_code",
    "discount_refused": "discount_percent",
    "description_missing": "description",
}
_FIELDS: Final[Mapping[str, str]] = {
    "due_date_missing": "#/due_on",
    "due_date_before_date": "#/due_on",
    "period_locked": "#/issued_on",
    "invoice_number_taken": "#/number",
    "currency_not_enabled": "#/currency",
    "lines_missing": "#/lines",
    "total_below_zero": "#/lines",
    "total_mismatch": "#/lines",
}


def from_xero(message: str, path: Sequence[str | int] = (), element: Mapping[str, Any] | None = None) -> Problem:
    """Xero's message as a problem with our remedy.

    `path` is the place in Xero's element that the message is about. A message without a place is looked for in
    `element`, what was sent: a code that it names stands on a line.
    """
    place = _place(path)
    sentences, otherwise = _MEANINGS[place]
    matches = ((each, each.pattern.search(message)) for each in sentences)
    sentence, match = next(((each, hit) for each, hit in matches if hit), (None, None))
    code = sentence.code if sentence else otherwise
    line = _line_of_path(path)
    if line is None and sentence is not None and match is not None and sentence.wire_name is not None:
        line = _line_with(element or {}, sentence.wire_name, match["value"])
    refusal = problem(code, kind_named(code).remedy, pointer=_pointer(code, place, line))
    return replace(refusal, source="xero", xero_message=message)


def warning_from_xero(message: str) -> Problem:
    """The remark for a warning that Xero gave with a document it accepted."""
    return replace(problem("xero_warning", message), source="xero", xero_message=message)


def refused_without_reason(detail: str) -> Problem:
    """The problem for a refusal by Xero that has no message."""
    return replace(problem(UNKNOWN, detail), source="xero")


def _place(path: Sequence[str | int]) -> Place:
    names = [str(step).lower() for step in path]
    if names[:1] == ["contact"]:
        return "contact"
    if names[:1] != ["lineitems"]:
        return "whole"
    return "tracking" if "tracking" in names else "line"


def _line_of_path(path: Sequence[str | int]) -> int | None:
    first, second = (*path, None, None)[:2]
    return second if isinstance(second, int) and str(first).lower() == "lineitems" else None


def _line_with(element: Mapping[str, Any], wire_name: str, value: str) -> int | None:
    lines = element.get("LineItems") or ()
    return next((index for index, line in enumerate(lines) if line.get(wire_name) == value), None)


def _pointer(code: str, place: Place, line: int | None) -> str | None:
    if code.startswith("contact_") or place == "contact":
        return "#/contact_id"
    field = _FIELDS_OF_LINES.get(code)
    if line is not None:
        return f"#/lines/{line}/{field}" if field else f"#/lines/{line}"
    return _FIELDS.get(code, "#/lines" if field else None)
