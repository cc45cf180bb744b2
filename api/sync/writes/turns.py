"""A business's turn: several calls in flight, a number of calls in all, so that every business is served."""

import asyncio
import time
from collections.abc import Coroutine, Iterable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from api.sync.writes.states import WriteKind

CALLS = 8  # of one turn, over all that the business writes


class Turn:
    """Calls that are made beside each other. After an error nothing more is started; what is in flight is recorded.

    On leaving, the first error of a call is raised once every call has ended.
    """

    def __init__(self, *, in_flight: int, seconds: float, calls: int) -> None:
        self._in_flight = in_flight
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
        """Wait until another call may be in flight; calls that ended meanwhile are noted."""
        self._note(call for call in list(self._running) if call.done())
        while len(self._running) >= self._in_flight:
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
