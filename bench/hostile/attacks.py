"""The attacks. Each is a function that goes on until its process is ended, from addresses of this machine.

Those here send requests; those of `bench.hostile.connections` use connections in other ways.
"""

import itertools
import json
import os
import resource
from collections.abc import Callable
from functools import partial
from typing import Final

from bench.hostile import connections
from bench.hostile.clients import (
    Campaign,
    addresses,
    ask_for_ever,
    ask_once,
    beside,
    campaign,
    each_from_own_address,
    repeat,
)

_MEGABYTE: Final = 1024 * 1024
_JSON: Final = {"Content-Type": "application/json"}
_SIGN_IN: Final = "/api/v1/session"
_WRONG_KEY: Final = "jt_Ab3dEf7h_0123456789abcdefghijklmnopqrstuvwxyz"


def unknown_fields(port: int) -> None:
    """Six clients send an object of 90,000 unknown fields, again and again."""
    body = json.dumps({f"f{number:05}": 1 for number in range(90_000)}, separators=(",", ":"))
    each_from_own_address(6, lambda address: _sign_in(port, address, body))


def deep_json(port: int) -> None:
    """Six clients send lists in lists, thirty thousand deep."""
    each_from_own_address(6, lambda address: _sign_in(port, address, "[" * 30_000 + "]" * 30_000))


def long_email(port: int) -> None:
    """Three clients send an e-mail address of 900 KB."""
    body = json.dumps({"email": "x" * 900_000, "password": "a guess"})
    each_from_own_address(3, lambda address: _sign_in(port, address, body))


def wrong_sign_ins(port: int) -> None:
    """Sixty wrong passwords at once from twelve addresses."""
    body = json.dumps({"email": "hemi@example.nz", "password": "a guess too many"})
    beside([partial(_sign_in, port, address, body) for address in addresses(12) for _ in range(5)])


def sign_ups(port: int) -> None:
    """Twelve clients sign up again and again."""
    number = itertools.count()
    person = {
        "business_name": "Tūī Electrical",
        "country": "NZ",
        "name": "Hemi",
        "password": "a guess too many of them",
    }

    def sign_up(address: str) -> None:
        while True:
            body = json.dumps(person | {"email": f"{address}.{next(number)}@example.nz"})
            ask_once(port, address, "/api/v1/businesses", method="POST", body=body, headers=_JSON)

    each_from_own_address(12, sign_up)


def many_addresses(port: int) -> None:
    """Six clients ask for what does not exist, each time from another one of 250 addresses."""
    own = itertools.cycle(addresses(250))

    def ask(_: str) -> None:
        while True:
            ask_once(port, next(own), "/wp-login.php")

    each_from_own_address(6, ask)


def wrong_keys(port: int) -> None:
    """Twelve clients ask with an API key that nobody has."""
    headers = {"Authorization": f"Bearer {_WRONG_KEY}"}
    each_from_own_address(12, lambda address: ask_for_ever(port, address, "/api/v1/contacts", headers=headers))


def unknown_addresses(port: int) -> None:
    """Twelve clients ask for what does not exist."""
    each_from_own_address(12, lambda address: ask_for_ever(port, address, "/wp-login.php"))


def odd_requests(port: int) -> None:
    """Unusual methods, parts of files and upgrades to WebSocket, on connections that stay open."""
    upgrade = (
        b"Connection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
    )
    requests = [
        *(f"{method} /api/v1/contacts HTTP/1.1\r\n".encode() for method in ("TRACE", "PROPFIND", "OPTIONS", "LOCK")),
        b"GET / HTTP/1.1\r\nAccept: text/html\r\nRange: bytes=" + b",".join(b"%d-" % n for n in range(500)) + b"\r\n",
        b"GET /api/v1/notifications HTTP/1.1\r\n" + upgrade,
    ]
    whole = [request + b"Host: localhost\r\n\r\n" for request in requests]
    beside([partial(repeat, port, *pair) for pair in zip(addresses(6), whole, strict=True)])


def long_queries(port: int) -> None:
    """Six clients send fifteen thousand parameters."""
    query = "&".join(f"{number:x}=" for number in range(11_000))
    each_from_own_address(6, lambda address: ask_for_ever(port, address, f"/api/v1/contacts?{query}"))


def many_headers(port: int) -> None:
    """Six clients send 99 headers of 600 bytes each."""
    headers = b"".join(b"X-%02d: %s\r\n" % (number, b"a" * 600) for number in range(98))
    request = b"GET /api/v1/contacts HTTP/1.1\r\nHost: localhost\r\n" + headers + b"\r\n"
    each_from_own_address(6, lambda address: repeat(port, address, request))


def large_cookies(port: int) -> None:
    """Six clients send 60 KB of cookies."""
    cookies = b"; ".join(b"c%05d=%d" % (number, number) for number in range(4500))
    request = b"GET /api/v1/contacts HTTP/1.1\r\nHost: localhost\r\nCookie: " + cookies + b"\r\n\r\n"
    each_from_own_address(6, lambda address: repeat(port, address, request))


def pipelined_requests(port: int) -> None:
    """Six clients send hundreds of requests before they read an answer."""
    requests = b"GET /api/v1/contacts HTTP/1.1\r\nHost: localhost\r\n\r\n" * 500
    each_from_own_address(6, lambda address: repeat(port, address, requests))


def form_bodies(port: int) -> None:
    """Twelve clients send small forms with files, which nothing takes."""
    part = '--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n1\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    body = part * 50 + "--x--\r\n"
    each_from_own_address(12, lambda own: ask_for_ever(port, own, _SIGN_IN, method="POST", body=body, headers=headers))


def long_numbers(port: int) -> None:
    """Six clients send a number of 900,000 digits."""
    body = '{"email": ' + "7" * 900_000 + "}"
    each_from_own_address(6, lambda address: _sign_in(port, address, body))


def long_paths(port: int) -> None:
    """Six clients ask for addresses of 30 KB with escaped letters."""
    request = b"GET /api/v1/contacts/" + b"%41/" * 7500 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n"
    each_from_own_address(6, lambda address: repeat(port, address, request))


def compressed_documents(port: int) -> None:
    """Six clients ask for the longest text, compressed."""
    headers = {"Accept-Encoding": "br"}
    each_from_own_address(6, lambda address: ask_for_ever(port, address, "/openapi.yaml", headers=headers))


def pages(port: int) -> None:
    """Six clients load the web app again and again."""
    request = b"GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n"
    each_from_own_address(6, lambda address: repeat(port, address, request))


def probes(port: int) -> None:
    """Six clients ask whether the server is ready, which asks the database."""
    request = b"GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    each_from_own_address(6, lambda address: repeat(port, address, request))


ATTACKS: Final[tuple[Callable[[int], None], ...]] = (
    unknown_fields,
    deep_json,
    long_email,
    wrong_sign_ins,
    sign_ups,
    many_addresses,
    wrong_keys,
    unknown_addresses,
    odd_requests,
    long_queries,
    many_headers,
    large_cookies,
    connections.large_header,
    connections.small_chunks,
    pipelined_requests,
    connections.slow_readers,
    connections.half_requests,
    connections.half_bodies,
    form_bodies,
    long_numbers,
    long_paths,
    compressed_documents,
    pages,
    probes,
    connections.churn,
    connections.tls_bytes,
    connections.expected_bodies,
    connections.dripping_bodies,
)


def run(attack: Callable[[int], None], port: int, own: Campaign) -> None:
    """Attack at the lowest priority: attackers have processors of their own."""
    campaign.block, campaign.sent = own.block, own.sent
    os.nice(19)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    attack(port)


def _sign_in(port: int, address: str, body: str) -> None:
    ask_for_ever(port, address, _SIGN_IN, method="POST", body=body, headers=_JSON)
