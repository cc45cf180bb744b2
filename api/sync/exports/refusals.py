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

    `wire_name` is the field of a line that has the text of the group `value` or `bare`.
    """

    pattern: re.Pattern[str]
    code: str
    wire_name: str | None = None


def _sentence(pattern: str, code: str, wire_name: str | None = None) -> Sentence:
    return Sentence(re.compile(pattern, re.IGNORECASE), code, wire_name)


_CONTACT: Final = (
    _sentence(r"contact name.*(already|unique)", "contact_name_taken"),
    _sentence(r"\barchived\b", "contact_archived"),
    _sentence(r"tracking categor", "contact_tracking_missing"),
    _sentence(r"e-?mail address", "contact_email_refused"),
    _sentence(r"website", "contact_website_refused"),
)
_TRACKING: Final = (_sentence(r"tracking", "cost_center_unmatched"),)
# A code that a sentence names, in quotes or without.
_VALUE: Final = r"(?:'(?P<value>[^']*)'|(?P<bare>[^' ]+))"
_ACCOUNT: Final = rf"account(?:s? with)? ?codes? {_VALUE}"
_TAX_TYPE: Final = rf"tax ?type(?: code)?s? {_VALUE}"
_INVALID: Final = r"(?:not (?:be )?(?:a )?(?:valid|found|recogni[sz]ed)|invalid|does not exist|recogni[sz]ed)"
_LINE: Final = (
    _sentence(rf"{_TAX_TYPE}.* (can ?not|may not) be used with", "tax_code_mismatch", "TaxType"),
    _sentence(r"tax ?(type|rate)s?\b.*(mandatory|must be specified|required)", "tax_type_missing"),
    _sentence(rf"{_TAX_TYPE}.* {_INVALID}", "tax_type_unknown", "TaxType"),
    _sentence(r"tax rates?\b.*(must be (active|valid)|archived|deleted|not active|inactive)", "tax_type_unknown"),
    _sentence(r"account codes?( or ids?)? (must be specified|(is|are) (required|mandatory))", "account_code_missing"),
    _sentence(rf"{_ACCOUNT} (has|have|is|was)( been)? (archived|deleted)", "account_code_archived", "AccountCode"),
    _sentence(rf"{_ACCOUNT}.* {_INVALID}", "account_code_unknown", "AccountCode"),
    _sentence(rf"account must be valid|account ?id\b.* {_INVALID}", "account_code_unknown"),
    _sentence(r"inventory account", "account_code_wrong_type"),
    _sentence(rf"item(?: with)? ?codes? {_VALUE}.* {_INVALID}", "item_unknown", "ItemCode"),
    _sentence(rf"item codes? (is|are) {_INVALID}", "item_unknown"),
    _sentence(
        r"quantity on hand|insufficient (stock|quantity|inventory)|backorder|negative inventory", "stock_too_low"
    ),
    _sentence(r"discounts? (rates?|must|amounts?|can ?not)", "discount_refused"),
    _sentence(
        r"descriptions? (can ?not be empty|must be specified|(is|are) required|field is mandatory)",
        "description_missing",
    ),
    _sentence(r"total must not exceed|too large", "amount_too_large"),
    _sentence(r"(line totals?|invoice totals?|tax amounts?).*(match|equal|greater than the line)", "total_mismatch"),
)
_WHOLE: Final = (
    _sentence(r"invoice ?(#|numbers?).*(unique|already)|invoice with (the )?number.*already", "invoice_number_taken"),
    _sentence(r"due ?dates?.*(before|earlier than|on or after)", "due_date_before_date"),
    _sentence(r"due ?dates?.*(empty|specified|required|mandatory)|(enter|add) a due ?date", "due_date_missing"),
    _sentence(r"lock date|locked period", "period_locked"),
    _sentence(r"line items? must be specified|at least (one|1) line|line items? (is|are) required", "lines_missing"),
    _sentence(r"totals?\b.*(greater than or equal to zero|zero or (more|greater)|negative)", "total_below_zero"),
    _sentence(r"not subscribed to (the )?currenc|currenc(y|ies)\b.*not (enabled|available)", "currency_not_enabled"),
    _sentence(r"reached (the|your) (monthly )?limit", "plan_limit"),
    _sentence(
        r"correct permissions?|not permitted to|not have (the )?permissions?|insufficient permissions?", "role_too_low"
    ),
    _sentence(r"not of valid status|cannot be edited|specified id could not be found", "document_closed"),
    _sentence(r"absolute url", "link_refused"),
    _sentence(r"error occurred in xero", "xero_failed"),
    _sentence(
        r"string length|maximum length|longer than|characters or (less|fewer)|between 0 and \d{2}"
        r"|(at most|more than) \d+ characters",
        "text_too_long",
    ),
)
# What Xero says of the contact without a place. A name may have any words, so these sentences are compared first.
_ABOUT_CONTACT: Final = (
    _sentence(r"^the contact name.*(already|unique)", "contact_name_taken"),
    _sentence(
        r"^(the )?(specified )?contacts?\b.*archived|archived'? (contact|is not valid for contacts)", "contact_archived"
    ),
    _sentence(r"^(the )?e-?mail address", "contact_email_refused"),
    _sentence(r"^website", "contact_website_refused"),
    _sentence(r"^((the|a) )?(contact|account number|paid to name)\b", "contact_refused"),
)
# Quotes as sentences have them; they are compared as an apostrophe.
_QUOTES: Final = str.maketrans(dict.fromkeys('"`\u2018\u2019\u201c\u201d', "'"))
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
    plain = message.translate(_QUOTES)
    matches = ((each, each.pattern.search(plain)) for each in sentences)
    sentence, match = next(((each, hit) for each, hit in matches if hit), (None, None))
    code = sentence.code if sentence else otherwise
    line = _line_of_path(path)
    if line is None and sentence is not None and match is not None and sentence.wire_name is not None:
        line = _line_with(element or {}, sentence.wire_name, match["value"] or match["bare"])
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
