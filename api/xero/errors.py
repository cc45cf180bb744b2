"""The four errors of a call to Xero. Each says what the caller may do next."""

from collections.abc import Sequence
from typing import Literal

Limit = Literal["minute", "day", "concurrent", "app", "unavailable"]
Reason = Literal["token", "tenant", "scope", "permission", "subscription"]


class XeroError(Exception):
    """A call that brought no usable answer. It carries no request, so it cannot leak a token."""

    def __init__(self, message: str, *, http_status: int | None = None, correlation_id: str | None = None) -> None:
        super().__init__(message)
        self.http_status = http_status
        self.correlation_id = correlation_id


class XeroRejected(XeroError):
    """Xero refused the request and wrote nothing. `messages` are Xero's own texts, without markup."""

    def __init__(
        self, messages: Sequence[str], *, http_status: int | None = None, correlation_id: str | None = None
    ) -> None:
        super().__init__("; ".join(messages), http_status=http_status, correlation_id=correlation_id)
        self.messages = list(messages)


class XeroBusy(XeroError):
    """Xero wrote nothing. The same call may be repeated after `retry_after` seconds (None: Xero did not say).

    `page_failed`: Xero failed on this read, or its reply is too large; a smaller page may succeed.
    """

    def __init__(
        self,
        retry_after: float | None = None,
        limit: Limit = "unavailable",
        *,
        page_failed: bool = False,
        http_status: int | None = None,
        correlation_id: str | None = None,
    ) -> None:
        super().__init__(f"Xero asks us to wait: {limit}", http_status=http_status, correlation_id=correlation_id)
        self.retry_after = retry_after
        self.limit: Limit = limit
        self.page_failed = page_failed


class XeroDisconnected(XeroError):
    """A user has to act at Xero; nothing was written. `detail` is Xero's own text.

    `token` and `tenant` end the connection: sign in again, connect again. `scope`, `permission` and `subscription`
    do not: a permission is missing in the consent or a role in Xero, or the organisation's subscription has ended.
    """

    def __init__(
        self,
        reason: Reason,
        detail: str | None = None,
        *,
        http_status: int | None = None,
        correlation_id: str | None = None,
    ) -> None:
        super().__init__(f"disconnected from Xero: {reason}", http_status=http_status, correlation_id=correlation_id)
        self.reason: Reason = reason
        self.detail = detail


class XeroUnknownOutcome(XeroError):
    """The write may or may not have happened. A look-up decides it."""

    def __init__(self, detail: str, *, http_status: int | None = None, correlation_id: str | None = None) -> None:
        super().__init__(f"outcome unknown: {detail}", http_status=http_status, correlation_id=correlation_id)
        self.detail = detail
