"""What is refused before the application is called: by its form, or because its network has sent too much."""

from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from api.platform.http import unknown_callers
from api.platform.http.limits import RequestCounts, RequestLimiter
from api.platform.http.open_connections import ConnectionLimits
from api.platform.http.unknown_callers import UnknownCallers
from tests.callers import Caller
from tests.platform.http.conftest import HEALTH, PATIENT, SIGN_IN, Gate

CONTACTS = b"GET /api/v1/contacts HTTP/1.1\r\nHost: localhost\r\n"
pytestmark = pytest.mark.usefixtures("start_of_minute")


@pytest.fixture
def called(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths for which the application was called."""
    paths: list[str] = []
    inner: ASGIApp = app.build_middleware_stack()

    async def note(scope: Scope, receive: Receive, send: Send) -> None:
        paths.append(scope["path"])
        await inner(scope, receive, send)

    monkeypatch.setattr(app, "middleware_stack", note)
    return paths


@pytest.fixture(autouse=True)
def _nobody_gets_more_while_time_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unknown_callers, "time", SimpleNamespace(monotonic=lambda: 0.0))


def limit(app: FastAPI, at_once: int) -> None:
    """Allow each network so many requests at once."""
    per_minute = 12 * at_once
    app.state.settings = app.state.settings.model_copy(update={"requests_per_minute": per_minute})
    app.state.limiter = RequestLimiter(RequestCounts(None), "requests", per_minute)
    app.state.unknown_callers = UnknownCallers(app, least_at_once=1)


@pytest.mark.parametrize(
    ("head", "status", "code"),
    [
        (CONTACTS.replace(b"GET", b"TRACE"), 405, "method_not_allowed"),
        (CONTACTS.replace(b"GET", b"PROPFIND"), 405, "method_not_allowed"),
        (CONTACTS + b"Connection: Upgrade\r\nUpgrade: websocket\r\n", 400, "bad_request"),
        (CONTACTS + b"Cookie: a=" + b"b" * 9000 + b"\r\n", 431, "headers_too_large"),
        (CONTACTS + 2 * (b"Cookie: a=" + b"b" * 5000 + b"\r\n"), 431, "headers_too_large"),
        (b"GET /api/v1/contacts/" + b"%41/" * 2100 + b" HTTP/1.1\r\nHost: localhost\r\n", 431, "headers_too_large"),
    ],
    ids=["trace", "unusual method", "websocket", "large cookie", "several cookies", "long address"],
)
async def test_a_request_that_nobody_sends_is_refused_by_its_form(
    serve: Any, called: list[str], head: bytes, status: int, code: str
):
    async with serve(PATIENT) as connect:
        client = await connect()
        answer, problem = await client.ask(head + b"\r\n")
        assert (answer, problem["code"]) == (status, code)
        assert await client.is_closed()
        assert called == []


async def test_an_offer_of_http_2_is_answered_in_http_1(serve: Any):
    async with serve(PATIENT) as connect:
        upgrade = b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n"
        assert (await (await connect()).ask(HEALTH + upgrade + b"\r\n"))[0] == 200


async def test_an_unknown_caller_beyond_the_limit_costs_no_call_of_the_application(
    app: FastAPI, serve: Any, called: list[str]
):
    limit(app, 5)
    async with serve(PATIENT) as connect:
        statuses = [(await (await connect()).ask(CONTACTS + b"\r\n"))[0] for _ in range(8)]
        assert statuses == [401] * 5 + [429] * 3
        assert len(called) == 5
        client = await connect()
        status, problem = await client.ask(CONTACTS + b"\r\n")
        assert (status, problem["code"]) == (429, "too_many_requests")
        assert await client.is_closed()
        assert (await (await connect("127.0.0.2")).ask(CONTACTS + b"\r\n"))[0] == 401, "another address may ask"
        assert (await (await connect()).ask(HEALTH + b"\r\n"))[0] == 200, "a probe is answered"


async def test_probes_have_a_limit_of_their_own(app: FastAPI, serve: Any, called: list[str]):
    limit(app, 5)
    async with serve(PATIENT) as connect:
        client = await connect()
        assert [(await client.ask(HEALTH + b"\r\n"))[0] for _ in range(6)] == [200] * 5 + [429]


async def test_a_known_caller_is_served_when_others_have_used_up_the_address(app: FastAPI, serve: Any, client: Caller):
    limit(app, 5)
    assert (await client.get("/api/v1/session")).status_code == 200
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items()).encode()
    async with serve(PATIENT) as connect:
        own = await connect()
        for _ in range(8):
            status, _ = await (await connect()).ask(CONTACTS + b"\r\n")
        assert status == 429
        for _ in range(8):
            assert (await own.ask(CONTACTS + b"Cookie: " + cookie + b"\r\n\r\n"))[0] == 200


async def test_a_large_request_of_an_unknown_caller_counts_as_several(app: FastAPI, serve: Any):
    limit(app, 10)
    async with serve(PATIENT) as connect:
        assert (await (await connect()).ask(CONTACTS + b"X: " + b"a" * 60_000 + b"\r\n\r\n"))[0] == 401
        assert [(await (await connect()).ask(CONTACTS + b"\r\n"))[0] for _ in range(3)] == [401, 401, 429]


async def test_a_read_with_a_large_body_counts_as_several_before_the_body_arrives(
    app: FastAPI, serve: Any, called: list[str]
):
    limit(app, 10)
    async with serve(PATIENT) as connect:
        assert (await (await connect()).ask(CONTACTS + b"Content-Length: 900000\r\n\r\n"))[0] == 415
        assert (await (await connect()).ask(CONTACTS + b"\r\n"))[0] == 429
        assert len(called) == 1


async def test_bad_requests_count_as_many(app: FastAPI, serve: Any, called: list[str]):
    limit(app, 40)
    async with serve(PATIENT) as connect:
        for _ in range(2):
            assert (await (await connect()).ask(b"this is not HTTP\r\n\r\n"))[0] == 400
        assert (await (await connect()).ask(CONTACTS + b"\r\n"))[0] == 429
        assert called == []


async def test_who_goes_on_after_many_refusals_cannot_open_connections_as_quickly(app: FastAPI, serve: Any):
    limit(app, 1)
    async with serve(ConnectionLimits(openings_per_second=0.001, opening_burst=40)) as connect:
        statuses = [(await (await connect()).ask(CONTACTS + b"\r\n"))[0] for _ in range(6)]
        assert statuses == [401, 429, 429, 429, 429, 0]
        assert (await (await connect("127.0.0.2")).ask(CONTACTS + b"\r\n"))[0] == 401


async def test_what_comes_through_a_proxy_is_counted_for_its_client_alone(app: FastAPI, serve: Any):
    limit(app, 5)
    app.state.settings = app.state.settings.model_copy(update={"trusted_proxies": ("127.0.0.1",)})
    async with serve(PATIENT) as connect:
        proxy = await connect()
        for number in range(25):
            head = CONTACTS + f"X-Forwarded-For: 192.0.2.{number}\r\n\r\n".encode()
            assert (await proxy.ask(head))[0] == 401, "the connection of the proxy goes on"
        statuses = [(await proxy.ask(CONTACTS + b"X-Forwarded-For: 192.0.2.99\r\n\r\n"))[0] for _ in range(22)]
        assert statuses == [401] * 5 + [429] * 17


async def test_few_requests_wait_on_a_connection_behind_the_one_that_is_answered(
    serve: Any, client: Caller, gate: Gate, called: list[str]
):
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    head = f"POST /api/v1/probe/waits HTTP/1.1\r\nHost: x\r\nOrigin: http://localhost:8080\r\nCookie: {cookie}\r\n\r\n"
    async with serve(PATIENT) as connect:
        own = await connect()
        own.writer.write(head.encode())
        await gate.entered.wait()
        status, problem = await own.ask((HEALTH + b"\r\n") * 9)
        assert (status, problem["code"]) == (429, "too_many_requests")
        assert await own.is_closed()
        gate.opened.set()
        few = await connect()
        few.writer.write((HEALTH + b"\r\n") * 5)
        assert [(await few.answer())[0] for _ in range(5)] == [200] * 5
    assert called.count("/healthz") == 5


async def test_early_refusals_are_in_the_metrics(serve: Any, anonymous: httpx2.AsyncClient):
    def refusals(metrics: str) -> float:
        lines = [
            line
            for line in metrics.splitlines()
            if line.startswith('jobtally_early_refusals_total{code="bad_request"}')
        ]
        return float(lines[0].split()[1]) if lines else 0.0

    before = refusals((await anonymous.get("/metrics")).text)
    async with serve(PATIENT) as connect:
        await (await connect()).ask(SIGN_IN.replace(b"HTTP/1.1", b"NOTHING") + b"\r\n")
    assert refusals((await anonymous.get("/metrics")).text) == before + 1
