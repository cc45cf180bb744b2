"""Refreshes of one business, and the businesses whose refresh is due."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, case, or_, select

from api.platform.clock import app_now, is_in_future
from api.platform.db.lease import Lease, LeaseTiming, is_free, take
from api.platform.db.repository import Repository
from api.platform.db.work import UnitOfWork
from api.platform.errors import NotFound
from api.sync.connections.service import connected_businesses
from api.sync.ledger.models import LedgerRefresh

REFRESH_EVERY = timedelta(days=1)
# Exports wait for the first refresh, so one that failed is repeated sooner.
RETRY_AFTER = timedelta(minutes=5)


class UnknownRefresh(NotFound):
    code, title = "unknown_refresh", "There is no such refresh"


class LedgerRefreshRepository(Repository[LedgerRefresh]):
    """At most one of them is open."""

    model = LedgerRefresh
    missing = UnknownRefresh

    async def open(self) -> LedgerRefresh | None:
        """The refresh that is queued or running."""
        statement = self.rows().where(LedgerRefresh.state.in_(("queued", "running")))
        row: LedgerRefresh | None = (await self.session.execute(statement)).scalar_one_or_none()
        return row

    async def claim(self, timing: LeaseTiming) -> Lease | None:
        """The lease on the open refresh, if it is due and no other worker has it."""
        refresh = await self.open()
        if refresh is None:
            return None
        row = LedgerRefresh.id == refresh.id
        return await take(self.work, LedgerRefresh, row, timing, _due(), state="running")

    async def is_fresh(self, connected_at: datetime) -> bool:
        """Whether a refresh of the connection since then is new enough, or failed just now."""
        statement = self.rows().where(_fresh(), LedgerRefresh.created_at >= connected_at).limit(1)
        return (await self.session.execute(statement)).first() is not None


async def businesses_due(work: UnitOfWork, timing: LeaseTiming) -> Sequence[UUID]:
    """Businesses with an open refresh that is due and that nobody works on, or connected without a fresh one."""
    open_ones = select(LedgerRefresh.business_id).where(
        LedgerRefresh.state.in_(("queued", "running")), _due(), is_free(LedgerRefresh, timing)
    )
    connected = connected_businesses()
    fresh = select(LedgerRefresh.id).where(
        LedgerRefresh.business_id == connected.c.business_id,
        LedgerRefresh.created_at >= connected.c.connected_at,
        _fresh(),
    )
    stale = select(connected.c.business_id).where(~fresh.exists())
    return (await work.session.execute(open_ones.union(stale))).scalars().all()


def _due() -> ColumnElement[bool]:
    return or_(LedgerRefresh.next_due <= app_now(), is_in_future(LedgerRefresh.updated_at))


def _fresh() -> ColumnElement[bool]:
    since = case((LedgerRefresh.state == "failed", app_now() - RETRY_AFTER), else_=app_now() - REFRESH_EVERY)
    return LedgerRefresh.created_at > since
