"""The outermost middleware: request ids, one log line per request, security headers, errors nobody expected."""

import re
import time
from collections.abc import Mapping
from secrets import token_urlsafe

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.platform.errors import ApiError
from api.platform.http.address import bound_address
from api.platform.http.metrics import count_request
from api.platform.http.problems import problem_response
from api.platform.log import bound_contextvars, get_logger

_ACCEPTED_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_STRICT_TRANSPORT = {"Strict-Transport-Security": "max-age=63072000; includeSubDomains"}
_logger = get_logger("jobtally.http")


class UnexpectedErrors:
    """Logs unhandled exceptions and answers 500. It runs inside CORS, so that pages can read the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_started = False

        async def send_noted(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            await self.app(scope, receive, send_noted)
        except Exception:
            if scope["type"] != "http" or has_started:
                raise
            _logger.exception("unexpected error", method=scope["method"], path=scope["path"])
            await problem_response(ApiError())(scope, receive, send)


class RequestContext:
    """Gives every answer a request id and security headers, counts the request and logs it."""

    def __init__(self, app: ASGIApp, *, strict_transport: bool) -> None:
        self.app = app
        self.headers = _raw(_HEADERS | (_STRICT_TRANSPORT if strict_transport else {}))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        offered = Headers(scope=scope).get("x-request-id", "")
        request_id = offered if _ACCEPTED_ID.fullmatch(offered) else f"req_{token_urlsafe(12)}"
        started = time.perf_counter()
        status = 0

        async def send_noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                present = {name for name, _ in message["headers"]}
                added = [*self.headers, *_raw(scope.get("state", {}).get("headers", {}))]
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", request_id.encode()),
                    *((name, value) for name, value in added if name not in present),
                ]
            await send(message)

        with bound_contextvars(request_id=request_id), bound_address(Request(scope)):
            try:
                await self.app(scope, receive, send_noted)
            finally:
                seconds = time.perf_counter() - started
                count_request(scope, status, seconds)
                _logger.info(
                    "request",
                    method=scope["method"],
                    path=scope["path"],
                    status=status,
                    ms=round(seconds * 1000, 1),
                )


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Headers as a server sends them."""
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]
