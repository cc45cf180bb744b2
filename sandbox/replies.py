"""Xero's replies, successful and failed, and the exception that an operation raises to refuse a request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.state import Record, new_id


@dataclass
class Reply:
    """A reply before rendering: `document` becomes JSON or XML as the caller accepts; `text` is sent unchanged."""

    status: int = 200
    document: Record | None = None
    text: str | bytes = ""
    media_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    correlation_id: str = field(default_factory=new_id)


class Refusal(Exception):
    """Refuses the whole request; nothing is stored."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


def envelope(now: datetime, app_name: str, key: str, rows: Sequence[Record], pagination: Record | None = None) -> Reply:
    """A successful reply in Xero's envelope; `pagination` only for paged lists."""
    reply = Reply()
    reply.document = {
        "Id": reply.correlation_id,
        "Status": "OK",
        "ProviderName": app_name,
        "DateTimeUTC": f"/Date({round(now.timestamp() * 1000)})/",
    }
    if pagination is not None:
        reply.document["pagination"] = pagination
    reply.document[key] = list(rows)
    return reply


def validation_exception(elements: Sequence[Record]) -> Reply:
    """400 with the invalid elements only."""
    return _exception(10, "ValidationException", "A validation exception occurred", {"Elements": list(elements)})


def bad_data(message: str) -> Refusal:
    """400 for a body that cannot be parsed: malformed JSON, a wrong type, an invalid id."""
    return Refusal(_exception(14, "PostDataInvalidException", message))


def bad_query(message: str) -> Refusal:
    """400 for an invalid `where`, `order` or list parameter."""
    return Refusal(_exception(16, "QueryParseException", message))


def no_data() -> Refusal:
    """400 for a write without elements."""
    return Refusal(_exception(17, "NoDataProcessedException", "No data has been processed for this endpoint."))


def not_found() -> Refusal:
    """404; in Xero its body is HTML, never JSON."""
    return Refusal(Reply(404, text="The resource you're looking for cannot be found"))


def plain(status: int, text: str) -> Refusal:
    return Refusal(Reply(status, text=text, media_type="text/plain; charset=utf-8"))


def gateway_problem(status: int, title: str, detail: str, **headers: str) -> Refusal:
    """The reply of Xero's API gateway to an invalid token, tenant or scope."""
    reply = Reply(status, headers={name.replace("_", "-"): value for name, value in headers.items()})
    reply.document = {
        "Type": None,
        "Title": title,
        "Status": status,
        "Detail": detail,
        "Instance": reply.correlation_id,
        "Extensions": {},
    }
    return Refusal(reply)


def server_error() -> Refusal:
    """500 with Xero's body."""
    reply = Reply(500)
    reply.document = {
        "Title": "An error occurred",
        "Detail": "An error occurred in Xero. Check the API Status page http://status.developer.xero.com"
        " for current service status.",
        "Status": 500,
        "Instance": reply.correlation_id,
    }
    return Refusal(reply)


def _exception(number: int, kind: str, message: str, more: Record | None = None) -> Reply:
    return Reply(400, {"ErrorNumber": number, "Type": kind, "Message": message, **(more or {})})
