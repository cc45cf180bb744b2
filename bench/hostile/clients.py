"""What the attacks are made of: clients at addresses of this machine that go on until their process is ended."""

import contextlib
import http.client
import itertools
import multiprocessing
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

_HOST: Final = "127.0.0.1"
_READ_BYTES: Final = 64 * 1024
PAUSE_SECONDS: Final = 0.01
SIGN_IN_HEAD: Final = b"POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


@dataclass
class Campaign:
    """Where an attack comes from, and how much it has sent; the process that measures shares the number."""

    block: int = 0
    sent: Any = field(default_factory=lambda: multiprocessing.Value("q", 0))

    def note_sent(self, count: int = 1) -> None:
        """Count requests that were sent."""
        with self.sent.get_lock():
            self.sent.value += count


campaign = Campaign()


def addresses(count: int) -> Iterator[str]:
    """Addresses of attackers. Those of each attack differ: what an address has done before counts."""
    return (f"127.0.{campaign.block}.{number}" for number in range(1, count + 1))


def beside(loops: list[Callable[[], None]]) -> None:
    """Run these loops beside each other."""
    threads = [threading.Thread(target=loop, daemon=True) for loop in loops]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def each_from_own_address(count: int, loop: Callable[[str], None]) -> None:
    """Run this loop beside itself, from `count` addresses."""
    beside([partial(loop, address) for address in addresses(count)])


def connected(port: int, address: str) -> socket.socket:
    """A connection from this address."""
    return socket.create_connection((_HOST, port), timeout=10, source_address=(address, 0))


def ask_for_ever(port: int, address: str, path: str, **request: Any) -> None:
    """Send the request again and again, each on a connection of its own."""
    while True:
        ask_once(port, address, path, **request)


def ask_once(
    port: int,
    address: str,
    path: str,
    *,
    method: str = "GET",
    body: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> None:
    """Send the request on a connection of its own, read the answer, and pause."""
    connection = http.client.HTTPConnection(_HOST, port, timeout=30, source_address=(address, 0))
    with contextlib.suppress(OSError, http.client.HTTPException):
        campaign.note_sent()
        connection.request(method, path, body, dict(headers or {}))
        connection.getresponse().read()
    connection.close()
    time.sleep(PAUSE_SECONDS)


def repeat(port: int, address: str, request: bytes) -> None:
    """Send the request as often as the connection takes it, read the answers, and connect again when it ends."""
    while True:
        with contextlib.suppress(OSError), connected(port, address) as connection:
            while True:
                campaign.note_sent()
                connection.sendall(request)
                if not connection.recv(_READ_BYTES):
                    break
        time.sleep(PAUSE_SECONDS)


def hold(port: int, start: bytes, count: int) -> None:
    """Keep `count` connections that have sent this, and open new ones for those that were closed."""
    own = itertools.cycle(addresses(3))
    with selectors.DefaultSelector() as held:  # so that an attacker who only waits takes no processor from the server
        while True:
            while len(held.get_map()) < count:
                with contextlib.suppress(OSError):
                    connection = connected(port, next(own))
                    campaign.note_sent()
                    connection.sendall(start)
                    connection.setblocking(False)
                    held.register(connection, selectors.EVENT_READ)
            for key, _ in held.select():
                if not _is_open(key.fileobj):
                    held.unregister(key.fileobj)
            time.sleep(PAUSE_SECONDS)


def _is_open(connection: Any) -> bool:
    try:
        if connection.recv(_READ_BYTES):
            return True
    except BlockingIOError:
        return True
    except OSError:
        pass
    connection.close()
    return False
