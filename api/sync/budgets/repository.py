"""The calls to each organisation, and what Xero said about its limits and its clock. They belong to no business."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from api.platform.clock import OVERLAP, app_now
from api.platform.db.work import UnitOfWork
from api.platform.ids import uuid7
from api.sync.budgets.models import Budget, SpentCall

# Where Xero's clock was never read, its latest reply counts as so old.
_UNKNOWN_CLOCK = timedelta(hours=1)


@dataclass(frozen=True)
class Spent:
    """The recent calls to an organisation: when they started, until when those in flight count; and the day's count."""

    starts: Sequence[datetime]
    deadlines: Sequence[datetime]
    day_count: int


class CallRepository:
    """The calls to one organisation, and what Xero said about its limits."""

    def __init__(self, work: UnitOfWork, organisation_id: UUID) -> None:
        self._session = work.session
        self._organisation_id = organisation_id

    async def budget(self) -> tuple[Budget | None, datetime]:
        """The organisation's row as it is stored, if there is one, and the present instant."""
        statement = select(Budget).where(Budget.organisation_id == self._organisation_id)
        return await self._session.scalar(statement), (await self._session.execute(select(app_now()))).scalar_one()

    async def locked_budget(self, *, ended: UUID | None = None) -> tuple[Budget, datetime]:
        """The organisation's row, locked, and the instant at which this process asked for the lock.

        The call `ended` is settled at that instant.
        """
        statement = select(Budget, app_now()).where(Budget.organisation_id == self._organisation_id).with_for_update()
        if ended is not None:
            settled = update(SpentCall).where(SpentCall.id == ended).values(settled_at=app_now())
            statement = statement.add_cte(settled.cte("settled"))
        row = (await self._session.execute(statement)).one_or_none()
        if row is None:
            first = insert(Budget).values(organisation_id=self._organisation_id, day_count_at_reading=0)
            await self._session.execute(first.on_conflict_do_nothing())
            row = (await self._session.execute(statement)).one()
        return row[0], row[1]

    async def xero_now(self) -> datetime:
        """The present instant by Xero's clock; by the database's if Xero's was never read."""
        ahead = select(Budget.xero_clock_ahead).where(Budget.organisation_id == self._organisation_id)
        instant = app_now() + func.coalesce(ahead.scalar_subquery(), timedelta(0))
        return (await self._session.execute(select(instant))).scalar_one()

    async def heard_at(self) -> datetime:
        """The instant of the latest reply by Xero's clock; an hour ago by the database's if Xero's was never read."""
        latest = select(func.least(Budget.clock_read_at, app_now()) + Budget.xero_clock_ahead).where(
            Budget.organisation_id == self._organisation_id
        )
        instant = func.coalesce(latest.scalar_subquery(), app_now() - _UNKNOWN_CLOCK)
        heard_at: datetime = (await self._session.execute(select(instant))).scalar_one()
        return heard_at

    async def start(self, deadline_seconds: float, window: timedelta, began: datetime) -> tuple[UUID, Spent]:
        """Store a call that starts now; it counts as in flight until its deadline, or until it is settled.

        Gives with it what was spent before: within this window, and since this instant.
        """
        call_id = uuid7()
        call = insert(SpentCall).values(
            id=call_id,
            organisation_id=self._organisation_id,
            started_at=app_now(),
            deadline=app_now() + timedelta(seconds=deadline_seconds),
        )
        is_recent = SpentCall.started_at.between(app_now() - window, app_now() + OVERLAP)
        statement = select(
            func.array_agg(SpentCall.started_at).filter(is_recent).label("starts"),
            func.array_agg(SpentCall.deadline).filter(is_recent, SpentCall.settled_at.is_(None)).label("deadlines"),
            func.count().filter(SpentCall.started_at > began).label("day_count"),
        ).where(
            SpentCall.organisation_id == self._organisation_id,
            SpentCall.started_at > func.least(literal(began), app_now() - window),
        )
        # The statement does not see the call that it stores.
        row = (await self._session.execute(statement.add_cte(call.cte("started")))).one()
        return call_id, Spent(row.starts or [], row.deadlines or [], row.day_count)

    async def count_since(self, began: datetime) -> int:
        """How many calls started after this instant."""
        return int(await self._session.scalar(select(self.counted_since(began))) or 0)

    def counted_since(self, began: datetime) -> ColumnElement[int]:
        """How many calls started after this instant, as an expression."""
        return select(func.count()).where(*self._since(began)).scalar_subquery()

    async def start_of(self, number: int, began: datetime) -> datetime | None:
        """The start of this one of the calls after this instant, the oldest is number 1; None if there are fewer."""
        starts = select(SpentCall.started_at).where(*self._since(began)).order_by(SpentCall.started_at)
        return await self._session.scalar(starts.offset(number - 1).limit(1))

    def _since(self, began: datetime) -> tuple[ColumnElement[bool], ...]:
        return SpentCall.organisation_id == self._organisation_id, SpentCall.started_at > began


async def clock_difference(work: UnitOfWork, age: timedelta) -> timedelta | None:
    """How far Xero's clock is ahead of the database's, by the latest reply; None without a reply of this age."""
    latest = select(Budget.xero_clock_ahead).where(Budget.clock_read_at > app_now() - age)
    return await work.session.scalar(latest.order_by(Budget.clock_read_at.desc()).limit(1))


async def forget_calls(work: UnitOfWork, age: timedelta) -> None:
    """Delete the calls to all organisations that are older."""
    await work.session.execute(delete(SpentCall).where(SpentCall.started_at < app_now() - age))
