"""Refreshes of one business, and whose are due."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from api.platform.db.repository import Repository
from api.platform.db.work import UnitOfWork
from api.platform.errors import NotFound
from api.sync.connections.service import connected_businesses
from api.sync.ledger.models import LedgerRefresh

REFRESH_EVERY = timedelta(days=1)


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

    async def latest(self) -> LedgerRefresh | None:
        """The refresh begun last, in whatever state."""
        statement = self.rows().order_by(LedgerRefresh.id.desc()).limit(1)
        row: LedgerRefresh | None = (await self.session.execute(statement)).scalar_one_or_none()
        return row


async def businesses_due(work: UnitOfWork, instant: datetime) -> Sequence[UUID]:
    """Businesses with an open refresh that is due, or connected without a fresh one."""
    open_ones = select(LedgerRefresh.business_id).where(
        LedgerRefresh.state.in_(("queued", "running")), LedgerRefresh.next_due <= instant
    )
    connected = connected_businesses()
    fresh = select(LedgerRefresh.id).where(
        LedgerRefresh.business_id == connected.c.business_id,
        LedgerRefresh.created_at >= connected.c.connected_at,
        LedgerRefresh.created_at > instant - REFRESH_EVERY,
    )
    stale = select(connected.c.business_id).where(~fresh.exists())
    return (await work.session.execute(open_ones.union(stale))).scalars().all()
