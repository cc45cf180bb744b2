"""The four ways a call to Xero can fail, seen from the one who has to decide what happens next."""

from collections.abc import Sequence
from typing import Literal

Limit = Literal["minute", "day", "concurrent", "app", "unavailable"]
Reason = Literal["token", "scope", "tenant", "permission"]


class XeroError(Exception):
    """A call that brought no usable answer. Carries no request, so no token can leak through it."""

    def __init__(self, message: str, *, http_status: int | None = None, correlation_id: str | None = None) -> None:
        super().__init__(message)
        self.http_status = http_status
        self.correlation_id = correlation_id


class XeroRejected(XeroError):
    """Xero read the request and said no; nothing was written. `messages` are Xero's own words, plain text."""

    def __init__(
        self, messages: Sequence[str], *, http_status: int | None = None, correlation_id: str | None = None
    ) -> None:
        super().__init__("; ".join(messages), http_status=http_status, correlation_id=correlation_id)
        self.messages = list(messages)


class XeroBusy(XeroError):
    """Nothing was written; the same call may be made again after `retry_after` seconds (None: not said)."""

    def __init__(
        self,
        retry_after: float | None = None,
        limit: Limit = "unavailable",
        *,
        http_status: int | None = None,
        correlation_id: str | None = None,
    ) -> None:
        super().__init__(f"Xero asks us to wait: {limit}", http_status=http_status, correlation_id=correlation_id)
        self.retry_after = retry_after
        self.limit: Limit = limit


class XeroDisconnected(XeroError):
    """The user has to act at Xero: sign in again, grant a scope, reconnect, or be given a role there."""

    def __init__(self, reason: Reason, *, http_status: int | None = None, correlation_id: str | None = None) -> None:
        super().__init__(f"disconnected from Xero: {reason}", http_status=http_status, correlation_id=correlation_id)
        self.reason: Reason = reason


class XeroUnknownOutcome(XeroError):
    """The write may or may not have happened; only a replay of the same bytes or a look-up can tell."""

    def __init__(self, detail: str, *, http_status: int | None = None, correlation_id: str | None = None) -> None:
        super().__init__(f"outcome unknown: {detail}", http_status=http_status, correlation_id=correlation_id)
        self.detail = detail
