"""The calls to one organisation, counted in the database so that every worker spends from one purse."""

from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from api.platform.clock import now
from api.platform.db.work import SYSTEM, Database
from api.platform.ids import uuid7
from api.sync.connections.models import Budget, SpentCall
from api.xero.errors import XeroBusy
from api.xero.limits import DAY_WINDOW, LOG_WINDOW, Ceilings, LimitReading, Usage, decide


class OrganisationBudget:
    """A BudgetStore. `essential` work (look-ups, replays) may use the day's reserve."""

    def __init__(
        self, database: Database, ceilings: Ceilings, organisation_id: UUID, *, essential: bool = False
    ) -> None:
        self._database = database
        self._ceilings = ceilings
        self._organisation_id = organisation_id
        self._essential = essential

    async def reserve(self, deadline_seconds: float) -> UUID:
        """Take one call under the organisation's row lock; XeroBusy with the wait when none is left."""
        async with self._database.work(SYSTEM) as work:
            budget = await self._locked(work.session)
            instant = now()
            usage = await self._usage(work.session, budget, instant)
            decision = decide(self._ceilings, usage, instant, essential=self._essential)
            if decision.limit is not None:
                raise XeroBusy(decision.wait, decision.limit)
            call = SpentCall(
                id=uuid7(),
                organisation_id=self._organisation_id,
                started_at=instant,
                deadline=instant + timedelta(seconds=deadline_seconds),
            )
            work.session.add(call)
            return call.id

    async def settle(self, call: UUID, reading: LimitReading, *, certain: bool) -> None:
        """Note what the answer said; an uncertain call keeps its place in flight to its deadline."""
        async with self._database.work(SYSTEM) as work:
            budget = await self._locked(work.session)
            instant = now()
            if certain:
                await work.session.execute(update(SpentCall).where(SpentCall.id == call).values(settled_at=instant))
            if any(value is not None for value in asdict(reading).values()):
                budget.reading = asdict(reading)
                budget.read_at = instant
                budget.day_count_at_reading = await self._day_count(work.session, instant)
            blocked_until = reading.blocks_until(instant)
            if blocked_until is not None:
                budget.blocked_until = max(blocked_until, budget.blocked_until or blocked_until)
                budget.blocked_by = reading.limit or "unavailable"

    async def _locked(self, session: AsyncSession) -> Budget:
        await session.execute(
            insert(Budget)
            .values(organisation_id=self._organisation_id, day_count_at_reading=0)
            .on_conflict_do_nothing()
        )
        statement = select(Budget).where(Budget.organisation_id == self._organisation_id).with_for_update()
        return (await session.execute(statement)).scalar_one()

    async def _usage(self, session: AsyncSession, budget: Budget, instant: datetime) -> Usage:
        recent = (
            await session.execute(
                select(SpentCall.started_at, SpentCall.deadline, SpentCall.settled_at).where(
                    SpentCall.organisation_id == self._organisation_id,
                    SpentCall.started_at > instant - LOG_WINDOW,
                )
            )
        ).all()
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
    """Drop calls that no window looks at any more."""
    async with database.work(SYSTEM) as work:
        await work.session.execute(delete(SpentCall).where(SpentCall.started_at < now() - 2 * DAY_WINDOW))
