"""The right to work on one business's exports: the lease on its row in `export_queue`, and when it is due again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from api.platform.clock import app_now, is_in_future
from api.platform.db.lease import Lease, is_abandoned, renewing, take
from api.platform.db.work import SYSTEM, Database, UnitOfWork
from api.sync.exports.models import ExportQueue
from api.sync.timing import Timing


@dataclass
class ExportLease:
    """A held lease, and the times at which the business is due again (none: when new work comes)."""

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

    async def guard(self, work: UnitOfWork) -> None:
        """Hold the lease through this transaction, renewed; LeaseLost if another worker took it over."""
        await self.lease.guard(work)


async def queue_exports(work: UnitOfWork, business_id: UUID) -> None:
    """Make the business due, in the transaction that gave it work; a worker is woken after the commit."""
    values = {"next_due": app_now()}
    await work.session.execute(
        insert(ExportQueue)
        .values(business_id=business_id, fence=0, **values)
        .on_conflict_do_update(index_elements=[ExportQueue.business_id], set_=values)
    )
    work.wake_after_commit("exports.drain", business_id)


async def due_businesses(database: Database, timing: Timing, limit: int = 20) -> list[UUID]:
    """Businesses that are due and that no worker serves, the least recently served first."""
    async with database.work(SYSTEM) as work:
        is_due = and_(
            ExportQueue.lease_until.is_(None),
            ExportQueue.next_due.is_not(None),
            or_(ExportQueue.next_due <= app_now(), is_in_future(ExportQueue.last_served_at)),
        )
        # A worker releases its lease also when the work fails: a lease that ended belongs to a worker that died.
        statement = (
            select(ExportQueue.business_id)
            .where(or_(is_due, is_abandoned(ExportQueue, timing.lease)))
            .order_by(ExportQueue.last_served_at.asc().nulls_first())
            .limit(limit)
        )
        return list((await work.session.execute(statement)).scalars())


@asynccontextmanager
async def leased(database: Database, business_id: UUID, timing: Timing) -> AsyncIterator[ExportLease | None]:
    """The lease, renewed until the block ends and then released; None if another worker holds it."""
    async with database.work(SYSTEM) as work:
        row = ExportQueue.business_id == business_id
        taken = await take(work, ExportQueue, row, timing.lease, last_served_at=app_now(), next_due=None)
    if taken is None:
        yield None
        return
    lease = ExportLease(business_id, taken)
    try:
        async with renewing(database, SYSTEM, taken):
            yield lease
    except BaseException:
        lease.due_in(timing.failed_slice_wait)
        raise
    finally:
        await asyncio.shield(_release(database, lease))


async def _release(database: Database, lease: ExportLease) -> None:
    """Give the lease back; new work may have set an earlier time meanwhile, and the earliest time stays."""
    times: list[Any] = [*lease.due_times, *(app_now() + wait for wait in lease.waits)]
    async with database.work(SYSTEM) as work:
        if not await lease.lease.release(work, next_due=func.least(ExportQueue.next_due, *times)):
            return
        statement = select(ExportQueue.next_due <= app_now()).where(ExportQueue.business_id == lease.business_id)
        if await work.session.scalar(statement):
            work.wake_after_commit("exports.drain", lease.business_id)
