"""The refreshes of the mirror, and the businesses whose refresh is due."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    Text,
    and_,
    distinct,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from api.platform.clock import app_now, is_in_future
from api.platform.db.lease import Lease, LeaseTiming, is_free, take
from api.platform.db.repository import Repository
from api.platform.db.work import UnitOfWork
from api.platform.errors import NotFound
from api.platform.ids import uuid7
from api.platform.problems import Problem
from api.records.invoices.service import waiting_invoices
from api.sync.connections.service import connected_businesses
from api.sync.ledger.models import (
    LedgerRefresh,
)
from api.sync.ledger.parts import BESIDE, WATCHED_EVERY, Part

OPEN_STATES = ("queued", "running")
_IS_OPEN = text(f"state IN {OPEN_STATES}")  # literally as in the index
# Exports wait for the first refresh, so one that failed is repeated sooner.
RETRY_AFTER = timedelta(minutes=5)
_CHECK_AGAIN_AFTER: Final = timedelta(minutes=1)


def _union(left: SQLColumnExpression[Any], right: SQLColumnExpression[Any]) -> ColumnElement[Any]:
    """The elements of both arrays, each once."""
    part = func.unnest(left.op("||")(right)).column_valued("part")
    return select(func.coalesce(func.array_agg(distinct(part)), literal([], ARRAY(Text)))).scalar_subquery()


# Of a row: what it has been asked for, and what it has begun to read.
ALL_PARTS: Final = _union(LedgerRefresh.parts, LedgerRefresh.reading)


def with_parts(parts: Collection[Part]) -> ColumnElement[Any]:
    """What a row has been asked for, and these parts."""
    return _union(LedgerRefresh.parts, literal(sorted(parts), ARRAY(Text)))


class UnknownRefresh(NotFound):
    code, title = "unknown_refresh", "There is no such refresh"


class LedgerRefreshRepository(Repository[LedgerRefresh]):
    """At most one of them is open."""

    model = LedgerRefresh
    missing = UnknownRefresh

    async def open(self) -> LedgerRefresh | None:
        """The refresh that is queued or running."""
        statement = self.rows().where(LedgerRefresh.state.in_(OPEN_STATES))
        row: LedgerRefresh | None = (await self.session.execute(statement)).scalar_one_or_none()
        return row

    async def open_new(self, parts: Collection[Part]) -> None:
        """Open a refresh of these parts that is due now; one that is open reads them too, once more if it has begun."""
        wanted = literal(sorted(parts), ARRAY(Text))
        values = {
            "id": uuid7(),
            "business_id": self.business_id,
            "state": "queued",
            "counts": {},
            "parts": wanted,
            "reading": [],
            "next_due": app_now(),
            "created_at": app_now(),
            "fence": 0,
        }
        statement = insert(LedgerRefresh).values(values)
        await self.session.execute(
            statement.on_conflict_do_update(
                index_elements=["business_id"],
                index_where=_IS_OPEN,
                set_={"parts": with_parts(parts)},
            )
        )

    async def claim(self, timing: LeaseTiming) -> tuple[Lease, frozenset[Part]] | None:
        """The lease on the open refresh and the parts to read, if it is due and no other worker has it."""
        statement = self.rows().where(LedgerRefresh.state.in_(OPEN_STATES)).with_for_update()
        refresh: LedgerRefresh | None = (await self.session.execute(statement)).scalar_one_or_none()
        if refresh is None:
            return None
        was_killed = refresh.state == "running"
        wanted = {*refresh.parts, *(refresh.reading if was_killed else ())}
        begun = {"state": "running", "parts": [], "reading": sorted({*refresh.reading, *wanted})}
        lease = await take(self.work, LedgerRefresh, LedgerRefresh.id == refresh.id, timing, _due(), **begun)
        return (lease, frozenset(map(Part, wanted))) if lease is not None else None

    async def parts(self, *, due_within: timedelta | None = None) -> frozenset[Part]:
        """The parts that the open refresh reads or will read; none if it was put off for longer than this."""
        is_due = true() if due_within is None else LedgerRefresh.next_due <= app_now() + due_within
        return await self._parts_in(ALL_PARTS, is_due)

    async def parts_asked_for(self) -> frozenset[Part]:
        """The parts that were asked for since the open refresh has begun."""
        return await self._parts_in(LedgerRefresh.parts)

    async def _parts_in(self, column: Any, *conditions: ColumnElement[bool]) -> frozenset[Part]:
        statement = select(column).where(
            LedgerRefresh.business_id == self.business_id, LedgerRefresh.state.in_(OPEN_STATES), *conditions
        )
        return frozenset(map(Part, await self.session.scalar(statement) or ()))

    async def is_waited_for(self) -> bool:
        """Whether invoices of the business wait to be sent."""
        waiting = waiting_invoices()
        return bool(await self.session.scalar(select(exists().where(waiting.c.business_id == self.business_id))))

    async def failure(self, connected_at: datetime) -> tuple[Problem, bool] | None:
        """Why the last refresh of the connection failed, and whether that was just now; None if it did not fail."""
        own = self.rows().where(LedgerRefresh.created_at >= connected_at)
        latest = await self.session.scalar(own.order_by(LedgerRefresh.created_at.desc()).limit(1))
        if latest is None or latest.problem is None or latest.state != "failed":
            return None
        return Problem.from_row(latest.problem), await self.work.now() - latest.created_at < _CHECK_AGAIN_AFTER

    async def has_new(self, connected_at: datetime, age: timedelta | None, *, reading: Collection[Part] = ()) -> bool:
        """Whether a refresh of these parts was opened since the connection was made, and in this time.

        Or one failed just now.
        """
        is_new = (_is_new(age), _reads(reading), LedgerRefresh.created_at >= connected_at)
        statement = self.rows().where(*is_new).limit(1)
        return (await self.session.execute(statement)).first() is not None


async def businesses_due(work: UnitOfWork, timing: LeaseTiming, limit: int) -> Sequence[UUID]:
    """Businesses with an open refresh that is due and that nobody works on, or with a connection that was never read.

    And those whose invoices wait to be sent, if they were not read for a while, or not all that is compared with these.
    """
    open_ones = select(LedgerRefresh.business_id).where(
        LedgerRefresh.state.in_(OPEN_STATES), _due(), is_free(LedgerRefresh, timing)
    )
    connected = connected_businesses()
    since = select(LedgerRefresh.id).where(
        LedgerRefresh.business_id == connected.c.business_id, LedgerRefresh.created_at >= connected.c.connected_at
    )
    waiting = waiting_invoices()
    waits = exists().where(waiting.c.business_id == connected.c.business_id)
    is_unread = ~since.where(_is_new(None), _reads(BESIDE)).exists()
    is_old = and_(waits, or_(~since.where(_is_new(WATCHED_EVERY)).exists(), is_unread))
    stale = select(connected.c.business_id).where(or_(~since.where(_is_new(None)).exists(), is_old))
    return (await work.session.execute(open_ones.union(stale).limit(limit))).scalars().all()


def _due() -> ColumnElement[bool]:
    return or_(LedgerRefresh.next_due <= app_now(), is_in_future(LedgerRefresh.updated_at))


def _reads(parts: Collection[Part]) -> ColumnElement[bool]:
    return ALL_PARTS.op("@>")(literal(sorted(parts), ARRAY(Text)))


def _is_new(age: timedelta | None) -> ColumnElement[bool]:
    """Whether a refresh was opened in this time, or at any time; one that failed counts for a few minutes only."""
    has_failed = LedgerRefresh.state == "failed"
    is_young = true() if age is None else LedgerRefresh.created_at > app_now() - age
    return and_(is_young, or_(~has_failed, LedgerRefresh.created_at > app_now() - RETRY_AFTER))
