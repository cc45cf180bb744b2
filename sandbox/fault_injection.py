"""ASGI middleware around the stand-in: it records every call and applies the faults."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qsl

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox import faults
from sandbox.faults import Fault, Faults
from sandbox.state import Record, World

_CONTROL = "/_ctl"
_SEGMENTS = {
    name.lower(): name
    for name in (
        "Organisation",
        "Actions",
        "Accounts",
        "TaxRates",
        "TrackingCategories",
        "Options",
        "Items",
        "Contacts",
        "Invoices",
        "History",
        "OnlineInvoice",
        "Email",
        "Attachments",
        "Currencies",
        "BrandingThemes",
        "Payments",
    )
}


class ConnectionLost(Exception):
    """The caller gets no reply. Raised in process only; over a socket the connection is held open or closed."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


def canonical_path(path: str) -> str:
    """The path with Xero's spelling of resource names, whatever case the caller used; ids and numbers are unchanged."""
    parts = path.split("/")
    if path.lower().startswith("/connections"):
        parts[1] = "connections"
    if path.lower().startswith(faults.API):
        parts[1] = parts[1].lower()
        for index in (3, 5) if parts[3].lower() != "organisation" else (3, 4):
            if index < len(parts):
                parts[index] = _SEGMENTS.get(parts[index].lower(), parts[index])
    return "/".join(parts)


class FaultInjection:
    """Wraps the whole app, because only the outermost layer can close the connection."""

    def __init__(self, app: ASGIApp, world: World, active: Faults) -> None:
        self._app, self._world, self._faults = app, world, active

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].startswith(_CONTROL):
            await self._app(scope, receive, send)
            return
        body = await _whole_body(receive)
        scope = {**scope, "path": canonical_path(scope["path"])}
        call = self._record_call(scope, body)
        fault = self._faults.take(scope["method"], scope["path"], call["query"], body)
        call["fault"] = fault.kind if fault else None
        exchange = Exchange(self._app, scope, receive, send, body, now=self._world.now())
        call["status"] = await (_apply_fault(exchange, fault) if fault else exchange.pass_through())

    def _record_call(self, scope: Scope, body: bytes) -> Record:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        headers.pop("authorization", None)
        text = body.decode("utf-8", "replace")
        if scope["path"].startswith("/connect/"):
            text = dict(parse_qsl(text)).get("grant_type", "")
        call: Record = {
            "at": self._world.now().isoformat(),
            "method": scope["method"],
            "path": scope["path"],
            "query": scope["query_string"].decode("latin-1"),
            "headers": headers,
            "body": text,
            "status": None,
        }
        self._world.calls.append(call)
        return call


class Exchange:
    """One request and the ways to reply to it. Each returns the status that the caller saw, or None for no reply."""

    def __init__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, body: bytes, *, now: datetime) -> None:
        self._app, self.scope, self._receive, self._send, self._body = app, scope, receive, send, body
        self._date = format_datetime(now, usegmt=True)

    async def process(self) -> tuple[Message, bytes]:
        """Run the app; return the start message and the body of its reply without sending them."""
        start: Message = {}
        chunks: list[bytes] = []

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            else:
                chunks.append(message.get("body", b""))

        await self._app(self.scope, _replay(self._body, self._receive), keep)
        start["headers"] = [*start["headers"], (b"date", self._date.encode())]
        return start, b"".join(chunks)

    async def pass_through(self) -> int:
        """Send the app's reply unchanged."""
        return await self.send(*await self.process())

    async def send(self, start: Message, body: bytes) -> int:
        """Send a reply; its Content-Length is computed from `body`."""
        headers = [pair for pair in start["headers"] if pair[0] != b"content-length"]
        if start["status"] != 204:
            headers.append((b"content-length", str(len(body)).encode()))
        await self._send({**start, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})
        status: int = start["status"]
        return status

    async def send_response(self, response: Response) -> int:
        """Send `response` in place of the app's reply."""
        response.headers["date"] = self._date
        await response(self.scope, self._receive, self._send)
        return response.status_code

    async def cut(self, kind: str, hold: float = 0, partial: bytes = b"", start: Message | None = None) -> None:
        """Close the connection without a full reply: after `start` and `partial`, or after `hold` seconds."""
        transport: Any = getattr(getattr(self._send, "__self__", None), "transport", None)
        if transport is None:
            raise ConnectionLost(kind)
        if start is not None:
            await self._send(start)
            await self._send({"type": "http.response.body", "body": partial, "more_body": True})
            transport.close()
            return
        disconnected = asyncio.ensure_future(_disconnected(self._receive))
        await asyncio.wait([disconnected], timeout=hold)
        transport.abort()
        await disconnected


async def _apply_fault(exchange: Exchange, fault: Fault) -> int | None:
    replacement = faults.replacement_reply(fault)
    if fault.kind == "status" and fault.cached:
        exchange.scope["sandbox.fault"] = fault
        return await exchange.pass_through()
    if fault.kind == "slow":
        pause = _pause(fault.seconds)
        if exchange.scope["path"].startswith(faults.API):
            exchange.scope["sandbox.pause"] = pause  # awaited in the gateway, where the call is in flight
        else:
            await pause()
        return await exchange.pass_through()
    if fault.kind in ("timeout", "reset"):
        if fault.when == "after":
            await exchange.process()
        await exchange.cut(fault.kind, fault.seconds if fault.kind == "timeout" else 0)
        return None
    if replacement is not None:
        if fault.when == "after":
            await exchange.process()
        return await exchange.send_response(replacement)
    start, body = await exchange.process()
    if fault.kind == "truncated":
        await exchange.cut("reset", partial=body[: len(body) // 2], start=start)
        return None
    return await exchange.send(start, faults.corrupt(fault, body))


def _pause(seconds: float) -> Callable[[], Awaitable[None]]:
    async def pause() -> None:
        await asyncio.sleep(seconds)

    return pause


async def _whole_body(receive: Receive) -> bytes:
    chunks, more = [], True
    while more:
        message = await receive()
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(chunks)


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def receive_body_first() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_body_first


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
