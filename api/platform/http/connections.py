"""The connections of one process: how many an address may have, and how long and how large a request may be.

A connection that does not send its request in time is closed. If an address has too many connections, its oldest one
without a complete request makes place for the new one, so that nobody who sends requests is kept out.
"""

import asyncio
import time
from http import HTTPStatus
from typing import Any, Final

import httptools
from prometheus_client import Counter
from starlette.datastructures import Headers
from starlette.responses import Response
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from api.platform.errors import (
    ApiError,
    BadRequest,
    HeadersTooLarge,
    MethodNotAllowed,
    RequestTooSlow,
    TooManyConnections,
    TooManyRequests,
)
from api.platform.http.address import Peer
from api.platform.http.bodies import COUNTED
from api.platform.http.open_connections import ProcessLimits
from api.platform.http.problems import problem_response

_LARGEST_HEAD_BYTES: Final = 64 * 1024
_MOST_HEADERS: Final = 100
_LARGEST_COOKIES_BYTES: Final = 8 * 1024
_LONGEST_ADDRESS_BYTES: Final = 8 * 1024  # each route compares the path with its own
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_OPENINGS_OF_A_REFUSAL: Final = 10  # so many new connections less for a network that goes on after its last request
_MOST_WAITING_REQUESTS: Final = 8  # on one connection, behind the one that is being answered
_REFUSALS: Final = Counter(
    "jobtally_early_refusals", "Requests that were refused before the application was called.", ["code"]
)
# Each part of a body is a call, and is added to what was received before: a body in parts of a byte stops everybody.
_SMALL_PARTS: Final = 1000
_PART_BYTES: Final = 128  # on average, of the parts beyond these


class LimitedProtocol(HttpToolsProtocol):
    """Uvicorn's protocol, with limits for the size and the duration of each part of a request.

    A request is refused here, before the application is called, if its form says that nobody needs an answer, or if
    unknown callers of its network have sent too much. It then costs a little of the server and nothing of the database.
    """

    def __init__(self, peer: Peer, shared: ProcessLimits, **options: Any) -> None:
        super().__init__(**options)
        self._shared = shared
        self._limits = shared.connections.limits
        self._peer = peer
        self._is_counted = False
        self._answered: RequestResponseCycle | None = None
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
        self._is_counted = True
        if not self._shared.connections.admit(self, self._peer):
            self._refuse(TooManyConnections(headers={"Retry-After": "5"}))
            return
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_timer()
        self._note_reader(waits=False)
        self._remove()
        self._drop_answer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what arrived, unless the connection was refused."""
        if self._refusal is not None or self.transport.is_closing():
            return
        if self._is_reading_head and self._timer is None:
            self._set_timer(self._limits.head_seconds)
        self._has_progressed = False
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError:
            self._refuse_what_cannot_be_read()
        except httptools.HttpParserUpgrade:
            pass  # to another version of HTTP: the request is answered as it is
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
        """Start answering the request, or refuse it before the application is called; its body may follow."""
        self._has_progressed = True
        try:
            self._check_head()
        except ApiError as refused:
            self._refuse(refused)
            raise  # what has arrived after it is not parsed
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
        elif self._is_counted:
            self._shared.connections.proceed(self, self._peer)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request; a body that nobody reads any more may go on for a few seconds."""
        super().on_response_complete()
        if self.transport.is_closing() or not self._is_counted:
            return
        if self._is_reading_body:
            self._unset_keepalive_if_required()
            self._set_timer(self._limits.discard_seconds)
        if not self.pipeline:
            self._shared.connections.wait(self, self._peer)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._answered = cycle
        super()._start_asgi_task(cycle, app)

    def pause_writing(self) -> None:
        """The client does not read its answer."""
        super().pause_writing()
        self._note_reader(waits=True)

    def resume_writing(self) -> None:
        """The client reads its answer again."""
        super().resume_writing()
        self._note_reader(waits=False)

    def _refuse_what_cannot_be_read(self) -> None:
        is_too_large = self._head_bytes > _LARGEST_HEAD_BYTES or len(self.headers or ()) >= _MOST_HEADERS
        self._refuse(HeadersTooLarge() if is_too_large else BadRequest())

    def close_now(self) -> None:
        """Close the connection to make place for another one."""
        self._remove()
        self._drop_answer()
        self.transport.abort()

    def _drop_answer(self) -> None:
        """Let what the application still sends go nowhere. Uvicorn does so for the last request only."""
        if self._answered is not None:
            self._answered.disconnected = True
            self._answered.message_event.set()

    def _remove(self) -> None:
        if self._is_counted:
            self._is_counted = False
            self._shared.connections.remove(self, self._peer)

    def _count_head(self, size_bytes: int) -> None:
        self._head_bytes += size_bytes
        if self._head_bytes > _LARGEST_HEAD_BYTES:
            raise HeadersTooLarge

    def _check_head(self) -> None:
        method = self.parser.get_method().decode("ascii")
        if method not in _METHODS:
            raise MethodNotAllowed(headers={"Allow": ", ".join(_METHODS)})
        if len(self.pipeline) >= _MOST_WAITING_REQUESTS:
            raise TooManyRequests("Wait for the answers before you send more on this connection.")
        if sum(len(value) for name, value in self.headers if name == b"cookie") > _LARGEST_COOKIES_BYTES:
            raise HeadersTooLarge("Send at most 8 KB of cookies.")
        if len(self.url) > _LONGEST_ADDRESS_BYTES:
            raise HeadersTooLarge("Send an address of at most 8 KB.")
        if self._get_upgrade() == b"websocket":
            raise BadRequest("There are no WebSockets here.")
        path = self.url.partition(b"?")[0].decode("ascii", "replace")
        if not self._peer.is_proxy:
            headers = Headers(raw=self.headers)
            self._shared.unknown_callers.count(self._peer.network, method, path, headers, self._head_bytes)
            self.scope["state"][COUNTED] = True

    def _note_refusal(self, error: ApiError) -> None:
        _REFUSALS.labels(error.code).inc()
        if self._peer.is_proxy:
            return
        if isinstance(error, TooManyRequests):
            self._shared.openings.charge(self._peer.network, time.monotonic(), _OPENINGS_OF_A_REFUSAL)
        elif error.status < 500:
            self._shared.unknown_callers.note_bad_request(self._peer.network)

    def _wait_for_head(self) -> None:
        self._shared.connections.wait(self, self._peer)
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
        self._note_refusal(error)
        self._drop_answer()
        answered = self._answered
        if answered and answered.response_started and (self._is_reading_body or not answered.response_complete):
            self.transport.abort()  # a second answer would be read as a part of the first
            return
        self.transport.write(_raw(problem_response(error)))
        self.transport.close()

    @property
    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete


def _raw(response: Response) -> bytes:
    """A whole answer as bytes, after which the connection closes."""
    status = HTTPStatus(response.status_code)
    lines = [f"HTTP/1.1 {status.value} {status.phrase}".encode(), b"connection: close"]
    lines += [name + b": " + value for name, value in response.raw_headers]
    return b"\r\n".join([*lines, b"", bytes(response.body)])
