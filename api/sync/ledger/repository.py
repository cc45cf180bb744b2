"""Refreshes of one business, and whose are due."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, case, select

from api.platform.db.repository import Repository
from api.platform.db.work import UnitOfWork
from api.platform.errors import NotFound
from api.sync.connections.service import connected_businesses
from api.sync.ledger.models import LedgerRefresh

REFRESH_EVERY = timedelta(days=1)
# Exports wait for a first refresh, so one that failed is not left at that for a day.
RETRY_AFTER = timedelta(minutes=5)


class UnknownRefresh(NotFound):
    code, title = "unknown_refresh", "There is no such refresh"


class LedgerRefreshRepository(Repository[LedgerRefresh]):
    """At most one of them is open."""

    model = LedgerRefresh
    missing = UnknownRefresh

    async def open(self, *, locked: bool = False) -> LedgerRefresh | None:
        """The refresh that is queued or running."""
        statement = self.rows().where(LedgerRefresh.state.in_(("queued", "running")))
        if locked:
            statement = statement.with_for_update(skip_locked=True)
        row: LedgerRefresh | None = (await self.session.execute(statement)).scalar_one_or_none()
        return row

    async def is_fresh(self, connected_at: datetime, instant: datetime) -> bool:
        """Whether a refresh of the connection since then is new enough, or failed just now."""
        statement = self.rows().where(_fresh(instant), LedgerRefresh.created_at >= connected_at).limit(1)
        return (await self.session.execute(statement)).first() is not None


async def businesses_due(work: UnitOfWork, instant: datetime) -> Sequence[UUID]:
    """Businesses with an open refresh that is due, or connected without a fresh one."""
    open_ones = select(LedgerRefresh.business_id).where(
        LedgerRefresh.state.in_(("queued", "running")), LedgerRefresh.next_due <= instant
    )
    connected = connected_businesses()
    fresh = select(LedgerRefresh.id).where(
        LedgerRefresh.business_id == connected.c.business_id,
        LedgerRefresh.created_at >= connected.c.connected_at,
        _fresh(instant),
    )
    stale = select(connected.c.business_id).where(~fresh.exists())
    return (await work.session.execute(open_ones.union(stale))).scalars().all()


def _fresh(instant: datetime) -> ColumnElement[bool]:
    since = case((LedgerRefresh.state == "failed", instant - RETRY_AFTER), else_=instant - REFRESH_EVERY)
    return LedgerRefresh.created_at > since
