"""The right to write for one business: the lease on its row in `write_queue`, and when it is due again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from api.platform.db.lease import Lease, renewing
from api.platform.db.work import SYSTEM, Database, UnitOfWork
from api.sync.timing import Timing
from api.sync.writes.repository import WriteQueueRepository

_WOKEN_AT_ONCE = 200  # the next sweep, seconds later, wakes the others


@dataclass
class WriteLease:
    """A held lease, and the times at which the business is due again (none: when new work comes)."""

    database: Database
    business_id: UUID
    lease: Lease
    due_times: list[datetime] = field(default_factory=list)
    waits: list[timedelta] = field(default_factory=list)

    def due_by(self, instant: datetime) -> None:
        """Due again at this instant of the database's clock, or earlier."""
        self.due_times.append(instant)

    def due_in(self, wait: timedelta) -> None:
        """Due again so long after the lease is released, or earlier."""
        self.waits.append(wait)

    def due_now(self) -> None:
        """Due again as soon as the lease is released."""
        self.waits.append(timedelta(0))

    def work(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """A unit of work of the business that holds the lease, renewed; LeaseLost if another worker took it over."""
        return self.lease.work(self.database, self.business_id)


async def queue_writes(work: UnitOfWork, business_id: UUID) -> None:
    """Make the business due, in the transaction that gave it work; a worker is woken after the commit."""
    await WriteQueueRepository(work).make_due(business_id)
    work.wake_after_commit("exports.drain", business_id)


async def wake_due_businesses(database: Database, timing: Timing) -> None:
    """Wake a worker for each business that is due and that no worker serves, the least recently served first."""
    async with database.work(SYSTEM) as work:
        for business_id in await WriteQueueRepository(work).due(timing.lease, _WOKEN_AT_ONCE):
            work.wake_after_commit("exports.drain", business_id)


@asynccontextmanager
async def leased(database: Database, business_id: UUID, timing: Timing) -> AsyncIterator[WriteLease | None]:
    """The lease, renewed until the block ends and then released; None if another worker holds it."""
    async with database.work(SYSTEM) as work:
        taken = await WriteQueueRepository(work).claim(business_id, timing.lease)
    if taken is None:
        yield None
        return
    lease = WriteLease(database, business_id, taken)
    try:
        async with renewing(database, SYSTEM, taken):
            yield lease
    except BaseException:
        lease.due_in(timing.failed_turn_wait)
        raise
    finally:
        await asyncio.shield(_release(database, lease))


async def _release(database: Database, lease: WriteLease) -> None:
    async with database.work(SYSTEM) as work:
        if await WriteQueueRepository(work).release(lease.lease, lease.due_times, lease.waits):
            work.wake_after_commit("exports.drain", lease.business_id)
