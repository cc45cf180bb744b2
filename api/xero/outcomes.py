"""The meaning of an answer, or of a missing answer. Pure; the only module that judges Xero's statuses.

A write is rejected or busy only when Xero certainly did nothing. In any doubt its outcome is unknown.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import httpx2 as httpx

from api.xero.errors import Limit, XeroBusy, XeroDisconnected, XeroError, XeroRejected, XeroUnknownOutcome
from api.xero.http import ReplyTooLarge
from api.xero.json_types import messages_in, storable

# A second call changes nothing: for a connection that is already deleted Xero answers 404.
REPEATABLE = frozenset({"GET", "DELETE"})
# These failures happen before the first byte of the request is sent.
NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
# Statuses 4xx that Xero may give to a request that it is, or was, processing.
DOUBTFUL = frozenset({408, 409})
# Statuses of a read on which Xero itself failed. 502 and 503 say that Xero is away, whatever is read.
FAILED_ON_THE_PAGE = frozenset({500, 504})
# Xero refuses a token that it gave a moment ago: it is in trouble, and each try refreshes the token once more.
REFUSED_TOKEN_WAIT_SECONDS = 30.0
_SUBSCRIPTION = re.compile(r"subscri|\btrial\b|\b(expired|lapsed|suspended|deactivated)\b", re.IGNORECASE)
MAX_MESSAGE_CHARACTERS = 500


def classify(method: str, status: int, headers: Mapping[str, str], body: bytes) -> XeroError | None:
    """The error for an answer; None for a 2xx.

    At a 401 the caller has refreshed the token before. At a 403 it has to ask Xero whether the connection still exists.
    """
    if 200 <= status < 300:
        return None
    head = {name.lower(): value for name, value in headers.items()}
    error = _judge(method, status, head, body)
    error.http_status = status
    error.correlation_id = head.get("xero-correlation-id")
    return error


def classify_transport(method: str, failure: httpx.RequestError) -> XeroError:
    """The error for a network failure. It names only the kind, because texts of httpx can quote a header."""
    if method in REPEATABLE or never_sent(failure):
        return XeroBusy(None, "unavailable", page_failed=isinstance(failure, ReplyTooLarge))
    return XeroUnknownOutcome(type(failure).__name__)


def classify_malformed(method: str, detail: str) -> XeroError:
    """The error for a 2xx whose body cannot be read as what was requested."""
    return XeroBusy(None, "unavailable", page_failed=True) if method in REPEATABLE else XeroUnknownOutcome(detail)


def never_sent(failure: httpx.RequestError) -> bool:
    """Whether Xero cannot have received any part of the request."""
    return isinstance(failure, NEVER_SENT)


def has_ended(failure: httpx.RequestError) -> bool:
    """Whether Xero certainly no longer works on the request: it received none, or it was sending its reply."""
    return never_sent(failure) or isinstance(failure, ReplyTooLarge)


def lacks_scope(headers: Mapping[str, str]) -> bool:
    """Whether a 401 or 403 is about a missing scope. Xero spells the word in two ways."""
    challenge = {name.lower(): value for name, value in headers.items()}.get("www-authenticate", "")
    return re.search(r"insuffici?ent_scope", challenge, re.IGNORECASE) is not None


def retry_after_seconds(headers: Mapping[str, str]) -> float | None:
    """The Retry-After header in seconds. Xero never sends the date form, so it counts as absent."""
    text = {name.lower(): value for name, value in headers.items()}.get("retry-after", "").strip()
    return float(text) if re.fullmatch(r"\d{1,7}(\.\d{1,6})?", text) else None


def limit_named(problem: str) -> Limit | None:
    """The limit that an X-Rate-Limit-Problem header names, in any of its spellings."""
    lowered = problem.lower()
    spellings: tuple[tuple[str, Limit], ...] = (
        ("app", "app"),
        ("concurren", "concurrent"),
        ("day", "day"),
        ("dai", "day"),
        ("min", "minute"),
    )
    return next((limit for part, limit in spellings if part in lowered), None)


def _judge(method: str, status: int, head: Mapping[str, str], body: bytes) -> XeroError:
    if status == 429:
        wait = retry_after_seconds(head)
        named = limit_named(head.get("x-rate-limit-problem", ""))
        # Only the limit on concurrent calls comes without a waiting time.
        return XeroBusy(wait, named or ("concurrent" if wait is None else "minute"))
    if status in (401, 403) and lacks_scope(head):
        return XeroDisconnected("scope")
    if status == 401:
        return XeroBusy(REFUSED_TOKEN_WAIT_SECONDS, "unavailable")
    if status == 403:
        return _judge_forbidden(method, body)
    if 400 <= status < 500 and (method in REPEATABLE or status not in DOUBTFUL):
        return _judge_client_error(method, status, head, body)
    if method in REPEATABLE:
        return XeroBusy(retry_after_seconds(head), "unavailable", page_failed=status in FAILED_ON_THE_PAGE)
    return XeroUnknownOutcome(f"HTTP {status}")


def _judge_forbidden(method: str, body: bytes) -> XeroError:
    text = _general_text(_parsed(body))
    if not text:
        # Not Xero's: something in front of it answered, and it may have passed the request on before.
        return XeroBusy(None, "unavailable") if method in REPEATABLE else XeroUnknownOutcome("HTTP 403")
    if "authenticationunsuccessful" in text.lower():
        return XeroDisconnected("tenant")
    return XeroDisconnected("subscription" if _SUBSCRIPTION.search(text) else "permission", text)


def _judge_client_error(method: str, status: int, head: Mapping[str, str], body: bytes) -> XeroError:
    if status == 408:
        return XeroBusy(retry_after_seconds(head), "unavailable")
    messages = _messages(status, body)
    if status == 404:  # an id in it is unknown: Xero refuses the whole call, whatever the body says
        return XeroRejected(messages)
    reused = r"idempotency.?key.*different request"
    if method not in REPEATABLE and any(re.search(reused, m, re.IGNORECASE | re.DOTALL) for m in messages):
        return XeroUnknownOutcome("Xero knows this idempotency key from a different request")
    return XeroRejected(messages)


def _messages(status: int, body: bytes) -> list[str]:
    """Xero's nested messages without repeats, else its general text, else our own text; never markup."""
    parsed = _parsed(body)
    try:
        nested = [message.text for message in messages_in(parsed).errors]
    except RecursionError:
        nested = []
    general = _general_text(parsed)
    if parsed is None and b"<" not in body:  # a 404 or 503 comes as plain text or as an HTML page
        general = body.decode("utf-8", "replace")
    texts = (_shortened(text) for text in (nested or [general]))
    return [text for text in dict.fromkeys(texts) if text] or [_default_message(status)]


def _general_text(parsed: Any) -> str:
    """Xero's text about the whole request; empty if the body has none, so that it is not Xero's."""
    fields = _lowered(parsed)
    texts = (fields.get(name) for name in ("message", "detail", "title"))
    return next((_shortened(text) for text in texts if isinstance(text, str)), "")


def _shortened(text: str) -> str:
    return " ".join(str(storable(text)).split())[:MAX_MESSAGE_CHARACTERS]


def _default_message(status: int) -> str:
    if status == 404:
        return "Xero could not find what this refers to."
    return f"Xero refused the request without giving a reason (HTTP {status})."


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _lowered(parsed: Any) -> dict[str, Any]:
    return {name.lower(): value for name, value in parsed.items()} if isinstance(parsed, dict) else {}
