"""The outermost layer: request ids, one log line per request, security headers, and no bare 500."""

import re
import time
from secrets import token_urlsafe

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.platform.errors import ApiError
from api.platform.http.metrics import count_request
from api.platform.http.problems import problem
from api.platform.log import bound_contextvars, get_logger

_SANE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
_logger = get_logger("jobtally.http")


class UnexpectedErrors:
    """Logs what escapes every handler and answers it as a problem; below CORS, so that our own pages can read it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def tell(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, tell)
        except Exception:
            if scope["type"] != "http" or begun:
                raise
            _logger.exception("unforeseen failure", method=scope["method"], path=scope["path"])
            await problem(ApiError())(scope, receive, send)


class RequestContext:
    """Wraps the whole app: every answer carries a request id and the headers that protect whoever reads it."""

    def __init__(self, app: ASGIApp, *, strict_transport: bool) -> None:
        self.app = app
        self.headers = dict(_HEADERS)
        if strict_transport:
            self.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        offered = Headers(scope=scope).get("x-request-id", "")
        request_id = offered if _SANE_ID.fullmatch(offered) else f"req_{token_urlsafe(12)}"
        started = time.perf_counter()
        status = 0

        async def tell(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(raw=message["headers"])
                headers["X-Request-Id"] = request_id
                for name, value in {**self.headers, **scope.get("state", {}).get("headers", {})}.items():
                    headers.setdefault(name, value)
                message["headers"] = headers.raw
            await send(message)

        with bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, tell)
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
