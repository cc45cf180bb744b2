"""The HTTP client against a real socket: what breaks there breaks as promised."""

import asyncio
import gzip
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx2
import pytest

from api.xero import http as http_module
from api.xero.client import XeroClient
from api.xero.config import XeroConfig
from api.xero.errors import XeroBusy, XeroUnknownOutcome
from api.xero.http import open_http, send
from tests.xero.conftest import ORGANISATION, Budget, Tokens

Script = Callable[[bytes], bytes]


@asynccontextmanager
async def xero_on_a_socket(script: Script) -> AsyncIterator[str]:
    """Reads one whole request, writes what the script makes of it, and hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        writer.write(script(head))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@asynccontextmanager
async def connected(config: XeroConfig, address: str) -> AsyncIterator[XeroClient]:
    async with open_http() as http:
        yield XeroClient(config.model_copy(update={"api_url": address}), http, ORGANISATION, Tokens(), Budget())


def answer(body: bytes, *headers: str) -> bytes:
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


@pytest.mark.parametrize(
    ("name", "reply"),
    [
        ("hangs up without a word", b""),
        ("hangs up in the middle of the head", b"HTTP/1.1 200 OK\r\nContent-"),
        ("hangs up in the middle of the body", answer(b'{"Invoices":[]}')[:-4]),
        ("talks something else", b"220 mail.example ESMTP\r\n"),
        ("claims gzip and sends none", answer(b"plain", "Content-Encoding: gzip")),
    ],
)
async def test_a_write_whose_answer_breaks_off_has_an_unknown_outcome(
    config: XeroConfig, name: str, reply: bytes
) -> None:
    async with xero_on_a_socket(lambda head: reply) as address, connected(config, address) as client:
        with pytest.raises(XeroUnknownOutcome):
            await client.create_invoices(b"{}", "key-1")
        with pytest.raises(XeroBusy):
            await client.accounts()


async def test_a_refused_connection_is_busy_even_for_a_write(config: XeroConfig) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        async with connected(config, f"http://127.0.0.1:{closed.getsockname()[1]}") as client:
            with pytest.raises(XeroBusy):
                await client.create_invoices(b"{}", "key-1")


async def test_a_reply_that_unpacks_to_more_than_we_hold_is_broken_off(
    config: XeroConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = answer(gzip.compress(b" " * 17 * 1024 * 1024), "Content-Encoding: gzip")

    async with xero_on_a_socket(lambda head: bomb) as address, connected(config, address) as client:
        with pytest.raises(XeroUnknownOutcome, match="ReplyTooLarge"):
            await client.create_invoices(b"{}", "key-1")


async def test_a_server_that_drips_is_given_up_when_the_whole_call_is_over_time() -> None:
    hung_up = asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n.")
        await writer.drain()
        await reader.read()  # until the client leaves
        hung_up.set()
        writer.close()

    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    async with server, open_http() as http:
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(httpx2.ReadTimeout):
            await send(http, "GET", address, seconds=0.05)
        await asyncio.wait_for(hung_up.wait(), 5)


async def test_a_cookie_of_one_business_never_travels_with_the_next_call() -> None:
    heads: list[bytes] = []

    def script(head: bytes) -> bytes:
        heads.append(head.lower())
        return answer(b"{}", "Set-Cookie: session=of-another-business; Path=/")

    async with xero_on_a_socket(script) as address, open_http() as http:
        await send(http, "GET", address)
        await send(http, "GET", address)

    assert len(heads) == 2
    assert not any(b"cookie" in head for head in heads)


async def test_a_proxy_in_the_environment_is_not_asked_for_a_stand_in_on_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    async with xero_on_a_socket(lambda head: answer(b"here")) as address, open_http() as http:
        assert (await send(http, "GET", address)).body == b"here"


async def test_the_time_limits_are_the_ones_the_leases_are_computed_from() -> None:
    async with open_http() as http:
        assert (http.timeout.connect, http.timeout.read) == (5.0, 60.0)
    assert (http_module.CALL_SECONDS, http_module.TOKEN_SECONDS) == (60.0, 10.0)
