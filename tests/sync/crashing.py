"""Dying at a chosen moment: commits and calls are counted, and the k-th of them is one too many.

A process leaves nothing but what it has committed and what it has said to Xero, so to die before each commit and
before each call is to die everywhere: right after one is right before the next.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

import httpx2
import pytest

from api.platform.db.work import Database, Enter, Scope, UnitOfWork
from sandbox.app import StandIn
from sandbox.in_process import InProcessTransport
from tests.sync.queues import SilentQueue

_EVERY = 5
# The shares of the moments: `make test` tries every fifth moment, `make faults` the others.
SHARES = (0, *(pytest.param(share, marks=pytest.mark.exhaustive) for share in range(1, _EVERY)))


def moments_of(share: int, last: int) -> range:
    """The numbers of a share, of 1 to `last`."""
    return range(1 + share, last + 1, _EVERY)


# The units of work that the running task has open; tasks beside each other do not see each other's.
_open_works: ContextVar[int] = ContextVar("_open_works", default=0)


class Crash(BaseException):
    """The process is gone: nobody catches this."""


@dataclass
class Fate:
    """When to die; without a moment it only counts. Once dead, nothing is committed or sent any more."""

    moment: str | None = None
    number: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    dead: bool = False
    held: int = 0  # most transactions that a task had open during its own call

    def passes(self, moment: str) -> None:
        """This moment has come once more."""
        self.refuse_the_dead()
        self.counts[moment] = self.counts.get(moment, 0) + 1
        if moment == self.moment and self.counts[moment] == self.number:
            self.dead = True
            raise Crash

    def refuse_the_dead(self) -> None:
        """A dead process does nothing more, whatever its cleanup would like to."""
        if self.dead:
            raise Crash


class MortalDatabase(Database):
    """The database of a process that may die around a commit."""

    def __init__(self, url: str, fate: Fate) -> None:
        super().__init__(url, SilentQueue(), pool_size=2)
        self._fate = fate

    @asynccontextmanager
    async def work(self, scope: Scope, *, actor: str | None = None, enter: Enter = None) -> AsyncIterator[UnitOfWork]:
        """A unit of work like any other, unless it is the last."""
        self._fate.refuse_the_dead()
        async with super().work(scope, actor=actor, enter=enter) as work:
            outer = _open_works.get()
            _open_works.set(outer + 1)
            try:
                yield work
            finally:
                _open_works.set(outer)
            self._fate.passes("before commit")


class MortalTransport(InProcessTransport):
    """The network of a process that may die around a call; `trouble` may spoil the call instead."""

    def __init__(self, stand_in: StandIn, fate: Fate) -> None:
        super().__init__(stand_in)
        self._fate = fate

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Call, or die before."""
        self._fate.passes("before call")
        self._fate.held = max(self._fate.held, _open_works.get())
        return await super().handle_async_request(request)
