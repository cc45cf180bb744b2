"""Leases on rows: one process at a time works on a row, and the database's clock decides when its lease ends.

The fence of a row grows with every holder. A holder whose lease was taken over has an old fence, so it can neither
renew the lease nor record anything under it.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Update, or_, true, update

from api.platform.clock import OVERLAP, app_now
from api.platform.db.base import Leased
from api.platform.db.work import Database, Scope, UnitOfWork
from api.platform.log import get_logger

_LARGEST_DIVISOR = 10.0  # a process that is busy for half a second must not lose a lease by it
_logger = get_logger("jobtally.lease")


class LeaseLost(Exception):
    """Another process may hold the lease now; what was not recorded is left to it."""


@dataclass(frozen=True)
class LeaseTiming:
    """How long a lease lasts, how often it is renewed, and how old the renewal may be when a call starts."""

    lease_seconds: float = 15.0
    renew_seconds: float = 5.0
    call_seconds: float = 7.0

    def __post_init__(self) -> None:
        assert self.renew_seconds < self.lease_seconds / 2, "one renewal may fail without losing the lease"
        assert self.renew_seconds < self.call_seconds, "a lease that is renewed in time allows calls"
        assert self.call_seconds < self.lease_seconds, "no call starts after the lease has ended"

    @property
    def lease(self) -> timedelta:
        """How long a lease lasts after it was taken or renewed."""
        return timedelta(seconds=self.lease_seconds)

    def divided_by(self, scale: float) -> "LeaseTiming":
        """Shorter times for fault tests, but never less than a tenth."""
        divisor = min(scale, _LARGEST_DIVISOR)
        return LeaseTiming(self.lease_seconds / divisor, self.renew_seconds / divisor, self.call_seconds / divisor)


class Lease:
    """A held lease on one row of a table."""

    def __init__(
        self, table: type[Leased], row: ColumnElement[bool], fence: int, timing: LeaseTiming, taken_at: float
    ) -> None:
        self.fence = fence
        self.timing = timing
        self._table = table
        self._row = row
        self._renewed_at = taken_at  # of the monotonic clock

    async def guard(self, work: UnitOfWork) -> None:
        """Renew the lease in this transaction, which keeps others out until it ends; LeaseLost if it was taken over."""
        if not await self._update(work, None, lease_until=app_now() + self.timing.lease):
            raise LeaseLost

    def work(self, database: Database, scope: Scope) -> AbstractAsyncContextManager[UnitOfWork]:
        """A unit of work that begins as `guard` does: LeaseLost if the lease was taken over."""

        async def enter(work: UnitOfWork) -> None:
            statement = self._updating(lease_until=app_now() + self.timing.lease).returning(app_now())
            instant = (await work.session.execute(statement)).scalar_one_or_none()
            if instant is None:
                raise LeaseLost
            work.entered(instant)

        return database.work(scope, enter=enter)

    async def renew(self, database: Database, scope: Scope) -> None:
        """Renew the lease in a transaction of its own; LeaseLost if it was taken over."""
        started_at = time.monotonic()
        async with database.work(scope) as work:
            await self.guard(work)
        self._renewed_at = started_at

    async def release(self, work: UnitOfWork, gives: ColumnElement[bool] | None = None, /, **values: Any) -> bool:
        """Give the lease back and set these columns; False, and nothing is set, if it was taken over.

        With `gives`, the condition whose value afterwards is given back in place of True.
        """
        return await self._update(work, gives, lease_until=None, **values)

    def require_fresh(self) -> None:
        """LeaseLost if the last renewal is too old to start a call: the process may have been paused since."""
        if time.monotonic() - self._renewed_at > self.timing.call_seconds:
            raise LeaseLost

    async def _update(self, work: UnitOfWork, gives: ColumnElement[bool] | None, **values: Any) -> bool:
        statement = self._updating(**values).returning(true() if gives is None else gives)
        return bool((await work.session.execute(statement)).scalar_one_or_none())

    def _updating(self, **values: Any) -> Update:
        held = update(self._table).where(self._row, self._table.fence == self.fence)
        return held.values(**values).execution_options(synchronize_session=False)


def is_free(table: type[Leased], timing: LeaseTiming) -> ColumnElement[bool]:
    """The condition that no process holds a lease on the row."""
    return or_(table.lease_until.is_(None), is_abandoned(table, timing))


def is_abandoned(table: type[Leased], timing: LeaseTiming) -> ColumnElement[bool]:
    """The condition that the holder of the row's lease stopped without giving it back.

    A lease that ends much later than a renewal would make it end was taken before the database's clock was set back.
    """
    return or_(table.lease_until < app_now(), table.lease_until > app_now() + timing.lease + OVERLAP)


async def take(
    work: UnitOfWork,
    table: type[Leased],
    row: ColumnElement[bool],
    timing: LeaseTiming,
    *conditions: ColumnElement[bool],
    **values: Any,
) -> Lease | None:
    """Take the lease on the row and set these columns; None if it is held, or if a condition does not hold."""
    taken_at = time.monotonic()
    statement = (
        update(table)
        .where(row, is_free(table, timing), *conditions)
        .values(lease_until=app_now() + timing.lease, fence=table.fence + 1, **values)
        .returning(table.fence)
        .execution_options(synchronize_session=False)
    )
    fence = (await work.session.execute(statement)).scalar_one_or_none()
    return Lease(table, row, fence, timing, taken_at) if fence is not None else None


@asynccontextmanager
async def renewing(database: Database, scope: Scope, lease: Lease) -> AsyncIterator[None]:
    """Renew the lease every few seconds until the block ends."""
    ended = asyncio.Event()
    task = asyncio.create_task(_renew(database, scope, lease, ended))
    try:
        yield
    finally:
        # A statement that is cancelled may end with an error of the database instead of the cancellation.
        ended.set()
        task.cancel()
        # gather keeps the cancellation of this task apart from a cancellation of the caller, which has to go on.
        await asyncio.gather(task, return_exceptions=True)


async def _renew(database: Database, scope: Scope, lease: Lease, ended: asyncio.Event) -> None:
    while not ended.is_set():
        await asyncio.sleep(lease.timing.renew_seconds)
        try:
            await lease.renew(database, scope)
        except LeaseLost:
            return
        except Exception as error:  # noqa: BLE001 - the database may be back before the lease ends
            _logger.warning("lease not renewed", error=type(error).__name__)
