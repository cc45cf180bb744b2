"""The right to work on one business's exports: leased, fenced, renewed while the work goes on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from api.platform.clock import now
from api.platform.db.work import SYSTEM, Database, UnitOfWork
from api.platform.log import get_logger
from api.sync.exports.models import ExportQueue

LEASE = timedelta(seconds=30)
_RENEW_SECONDS = 10.0
_logger = get_logger("jobtally.exports")


class LeaseLost(Exception):
    """Somebody else works on this business now; whatever was not recorded is theirs to find."""


class Lease:
    """A held lease. `next_due` is when the business should be looked at again (None: when something new comes)."""

    def __init__(self, business_id: UUID, fence: int) -> None:
        self.business_id = business_id
        self.fence = fence
        self.next_due: datetime | None = None

    def due_by(self, instant: datetime) -> None:
        """Look again no later than this."""
        self.next_due = instant if self.next_due is None else min(self.next_due, instant)

    async def guard(self, work: UnitOfWork) -> None:
        """Hold the lease through this transaction, renewed; LeaseLost when it is somebody else's."""
        statement = (
            update(ExportQueue)
            .where(ExportQueue.business_id == self.business_id, ExportQueue.fence == self.fence)
            .values(lease_until=now() + LEASE)
            .returning(ExportQueue.fence)
        )
        if (await work.session.execute(statement)).scalar_one_or_none() is None:
            raise LeaseLost


async def queue_exports(work: UnitOfWork, business_id: UUID) -> None:
    """Make the business due, in the transaction that gave it work; a worker is woken after the commit."""
    values = {"next_due": now()}
    await work.session.execute(
        insert(ExportQueue)
        .values(business_id=business_id, fence=0, **values)
        .on_conflict_do_update(index_elements=[ExportQueue.business_id], set_=values)
    )
    work.wake_after_commit("exports.drain", business_id)


async def due_businesses(database: Database, limit: int = 20) -> list[UUID]:
    """Whose turn it is, the least recently served first."""
    async with database.work(SYSTEM) as work:
        asked = and_(ExportQueue.next_due <= now(), ExportQueue.lease_until.is_(None))
        # A lease is given back even when the work fails: one that ran out had a holder that died over its work.
        deserted = ExportQueue.lease_until < now()
        statement = (
            select(ExportQueue.business_id)
            .where(or_(asked, deserted))
            .order_by(ExportQueue.last_served_at.asc().nulls_first())
            .limit(limit)
        )
        return list((await work.session.execute(statement)).scalars())


@asynccontextmanager
async def leased(database: Database, business_id: UUID) -> AsyncIterator[Lease | None]:
    """The lease, renewed until the block ends; None when somebody else has it."""
    lease = await _take(database, business_id)
    if lease is None:
        yield None
        return
    renewing = asyncio.create_task(_renew(database, lease))
    try:
        yield lease
    except BaseException:
        lease.due_by(now() + timedelta(seconds=2))
        raise
    finally:
        renewing.cancel()
        # Gathered, so that only its own cancellation is swallowed: ours has to reach whoever stops this process.
        await asyncio.gather(renewing, return_exceptions=True)
        await asyncio.shield(_release(database, lease))


async def _take(database: Database, business_id: UUID) -> Lease | None:
    async with database.work(SYSTEM) as work:
        statement = (
            update(ExportQueue)
            .where(
                ExportQueue.business_id == business_id,
                or_(ExportQueue.lease_until.is_(None), ExportQueue.lease_until < now()),
            )
            .values(lease_until=now() + LEASE, fence=ExportQueue.fence + 1, last_served_at=now(), next_due=None)
            .returning(ExportQueue.fence)
        )
        fence = (await work.session.execute(statement)).scalar_one_or_none()
    return Lease(business_id, fence) if fence is not None else None


async def _renew(database: Database, lease: Lease) -> None:
    while True:
        await asyncio.sleep(_RENEW_SECONDS)
        try:
            async with database.work(SYSTEM) as work:
                await lease.guard(work)
        except LeaseLost:
            return
        except Exception as error:  # noqa: BLE001 - the lease may still last until the database is back
            _logger.warning("lease not renewed", error=type(error).__name__)


async def _release(database: Database, lease: Lease) -> None:
    async with database.work(SYSTEM) as work:
        # New work may have come meanwhile and set an earlier time: keep the earlier of the two.
        statement = select(ExportQueue).where(
            ExportQueue.business_id == lease.business_id, ExportQueue.fence == lease.fence
        )
        drain = (await work.session.execute(statement.with_for_update())).scalar_one_or_none()
        if drain is None:
            return
        drain.lease_until = None
        times = [time for time in (drain.next_due, lease.next_due) if time is not None]
        drain.next_due = min(times) if times else None
        if drain.next_due is not None and drain.next_due <= now():
            work.wake_after_commit("exports.drain", lease.business_id)
