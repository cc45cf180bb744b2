"""The body of a request: what an unknown caller may send, its size, and the number of fields of an object."""

import json
from contextlib import suppress
from typing import Any, Final

from fastapi import FastAPI, Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.platform.errors import (
    BadRequest,
    FieldError,
    Invalid,
    PayloadTooLarge,
    TooManyRequests,
    Unauthenticated,
    limited_errors,
)
from api.platform.http.address import client_network
from api.platform.http.field_messages import message_for
from api.platform.http.known_credentials import KnownCredentials, has_credentials
from api.platform.http.problems import pointer, problem_response

MOST_FIELDS: Final = 1000  # of one object
# Each part of a body of this size counts as one more request, without and with credentials.
_PART_BYTES, _PART_BYTES_WITH_CREDENTIALS = 8 * 1024, 16 * 1024
_LARGEST_CHARGE: Final = 128
_REFUSAL_CHARGE: Final = 60  # who goes on after 429 is soon refused without a look at the request
_SAFE_METHODS = frozenset({"GET", "HEAD"})
_MOST_DIGITS: Final = 18  # Python refuses to read a number of some thousand digits
COUNTED: Final = "is_counted"  # in the state of a request: its connection has counted it for the network
PROBES: Final = frozenset({"/healthz", "/readyz"})
_REFUSALS = frozenset(range(400, 429))


class BodyRequest(Request):
    """A request whose body is at most `max_bytes` long."""

    def __init__(self, request: Request, max_bytes: int) -> None:
        received = 0

        async def receive() -> Message:
            nonlocal received
            message = await request.receive()
            received += len(message.get("body", b""))
            if received > max_bytes:
                raise StarletteHTTPException(PayloadTooLarge.status)
            return message

        # The framework's own limit answers in plain text and skips the error handlers.
        if (_declared_bytes(request.headers) or 0) > max_bytes:
            raise PayloadTooLarge
        super().__init__(request.scope, receive)

    async def check(self) -> None:
        """Read the body. Raises Invalid for an object with very many fields, before any of them is looked at."""
        try:
            body = await self.body()
        except ClientDisconnect:
            raise BadRequest from None
        if body.count(b":") <= MOST_FIELDS and body.count(b",") <= MOST_FIELDS:
            return
        if not has_credentials(self.headers):
            raise _too_many_fields("more")  # what a caller without credentials may send is small; parsing it takes long
        try:
            self._json = json.loads(body, object_pairs_hook=_small_object)
        except (ValueError, RecursionError):
            return  # the framework reports it with its place

    async def receive_all(self) -> None:
        """Receive the body of a route that takes none, before a transaction begins that would wait for it."""
        try:
            await self.body()
        except ClientDisconnect:
            raise BadRequest from None

    async def refuse_content(self) -> None:
        """Raises Invalid for a body with content, which this route would ignore. The body has been read."""
        body = await self.body()
        if not body.strip():
            return
        try:
            content = json.loads(body, object_pairs_hook=_small_object)
        except (ValueError, RecursionError):
            content = body
        if isinstance(content, dict):
            if content:
                raise Invalid(errors=limited_errors(list(content), _unknown_field))
        elif content is not None:
            raise Invalid(errors=[FieldError("unknown_field", "This takes no body. Leave it out.", pointer="#")])


def _unknown_field(name: str) -> FieldError:
    return FieldError("unknown_field", message_for({"type": "extra_forbidden"}), pointer=pointer([name]))


def _small_object(fields: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(fields) > MOST_FIELDS:
        raise _too_many_fields(f"{len(fields):,}")
    return dict(fields)


def _too_many_fields(count: str) -> Invalid:
    detail = f"An object may have at most {MOST_FIELDS:,} fields; this one has {count}."
    return Invalid(errors=[FieldError("too_many_fields", detail, pointer="#")])


async def charge_unknown_caller(request: Request, max_bytes: int) -> None:
    """Count a request whose credentials are not known for its address, before its body is read.

    A large body counts as several requests. Raises TooManyRequests.
    """
    if request.method in _SAFE_METHODS or request.app.state.known_credentials.has(request.headers):
        return
    await _charge(request, requests_for(request.headers, max_bytes))


def requests_for(headers: Headers, max_bytes: int, head_bytes: int = 0) -> int:
    """As how many requests one of an unknown caller counts, by the size of its body and its head."""
    declared = _declared_bytes(headers)
    size = declared if declared is not None else max_bytes if "transfer-encoding" in headers else 0
    part = _PART_BYTES_WITH_CREDENTIALS if has_credentials(headers) else _PART_BYTES
    return min(_LARGEST_CHARGE, 1 + size // part + head_bytes // _PART_BYTES)


def _declared_bytes(headers: Headers) -> int | None:
    """The Content-Length, or the largest number of 18 digits for a longer one; None without a number."""
    declared = headers.get("content-length", "")
    return int(declared if len(declared) <= _MOST_DIGITS else "9" * _MOST_DIGITS) if declared.isdecimal() else None


class SpentAddresses:
    """Counts refused requests of unknown callers for their address; refuses an address that has nothing left.

    It does so before anything else is done for a request. Probes are always answered.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in PROBES:
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        try:
            self._count(request)
        except TooManyRequests as refused:
            await problem_response(refused)(scope, receive, send)
            return

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in _REFUSALS:
                await _count_refusal(request)
            await send(message)

        await self.app(scope, receive, send_counted)

    @staticmethod
    def _count(request: Request) -> None:
        """Raise TooManyRequests if nothing is left. What the connection has counted is not counted again."""
        network = client_network(request)
        if COUNTED not in request.scope.get("state", {}):
            request.app.state.unknown_callers.count(network, request.method, request.scope["path"], request.headers)
        check_network(request.app, network, request.method, request.headers)


def check_network(app: FastAPI, network: str, method: str, headers: Headers) -> None:
    """Raise TooManyRequests for a caller who is not known, if nothing is left of the network's requests.

    A read with credentials that were not refused before is let through, to find out whose they are.
    """
    known: KnownCredentials = app.state.known_credentials
    if known.has_refused(headers) if method in _SAFE_METHODS else not known.has(headers):
        app.state.limiter.check(_key(network))


async def _count_refusal(request: Request) -> None:
    """Count a request that no route has counted: of an address that does not exist, or with a wrong method."""
    if getattr(request.state, "caller", None) is None and not getattr(request.state, "charged", 0):
        with suppress(TooManyRequests):
            await _charge(request, 1)


async def settle_limited(request: Request) -> None:
    """After a limit was reached: count more for the address of an unknown caller."""
    settle_answered(request)
    if getattr(request.state, "caller", None) is None:
        with suppress(TooManyRequests):
            await request.app.state.limiter.spend(_key(client_network(request)), _REFUSAL_CHARGE)


async def settle_refused(request: Request, error: Exception) -> None:
    """Count a refused request for its address, if its caller is not known and it was not counted before."""
    if getattr(request.state, "caller", None) is not None:
        settle_answered(request)
        return
    if isinstance(error, Unauthenticated):
        request.app.state.known_credentials.note(request.headers, accepted=False)
    if not getattr(request.state, "charged", 0):
        await _charge(request, 1)


def settle_answered(request: Request) -> None:
    """Give back to the address of a known caller what was counted before the caller was known."""
    if getattr(request.state, "caller", None) is None:
        return
    if not request.app.state.known_credentials.has(request.headers):
        request.app.state.known_credentials.note(request.headers, accepted=True)
    if charged := getattr(request.state, "charged", 0):
        request.app.state.limiter.refund(_key(client_network(request)), charged)


async def _charge(request: Request, amount: int) -> None:
    request.state.headers = await request.app.state.limiter.spend(_key(client_network(request)), amount)
    request.state.charged = amount


def _key(network: str) -> str:
    return f"address:{network}"
