"""The connections of one process: how many an address may have, and how long and how large a request may be.

A connection that does not send its request in time is closed. If an address has too many connections, its oldest one
without a complete request makes place for the new one, so that nobody who sends requests is kept out.
"""

import asyncio
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_network
from typing import Any, Final

from starlette.responses import Response
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api.platform.errors import ApiError, BadRequest, HeadersTooLarge, RequestTooSlow, TooManyConnections
from api.platform.http.address import is_within
from api.platform.http.problems import problem_response

_LARGEST_HEAD_BYTES: Final = 64 * 1024
_MOST_HEADERS: Final = 100
# Each part of a body is a call, and is added to what was received before: a body in parts of a byte stops everybody.
_SMALL_PARTS: Final = 1000
_PART_BYTES: Final = 128  # on average, of the parts beyond these


@dataclass(frozen=True)
class ConnectionLimits:
    """How many connections there may be, and how many seconds each part of a request may take."""

    per_address: int = 512
    total: int = 8192
    openings_per_second: float = 50.0  # of one address
    opening_burst: int = 512
    head_seconds: float = 10.0
    pause_seconds: float = 30.0  # between two parts of a body, and while a client does not read its answer
    body_seconds: float = 300.0
    discard_seconds: float = 5.0  # for the rest of a body that was answered before it was read


class OpenConnections:
    """The open connections of one process. Proxies that are trusted may have any number of them."""

    def __init__(self, limits: ConnectionLimits, trusted_proxies: Collection[str] = ()) -> None:
        self.limits = limits
        self._trusted = [ip_network(network, strict=False) for network in trusted_proxies]
        self._counts: Counter[str] = Counter()
        # The connections without a complete request, the oldest first: all, and those of each address.
        self._waiting: dict[LimitedProtocol, None] = {}
        self._waiting_of: dict[str, dict[LimitedProtocol, None]] = {}

    def admit(self, connection: "LimitedProtocol", address: str) -> bool:
        """Count a new connection; False if there is no place for it."""
        if self._counts[address] >= self.limits.per_address and not is_within(address, self._trusted):
            admitted = self._close_oldest(self._waiting_of.get(address, {}))
        else:
            admitted = self._counts.total() < self.limits.total or self._close_oldest(self._waiting)
        self._counts[address] += 1
        return admitted

    def wait(self, connection: "LimitedProtocol", address: str) -> None:
        """Note that the connection has no complete request."""
        self.proceed(connection, address)
        self._waiting[connection] = None
        self._waiting_of.setdefault(address, {})[connection] = None

    def proceed(self, connection: "LimitedProtocol", address: str) -> None:
        """Note that the connection has a complete request, which is being answered."""
        self._waiting.pop(connection, None)
        of_address = self._waiting_of.get(address, {})
        of_address.pop(connection, None)
        if not of_address:
            self._waiting_of.pop(address, None)

    def remove(self, connection: "LimitedProtocol", address: str) -> None:
        """Forget a connection that is closed."""
        self.proceed(connection, address)
        self._counts[address] -= 1
        if self._counts[address] <= 0:
            del self._counts[address]

    @staticmethod
    def _close_oldest(waiting: dict["LimitedProtocol", None]) -> bool:
        oldest = next(iter(waiting), None)
        if oldest is not None:
            oldest.close_now()
        return oldest is not None


class LimitedProtocol(HttpToolsProtocol):
    """Uvicorn's protocol, with limits for the size and the duration of each part of a request.

    `limited_protocol` makes the class of one process, with its `open_connections`.
    """

    open_connections: OpenConnections

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._limits = self.open_connections.limits
        self._address: str | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._reader_timer: asyncio.TimerHandle | None = None
        self._refusal: ApiError | None = None
        self._is_reading_head = True
        self._is_reading_body = False
        self._has_progressed = False
        self._idle_bytes = 0  # received without the end of the headers, a part of the body or its end
        self._head_bytes = 0
        self._body_parts = self._body_bytes = 0
        self._body_ends_at = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Admit the connection, or refuse it."""
        super().connection_made(transport)
        self._address = self.client[0] if self.client else "unknown"
        if not self.open_connections.admit(self, self._address):
            self._refuse(TooManyConnections(headers={"Retry-After": "5"}))
            return
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_timer()
        self._note_reader(waits=False)
        if self._address is not None:
            self.open_connections.remove(self, self._address)
            self._address = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what arrived, unless the connection was refused."""
        if self._refusal is not None or self.transport.is_closing():
            return
        if self._is_reading_head and self._timer is None:
            self._set_timer(self._limits.head_seconds)
        self._has_progressed = False
        super().data_received(data)
        self._idle_bytes = 0 if self._has_progressed else self._idle_bytes + len(data)
        if self._idle_bytes > _LARGEST_HEAD_BYTES:
            self._refuse(HeadersTooLarge())

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._is_reading_head, self._head_bytes = True, 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Take a part of the address."""
        self._count_head(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header, or a header after a body in chunks."""
        self._count_head(len(name) + len(value) + 4)
        if len(self.headers) >= _MOST_HEADERS:
            raise HeadersTooLarge
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Start answering the request; its body may follow."""
        self._has_progressed = True
        self._is_reading_head, self._is_reading_body = False, True
        self._body_parts = self._body_bytes = 0
        self._body_ends_at = self.loop.time() + self._limits.body_seconds
        self._set_timer(self._limits.pause_seconds)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self._has_progressed = True
        self._body_parts += 1
        self._body_bytes += len(body)
        if self._body_parts > _SMALL_PARTS + self._body_bytes // _PART_BYTES:
            raise BadRequest
        if not self.cycle.response_complete:
            self._set_timer(min(self._limits.pause_seconds, self._body_ends_at - self.loop.time()))
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is complete."""
        self._has_progressed = True
        self._is_reading_head, self._is_reading_body, self._head_bytes = True, False, 0
        self._stop_timer()
        if self.cycle.response_complete:
            self._set_timer(self._limits.head_seconds)
        elif self._address is not None:
            self.open_connections.proceed(self, self._address)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request; a body that nobody reads any more may go on for a few seconds."""
        super().on_response_complete()
        if self.transport.is_closing() or self._address is None:
            return
        if self._is_reading_body:
            self._unset_keepalive_if_required()
            self._set_timer(self._limits.discard_seconds)
        if not self.pipeline:
            self.open_connections.wait(self, self._address)

    def pause_writing(self) -> None:
        """The client does not read its answer."""
        super().pause_writing()
        self._note_reader(waits=True)

    def resume_writing(self) -> None:
        """The client reads its answer again."""
        super().resume_writing()
        self._note_reader(waits=False)

    def send_400_response(self, msg: str) -> None:
        """Answer a request that cannot be parsed, or whose head is too large."""
        is_too_large = self._head_bytes > _LARGEST_HEAD_BYTES or len(self.headers or ()) >= _MOST_HEADERS
        self._refuse(HeadersTooLarge() if is_too_large else BadRequest())

    def close_now(self) -> None:
        """Close the connection to make place for another one."""
        if self._address is not None:
            self.open_connections.remove(self, self._address)
            self._address = None
        self.transport.abort()

    def _count_head(self, size_bytes: int) -> None:
        self._head_bytes += size_bytes
        if self._head_bytes > _LARGEST_HEAD_BYTES:
            raise HeadersTooLarge

    def _wait_for_head(self) -> None:
        assert self._address is not None
        self.open_connections.wait(self, self._address)
        self._set_timer(self._limits.head_seconds)

    def _set_timer(self, seconds: float) -> None:
        self._stop_timer()
        self._timer = self.loop.call_later(max(0.0, seconds), self._end_of_time)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _end_of_time(self) -> None:
        self._timer = None
        we_do_not_read = self.flow.read_paused and self.loop.time() < self._body_ends_at
        if we_do_not_read if self._is_reading_body else self._is_answering:
            self._set_timer(self._limits.pause_seconds)
        elif self._is_reading_head and not self._head_bytes and not self._idle_bytes:
            self.transport.close()  # nothing was asked
        else:
            self._refuse(RequestTooSlow())

    def _note_reader(self, *, waits: bool) -> None:
        if self._reader_timer is not None:
            self._reader_timer.cancel()
            self._reader_timer = None
        if waits:
            self._reader_timer = self.loop.call_later(self._limits.pause_seconds, self.transport.abort)

    def _refuse(self, error: ApiError) -> None:
        """Answer with a problem and close the connection."""
        if self._refusal is not None or self.transport.is_closing():
            return
        self._refusal = error
        self._stop_timer()
        if self.cycle is not None and self.cycle.response_started and (self._is_reading_body or self._is_answering):
            self.transport.abort()  # a second answer would be read as a part of the first
            return
        self.transport.write(_raw(problem_response(error)))
        self.transport.close()

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete


def limited_protocol(open_connections: OpenConnections) -> type[LimitedProtocol]:
    """The protocol class of one process."""
    return type("ProcessProtocol", (LimitedProtocol,), {"open_connections": open_connections})


def _raw(response: Response) -> bytes:
    """A whole answer as bytes, after which the connection closes."""
    status = HTTPStatus(response.status_code)
    lines = [f"HTTP/1.1 {status.value} {status.phrase}".encode(), b"connection: close"]
    lines += [name + b": " + value for name, value in response.raw_headers]
    return b"\r\n".join([*lines, b"", bytes(response.body)])
