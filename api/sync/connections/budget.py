"""The calls to one organisation, counted in the database for all workers together."""

from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.platform.clock import OVERLAP, app_now
from api.platform.db.work import SYSTEM, Database
from api.platform.ids import uuid7
from api.sync.connections.models import Budget, SpentCall
from api.xero.errors import XeroBusy
from api.xero.limits import DAY_WINDOW, LOG_WINDOW, Ceilings, LimitReading, Usage, decide


class OrganisationBudget:
    """A BudgetStore for one organisation. `essential` calls (look-ups, replays) may use the day's reserve."""

    def __init__(
        self, database: Database, ceilings: Ceilings, organisation_id: UUID, *, essential: bool = False
    ) -> None:
        self._database = database
        self._ceilings = ceilings
        self._organisation_id = organisation_id
        self._essential = essential

    async def reserve(self, deadline_seconds: float) -> UUID:
        """Count one call under the lock of the organisation's row; XeroBusy with the wait if no call is left."""
        async with self._database.work(SYSTEM) as work:
            budget, instant = await self._locked(work.session)
            usage = await self._usage(work.session, budget, instant)
            decision = decide(self._ceilings, usage, instant, essential=self._essential)
            if decision.limit is not None:
                raise XeroBusy(decision.wait, decision.limit)
            call_id = uuid7()
            # The present instant again: `instant` is from before the wait for the lock.
            call = insert(SpentCall).values(
                id=call_id,
                organisation_id=self._organisation_id,
                started_at=app_now(),
                deadline=app_now() + timedelta(seconds=deadline_seconds),
            )
            await work.session.execute(call)
            return call_id

    async def settle(self, call: UUID, reading: LimitReading, *, certain: bool) -> None:
        """Store what the reply says of the limits; unless it is `certain` that the call ended, it stays in flight."""
        async with self._database.work(SYSTEM) as work:
            budget, instant = await self._locked(work.session)
            if certain:
                await work.session.execute(update(SpentCall).where(SpentCall.id == call).values(settled_at=instant))
            if any(value is not None for value in asdict(reading).values()):
                day_count = await self._day_count(work.session, instant)
                budget.reading, budget.read_at, budget.day_count_at_reading = asdict(reading), instant, day_count
            blocked_until = reading.blocks_until(instant)
            if blocked_until is not None:
                budget.blocked_until = max(blocked_until, budget.blocked_until or blocked_until)
                budget.blocked_by = reading.limit or "unavailable"

    async def _locked(self, session: AsyncSession) -> tuple[Budget, datetime]:
        """The organisation's row, locked, and the instant at which this process asked for the lock."""
        statement = select(Budget, app_now()).where(Budget.organisation_id == self._organisation_id).with_for_update()
        row = (await session.execute(statement)).one_or_none()
        if row is None:
            first = insert(Budget).values(organisation_id=self._organisation_id, day_count_at_reading=0)
            await session.execute(first.on_conflict_do_nothing())
            row = (await session.execute(statement)).one()
        return row[0], row[1]

    async def _usage(self, session: AsyncSession, budget: Budget, instant: datetime) -> Usage:
        recent = (
            await session.execute(
                select(SpentCall.started_at, SpentCall.deadline, SpentCall.settled_at).where(
                    SpentCall.organisation_id == self._organisation_id,
                    SpentCall.started_at.between(instant - LOG_WINDOW, instant + OVERLAP),
                )
            )
        ).all()
        if budget.read_at is not None and budget.read_at > instant + OVERLAP:
            # The database's clock was set back: how long the reading and the block still apply is not known.
            budget.reading = budget.read_at = budget.blocked_until = None
        limit = next((name for name in ("minute", "day", "concurrent", "app") if name == budget.blocked_by), None)
        return Usage(
            starts=[row.started_at for row in recent],
            deadlines=[row.deadline for row in recent if row.settled_at is None],
            day_count=await self._day_count(session, instant),
            blocked_until=budget.blocked_until,
            blocked_by=limit or "unavailable",
            reading=LimitReading(**budget.reading) if budget.reading else None,
            read_at=budget.read_at,
            day_count_at_reading=budget.day_count_at_reading,
        )

    async def _day_count(self, session: AsyncSession, instant: datetime) -> int:
        statement = select(func.count()).where(
            SpentCall.organisation_id == self._organisation_id, SpentCall.started_at > instant - DAY_WINDOW
        )
        return await session.scalar(statement) or 0


async def forget_old_calls(database: Database) -> None:
    """Delete the calls that no limit counts any more."""
    async with database.work(SYSTEM) as work:
        await work.session.execute(delete(SpentCall).where(SpentCall.started_at < app_now() - 2 * DAY_WINDOW))
