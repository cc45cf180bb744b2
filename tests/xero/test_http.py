"""The HTTP client against a real socket: network failures, time limits, cookies and proxies."""

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
    """A server that reads one whole request, writes the answer of `script`, and closes the connection."""

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
        ("closes without an answer", b""),
        ("closes within the head", b"HTTP/1.1 200 OK\r\nContent-"),
        ("closes within the body", answer(b'{"Invoices":[]}')[:-4]),
        ("speaks another protocol", b"220 mail.example ESMTP\r\n"),
        ("claims gzip and sends plain text", answer(b"plain", "Content-Encoding: gzip")),
    ],
)
async def test_a_write_whose_answer_is_incomplete_has_an_unknown_outcome(
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


async def test_a_compressed_reply_larger_than_the_limit_is_not_read_to_the_end(
    config: XeroConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = answer(gzip.compress(b" " * 17 * 1024 * 1024), "Content-Encoding: gzip")

    async with xero_on_a_socket(lambda head: large) as address, connected(config, address) as client:
        with pytest.raises(XeroUnknownOutcome, match="ReplyTooLarge"):
            await client.create_invoices(b"{}", "key-1")


async def test_a_slow_reply_is_given_up_when_the_time_of_the_whole_call_is_over() -> None:
    client_closed = asyncio.Event()

    async def send_one_byte(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n.")
        await writer.drain()
        await reader.read()  # until the client closes
        client_closed.set()
        writer.close()

    server = await asyncio.start_server(send_one_byte, "127.0.0.1", 0)
    async with server, open_http() as http:
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        with pytest.raises(httpx2.ReadTimeout):
            await send(http, "GET", address, seconds=0.05)
        await asyncio.wait_for(client_closed.wait(), 5)


async def test_a_cookie_of_an_answer_is_not_sent_with_the_next_call() -> None:
    heads: list[bytes] = []

    def script(head: bytes) -> bytes:
        heads.append(head.lower())
        return answer(b"{}", "Set-Cookie: session=of-another-business; Path=/")

    async with xero_on_a_socket(script) as address, open_http() as http:
        await send(http, "GET", address)
        await send(http, "GET", address)

    assert len(heads) == 2
    assert not any(b"cookie" in head for head in heads)


async def test_a_proxy_of_the_environment_is_not_used_for_a_stand_in_on_this_machine(
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
