"""The attacks. Each is a function that goes on until its process is ended, from addresses of this machine."""

import contextlib
import http.client
import itertools
import json
import os
import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Final

_HOST: Final = "127.0.0.1"
_PAUSE_SECONDS: Final = 0.01
_MEGABYTE: Final = 1024 * 1024
_JSON: Final = {"Content-Type": "application/json"}
_SIGN_IN: Final = "/api/v1/session"


def unknown_fields(port: int) -> None:
    """Six clients send an object of 90,000 unknown fields, again and again."""
    body = json.dumps({f"f{number:05}": 1 for number in range(90_000)}, separators=(",", ":"))
    _beside([lambda address=address: _post_for_ever(port, address, body) for address in _addresses(6)])


def long_email(port: int) -> None:
    """Three clients send an e-mail address of 900 KB."""
    body = json.dumps({"email": "x" * 900_000, "password": "a guess"})
    _beside([lambda address=address: _post_for_ever(port, address, body) for address in _addresses(3)])


def wrong_sign_ins(port: int) -> None:
    """Sixty wrong passwords at once from twelve addresses."""
    body = json.dumps({"email": "hemi@example.nz", "password": "a guess too many"})
    _beside(
        [lambda address=address: _post_for_ever(port, address, body) for address in _addresses(12) for _ in range(5)]
    )


def large_header(port: int) -> None:
    """One header of 60 MB."""
    while True:
        with contextlib.suppress(OSError), _connected(port, "127.0.7.1") as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: ")
            for _ in range(60):
                connection.sendall(b"a" * _MEGABYTE)
        time.sleep(_PAUSE_SECONDS)


def half_requests(port: int) -> None:
    """Three thousand requests without an end from three addresses, and new ones for those that were closed."""
    _hold(port, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n", 3000)


def half_bodies(port: int) -> None:
    """A thousand sign-ins whose body does not arrive."""
    head = b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    _hold(port, head + b"Content-Length: 1000000\r\n\r\n{", 1000)


ATTACKS: Final[tuple[Callable[[int], None], ...]] = (
    unknown_fields,
    long_email,
    wrong_sign_ins,
    large_header,
    half_requests,
    half_bodies,
)


def run(attack: Callable[[int], None], port: int) -> None:
    """Attack at the lowest priority: attackers have processors of their own."""
    os.nice(19)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    attack(port)


def _addresses(count: int) -> Iterator[str]:
    return (f"127.0.7.{number}" for number in range(1, count + 1))


def _beside(loops: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=loop, daemon=True) for loop in loops]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _post_for_ever(port: int, address: str, body: str) -> None:
    while True:
        connection = http.client.HTTPConnection(_HOST, port, timeout=30, source_address=(address, 0))
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection.request("POST", _SIGN_IN, body, _JSON)
            connection.getresponse().read()
        connection.close()
        time.sleep(_PAUSE_SECONDS)


def _hold(port: int, start: bytes, count: int) -> None:
    addresses = itertools.cycle(_addresses(3))
    held: list[socket.socket] = []
    while True:
        while len(held) < count:
            with contextlib.suppress(OSError):
                connection = _connected(port, next(addresses))
                connection.sendall(start)
                held.append(connection)
        held = [connection for connection in held if _is_open(connection)]
        time.sleep(_PAUSE_SECONDS)


def _connected(port: int, address: str) -> socket.socket:
    return socket.create_connection((_HOST, port), timeout=10, source_address=(address, 0))


def _is_open(connection: socket.socket) -> bool:
    connection.settimeout(0)
    try:
        return bool(connection.recv(1))
    except BlockingIOError:
        return True
    except OSError:
        connection.close()
        return False
