"""A business's turn: several calls in flight, a number of calls in all, so that every business is served."""

import asyncio
import time
from collections.abc import Coroutine, Iterable, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Self

from api.sync.writes.states import WriteKind
from api.xero.errors import XeroRejected

CALLS = 8  # of one turn, over all that the business writes
# Attempts that are prepared or recorded while as many calls as are allowed wait for Xero.
_BESIDE_FLIGHTS = 2


class Flights:
    """The calls that wait for Xero at one time. Closed by the first one that fails: nothing is sent after it."""

    def __init__(self, at_once: int) -> None:
        self._permits = asyncio.Semaphore(at_once)
        self.are_closed = False

    async def enter(self, seconds: float) -> bool:
        """Wait until a call may be made, but not longer than this; False if none may."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._permits.acquire()
            if not self.are_closed:
                return True
            self._permits.release()
        return False

    @contextmanager
    def flight(self) -> Iterator[None]:
        """One call, after `enter`. A call that Xero refused as a whole is no reason to stop the others."""
        try:
            yield
        except XeroRejected:
            raise
        except BaseException:
            self.are_closed = True
            raise
        finally:
            self._permits.release()


class Turn:
    """Calls that are made beside each other. After an error nothing more is started; what is in flight is recorded.

    While its flights are out, the next calls are prepared. On leaving, the first error is raised once all have ended.
    """

    def __init__(self, *, in_flight: int, seconds: float, calls: int) -> None:
        self.flights = Flights(in_flight)
        self._at_once = in_flight + _BESIDE_FLIGHTS
        self._ends_at = time.monotonic() + seconds
        self._calls_left = calls
        self._running: dict[asyncio.Task[bool], WriteKind | None] = {}
        self._error: BaseException | None = None
        self.freed = False  # whether a call that ended left something to be sent again

    @property
    def may_start(self) -> bool:
        """Whether the turn has calls and time left, and nothing went wrong."""
        return self._error is None and self._calls_left > 0 and time.monotonic() < self._ends_at

    def start(self, kind: WriteKind | None, call: Coroutine[Any, Any, bool]) -> None:
        """Make a call beside those in flight; it gives whether something is left to be sent again."""
        self._calls_left -= 1
        self._running[asyncio.create_task(call)] = kind

    def is_in_flight(self, kind: WriteKind) -> bool:
        """Whether a call of this kind has not ended yet."""
        return kind in self._running.values()

    async def wait_for_capacity(self) -> None:
        """Wait until another call may be prepared; calls that ended meanwhile are noted."""
        self._note(call for call in list(self._running) if call.done())
        while len(self._running) >= self._at_once:
            await self.wait_for_an_end()

    async def wait_for_an_end(self) -> bool:
        """Wait until a call ends; False if none is in flight."""
        if not self._running:
            return False
        ended, _ = await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        self._note(ended)
        return True

    def _note(self, ended: Iterable[asyncio.Task[bool]]) -> None:
        for call in ended:
            del self._running[call]
            if (error := call.exception()) is not None:
                self._error = self._error or error
            else:
                self.freed = self.freed or call.result()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if isinstance(error, asyncio.CancelledError):  # the process ends: an attempt in flight is looked up later
            for call in self._running:
                call.cancel()
        while self._running:
            with suppress(asyncio.CancelledError):
                await self.wait_for_an_end()
        if error is None and self._error is not None:
            raise self._error
