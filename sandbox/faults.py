"""The faults that can be injected: which calls they match, how often, and how they change the reply."""

from __future__ import annotations

import json
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

API = "/api.xro/2.0/"
OFFLINE = "The Xero API is currently offline for maintenance"
Kind = Literal[
    "status",
    "rate_limit",
    "unavailable",
    "timeout",
    "reset",
    "slow",
    "malformed_json",
    "truncated",
    "html",
    "missing_element",
    "reordered",
    "unreadable_element",
    "large",
]


class Fault(BaseModel):
    """One fault. `path` is a case-insensitive glob; without a leading slash it is a path of the Accounting API."""

    model_config = ConfigDict(extra="forbid")

    kind: Kind
    method: str = "*"
    path: str = "*"
    count: int | None = Field(default=1, ge=1, description="How many calls it affects; null: all until cleared.")
    skip: int = Field(default=0, ge=0, description="How many matching calls pass before the fault takes effect.")
    when: Literal["before", "after"] = Field(default="before", description="Before or after the call is committed.")
    body_contains: str | None = Field(default=None, description="Only calls whose body contains this text.")
    query_contains: str | None = Field(default=None, description="Only calls whose query contains this text.")
    status: int = Field(default=500, ge=400, le=599)
    text: str | None = Field(default=None, description="The body of a `status` fault.")
    retry_after: int | None = Field(default=None, ge=0)
    problem: str = Field(default="minute", description="X-Rate-Limit-Problem of a `rate_limit` fault.")
    cached: bool = Field(default=False, description="Store a `status` fault under the Idempotency-Key.")
    seconds: float = Field(default=30, ge=0, description="How long `timeout` holds and `slow` delays the reply.")
    position: int = Field(default=0, ge=0, description="Which element of the reply `unreadable_element` spoils.")
    bytes_per_element: int = Field(default=20_000, ge=1, description="By how much `large` lengthens each element.")

    def matches(self, method: str, path: str, query: str, body: bytes) -> bool:
        """Whether the fault applies to the call."""
        glob = self.path if self.path.startswith(("/", "*")) else API + self.path
        return (
            self.method in ("*", method)
            and fnmatchcase(path.lower(), glob.lower())
            and (self.body_contains is None or self.body_contains.encode() in body)
            and (self.query_contains is None or self.query_contains in query)
        )


class Faults:
    """The active faults, applied in the order in which they were added."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def take(self, method: str, path: str, query: str, body: bytes) -> Fault | None:
        """The first fault that applies to this call, with its `count` reduced by one; None when no fault applies."""
        for fault in self.waiting:
            if not fault.matches(method, path, query, body):
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            if fault.count is not None:
                fault.count -= 1
                if fault.count == 0:
                    self.waiting.remove(fault)
            return fault
        return None


def replacement_reply(fault: Fault) -> Response | None:
    """The reply that replaces the app's reply, or None when the fault does not replace it."""
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    match fault.kind:
        case "status":
            return Response(fault.text or "", fault.status, headers, "text/plain; charset=utf-8")
        case "rate_limit":
            return Response(None, 429, headers | {"X-Rate-Limit-Problem": fault.problem})
        case "unavailable":
            return Response(fault.text or OFFLINE, 503, headers, "text/plain; charset=utf-8")
        case "html":
            page = "<!DOCTYPE html><html><body><h1>We'll be right back</h1></body></html>"
            return Response(page, 200, headers, "text/html; charset=utf-8")
    return None


def corrupt(fault: Fault, body: bytes) -> bytes:
    """The body after the fault; unchanged when the fault does not change bodies."""
    if fault.kind == "malformed_json":
        return body[: len(body) // 2]
    if fault.kind not in _ELEMENTS:
        return body
    try:
        document: Any = json.loads(body)
    except ValueError:
        return body
    for rows in document.values() if isinstance(document, dict) else [document]:
        if isinstance(rows, list) and rows:
            _ELEMENTS[fault.kind](fault, rows)
            break
    return json.dumps(document).encode()


def _drop_last(_: Fault, rows: list[Any]) -> None:
    rows.pop()


def _reverse(_: Fault, rows: list[Any]) -> None:
    rows.reverse()


def _spoil(fault: Fault, rows: list[Any]) -> None:
    if fault.position < len(rows):
        rows[fault.position]["UpdatedDateUTC"] = "/Date(not-a-number)/"


def _lengthen(fault: Fault, rows: list[Any]) -> None:
    for row in rows:
        row["Filler"] = "x" * fault.bytes_per_element


_ELEMENTS: dict[str, Callable[[Fault, list[Any]], None]] = {
    "missing_element": _drop_last,
    "reordered": _reverse,
    "unreadable_element": _spoil,
    "large": _lengthen,
}
