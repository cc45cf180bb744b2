"""The app with two additional routes for these tests, and a server with limits for its connections."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Annotated, Any

import httpx2
import pytest
from fastapi import APIRouter, FastAPI
from uvicorn.server import ServerState

from api.app import create_app
from api.identity.access import Caller as Known
from api.identity.access import permitted
from api.platform.http.open_connections import ConnectionLimits
from api.platform.http.routing import ApiRouter
from api.platform.http.server import server_of
from api.xero.config import JobtallySettings

LISTED = "https://app.kereru.nz"
Allowed = Annotated[Known, permitted("contacts:read")]


HEALTH = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
SIGN_IN = b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
PATIENT = ConnectionLimits()
_PATIENCE_SECONDS = 20


class Client:
    """One connection from an address of this machine."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def answer(self) -> tuple[int, Any]:
        """The status and the JSON of the next answer; 0 if the connection ends without one."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                head = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower()
        except (asyncio.IncompleteReadError, ConnectionResetError):
            return 0, None
        length = next(int(line.split(":")[1]) for line in head.splitlines() if line.startswith("content-length"))
        return int(head.split()[1]), json.loads(await self.reader.readexactly(length))

    async def ask(self, request: bytes) -> tuple[int, Any]:
        """Send this and give the answer."""
        self.writer.write(request)
        return await self.answer()

    async def is_closed(self) -> bool:
        """Wait for the end of the connection."""
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                return await self.reader.read() == b""
        except ConnectionResetError:
            return True


Connect = Callable[..., Awaitable[Client]]


@pytest.fixture
def serve(app: FastAPI) -> Callable[[ConnectionLimits], Any]:
    """Serves the app on a port of this machine with these limits; gives a function that connects to it."""

    @asynccontextmanager
    async def open_server(limits: ConnectionLimits) -> AsyncIterator[Connect]:
        config = server_of(app, app.state.settings, limits).config
        config.load()
        state = ServerState()
        protocol: Any = config.http_protocol_class
        loop = asyncio.get_running_loop()
        build = lambda: protocol(config=config, server_state=state, app_state={}, _loop=loop)  # noqa: E731
        server = await loop.create_server(build, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with AsyncExitStack() as stack:
            stack.callback(server.close)

            async def connect(address: str = "127.0.0.1") -> Client:
                reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
                stack.callback(writer.close)
                return Client(reader, writer)

            yield connect

    return open_server


class Gate:
    """Keeps a request inside its route until the test opens the gate."""

    def __init__(self) -> None:
        self.entered = asyncio.Event()
        self.opened = asyncio.Event()


@pytest.fixture(scope="session")
def _built() -> FastAPI:
    """The app with `POST /api/v1/probe/waits`, `GET /api/v1/probe/crashes` and a second allowed origin."""
    app = create_app(JobtallySettings.from_env({"JOBTALLY_ALLOWED_ORIGINS": LISTED}), embedded_worker=False)
    router = ApiRouter("/probe", tag="probe")

    @router.post("/waits", status_code=201)
    async def wait_at_gate(caller: Allowed) -> dict[str, str]:
        app.state.gate.entered.set()
        await app.state.gate.opened.wait()
        return {"waited": "yes"}

    @router.get("/crashes")
    async def crash() -> None:
        raise RuntimeError("the secret ingredient is jt_aaaaaaaa_bbbbbbbbbbbbbbbb")

    api = APIRouter(prefix="/api/v1")
    api.include_router(router)
    app.include_router(api)
    return app


@pytest.fixture
def gate(app: FastAPI) -> Gate:
    """What `POST /api/v1/probe/waits` waits for."""
    app.state.gate = Gate()
    gate: Gate = app.state.gate
    return gate


def status_and_code(reply: httpx2.Response) -> tuple[int, str]:
    """The status and code of an error response, which must be a complete problem."""
    body = reply.json()
    assert reply.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "code", "request_id"} <= body.keys()
    assert body["status"] == reply.status_code
    assert body["type"] == f"/problems/{body['code']}"
    assert body["request_id"] == reply.headers["x-request-id"]
    return reply.status_code, body["code"]
