"""Connections: a request that is too large or too slow is refused, and an address cannot keep others out."""

import asyncio
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from api.platform.http.address import network_of
from api.platform.http.network_rates import NetworkRates
from api.platform.http.open_connections import ConnectionLimits
from tests.platform.http.conftest import HEALTH, PATIENT, SIGN_IN, Gate

_PATIENCE_SECONDS = 20


@pytest.mark.parametrize(
    "head",
    [
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"a" * 70_000,
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"a" * 66_000 + b"\r\n\r\n",
        b"GET /healthz?" + b"a" * 66_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        HEALTH + b"".join(b"X-%d: 1\r\n" % number for number in range(101)) + b"\r\n",
        HEALTH + b"".join(b"X-%d: %s\r\n" % (number, b"a" * 1000) for number in range(70)) + b"\r\n",
    ],
    ids=["unfinished header", "long header", "long address", "many headers", "many long headers"],
)
async def test_headers_of_more_than_64_kilobytes_are_refused(serve: Any, head: bytes):
    async with serve(PATIENT) as connect:
        client = await connect()
        status, problem = await client.ask(head)
        assert (status, problem["code"]) == (431, "headers_too_large")
        assert await client.is_closed()


async def test_headers_after_a_body_in_chunks_are_limited_too(serve: Any):
    async with serve(PATIENT) as connect:
        client = await connect()
        trailer = b"0\r\nX-Long: " + b"a" * 1_000_000  # more than one read of the socket
        await client.ask(SIGN_IN + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n" + trailer)
        assert await client.is_closed()


async def test_a_request_that_cannot_be_parsed_is_answered_with_a_problem(serve: Any):
    async with serve(PATIENT) as connect:
        status, problem = await (await connect()).ask(b"this is not HTTP\r\n\r\n")
        assert (status, problem["code"]) == (400, "bad_request")


@pytest.mark.parametrize(
    ("limits", "sent"),
    [
        (ConnectionLimits(head_seconds=0.05), HEALTH),
        (ConnectionLimits(head_seconds=999, pause_seconds=0.05), SIGN_IN + b"Content-Length: 100\r\n\r\n"),
        (ConnectionLimits(head_seconds=999, pause_seconds=0.05), SIGN_IN + b"Content-Length: 100\r\n\r\n{"),
        (ConnectionLimits(head_seconds=999, body_seconds=0.05), SIGN_IN + b"Content-Length: 100\r\n\r\n{"),
    ],
    ids=["headers", "pause before the body", "pause in the body", "whole body"],
)
async def test_a_request_that_does_not_arrive_in_time_is_refused(serve: Any, limits: ConnectionLimits, sent: bytes):
    async with serve(limits) as connect:
        client = await connect()
        status, problem = await client.ask(sent)
        assert (status, problem["code"]) == (408, "request_too_slow")
        assert await client.is_closed()


async def test_the_headers_of_a_second_request_have_to_arrive_in_time_too(serve: Any):
    async with serve(ConnectionLimits(head_seconds=0.05)) as connect:
        client = await connect()
        assert (await client.ask(HEALTH + b"\r\n"))[0] == 200
        assert (await client.ask(HEALTH))[0] == 408


async def test_a_connection_that_asks_nothing_is_closed(serve: Any):
    async with serve(ConnectionLimits(head_seconds=0.05)) as connect:
        assert await (await connect()).is_closed()


async def test_a_body_that_arrives_part_by_part_is_read(serve: Any):
    async with serve(PATIENT) as connect:
        client = await connect()
        client.writer.write(SIGN_IN + b"Content-Length: 4\r\n\r\n")
        for part in (b"{", b" ", b" "):
            client.writer.write(part)
            await client.writer.drain()
        assert (await client.ask(b"}"))[0] == 422
        assert (await client.ask(HEALTH + b"\r\n"))[0] == 200, "the connection goes on"


async def test_a_body_in_thousands_of_parts_of_a_byte_is_refused(serve: Any):
    async with serve(PATIENT) as connect:
        client = await connect()
        head = SIGN_IN + b"Transfer-Encoding: chunked\r\n\r\n"
        status, problem = await client.ask(head + b"1\r\n \r\n" * 2000)
        assert (status, problem["code"]) == (400, "bad_request")
        assert await client.is_closed()


async def test_the_rest_of_a_body_that_was_refused_is_not_read_for_long(serve: Any):
    async with serve(ConnectionLimits(discard_seconds=0.05)) as connect:
        client = await connect()
        status, _ = await client.ask(SIGN_IN + b"Content-Length: 9000000\r\n\r\n{")
        assert status == 413
        assert await client.is_closed()


async def test_a_client_that_does_not_read_its_answer_loses_its_connection(
    app: FastAPI, serve: Any, monkeypatch: pytest.MonkeyPatch
):
    part, count, ended = b"a" * 65_536, 1000, asyncio.Event()

    async def answer(_: Scope, __: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _part in range(count):
            await send({"type": "http.response.body", "body": part, "more_body": True})
        ended.set()

    monkeypatch.setattr(app, "middleware_stack", answer)
    async with serve(ConnectionLimits(pause_seconds=0.05)) as connect, asyncio.timeout(_PATIENCE_SECONDS):
        client = await connect()
        client.writer.write(HEALTH + b"\r\n")
        await ended.wait()
        assert len(await client.reader.read()) < count * len(part)


async def test_the_oldest_connection_without_a_request_makes_place_for_a_new_one_of_the_address(serve: Any):
    async with serve(ConnectionLimits(per_address=2)) as connect:
        first, second, other = await connect(), await connect(), await connect("127.0.0.2")
        for client in (first, second, other):
            client.writer.write(HEALTH)
        third = await connect()
        assert (await third.ask(HEALTH + b"\r\n"))[0] == 200
        assert await first.is_closed()
        assert (await second.ask(b"\r\n"))[0] == 200
        assert (await other.ask(b"\r\n"))[0] == 200, "another address is not concerned"


async def test_a_connection_whose_request_is_answered_does_not_make_place(serve: Any, client: Any, gate: Gate):
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    lines = (
        "POST /api/v1/probe/waits HTTP/1.1",
        "Host: localhost",
        "Origin: http://localhost:8080",
        f"Cookie: {cookie}",
    )
    async with serve(ConnectionLimits(per_address=1)) as connect:
        first = await connect()
        first.writer.write("\r\n".join([*lines, "", ""]).encode())
        await gate.entered.wait()
        status, problem = await (await connect()).answer()
        assert (status, problem["code"]) == (503, "too_many_connections")
        gate.opened.set()
        assert (await first.answer())[0] == 201


async def test_the_number_of_all_connections_is_limited(serve: Any):
    async with serve(ConnectionLimits(total=1)) as connect:
        first = await connect()
        second = await connect("127.0.0.2")
        assert (await second.ask(HEALTH + b"\r\n"))[0] == 200
        assert await first.is_closed()


async def test_an_address_that_opens_connections_too_quickly_waits_and_others_do_not(serve: Any):
    async with serve(ConnectionLimits(openings_per_second=0.001, opening_burst=3)) as connect:
        admitted = [await connect() for _ in range(3)]
        for _ in range(3):
            assert await (await connect()).is_closed()
        for client in (*admitted, await connect("127.0.0.2")):
            assert (await client.ask(HEALTH + b"\r\n"))[0] == 200


def test_a_network_may_do_more_again_after_a_while():
    rates = NetworkRates(per_second=2, burst=3)

    def allowed(seconds: float, count: int) -> int:
        return sum(rates.allow("127.0.0.1", seconds) for _ in range(count))

    assert allowed(0.0, 9) == 3
    assert allowed(1.0, 9) == 2
    assert rates.seconds_left("127.0.0.1", 1.0) == 1
    assert allowed(1000.0, 9) == 3
    assert rates.allow("127.0.0.2", 1000.0, 9), "what is larger than the rest is allowed once"
    assert not rates.allow("127.0.0.2", 1001.9)
    assert rates.seconds_left("127.0.0.2", 1001.9) == 1
    assert rates.allow("127.0.0.2", 1002.0)


async def test_proxies_that_are_trusted_may_have_any_number_of_connections(serve: Any, app: FastAPI):
    app.state.settings = app.state.settings.model_copy(update={"trusted_proxies": ("127.0.0.1",)})
    async with serve(ConnectionLimits(per_address=1)) as connect:
        first, _ = await connect(), await connect()
        assert (await first.ask(HEALTH + b"\r\n"))[0] == 200


def test_a_customer_with_many_ipv6_addresses_is_counted_as_one():
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1") != network_of("2001:db8:0:1::1")
    assert network_of("::ffff:192.0.2.1") != network_of("::ffff:192.0.2.2")
