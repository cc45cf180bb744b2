"""The calls to one organisation, counted in the database for all workers together."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from api.platform.clock import OVERLAP
from api.platform.db.work import SYSTEM, Database, UnitOfWork
from api.sync.budgets.clock import clock_warning, note_clock
from api.sync.budgets.models import Budget
from api.sync.budgets.repository import CallRepository, Spent, forget_calls
from api.xero.clock import ClockReading
from api.xero.errors import XeroBusy
from api.xero.limits import (
    DAY_WINDOW,
    LOG_WINDOW,
    Ceilings,
    LimitReading,
    Priority,
    Usage,
    day_left,
    day_surplus,
    decide,
)

__all__ = [
    "OrganisationBudget",
    "calls_today",
    "clock_warning",
    "day_share_left",
    "forget_old_calls",
    "heard_at",
    "is_day_short",
    "xero_now",
]


class CallWatcher(Protocol):
    """Hears of each call that is made and of Xero's clock in its reply."""

    def note_call(self) -> None: ...

    def note_clock(self, reading: ClockReading) -> None: ...


class OrganisationBudget:
    """A BudgetStore for the calls of one priority to one organisation."""

    def __init__(
        self,
        database: Database,
        ceilings: Ceilings,
        organisation_id: UUID,
        *,
        priority: Priority = Priority.NORMAL,
        watcher: "CallWatcher | None" = None,
    ) -> None:
        self._watcher = watcher
        self._database = database
        self._ceilings = ceilings
        self._organisation_id = organisation_id
        self._priority = priority

    async def reserve(self, deadline_seconds: float) -> UUID:
        """Count one call under the lock of the organisation's row; XeroBusy with the wait if no call is left."""
        async with self._database.work(SYSTEM) as work:
            calls = CallRepository(work, self._organisation_id)
            budget, instant = await calls.locked_budget()
            if budget.read_at is not None and budget.read_at > instant + OVERLAP:
                # The database's clock was set back: how long the reading and the block still apply is not known.
                budget.reading = budget.read_at = budget.blocked_until = budget.day_begins_at = None
            # It starts at the present instant: `instant` is from before the wait for the lock.
            call, spent = await calls.start(deadline_seconds, LOG_WINDOW, _day_began(budget, instant))
            usage = _usage(spent, budget, instant)
            if surplus := day_surplus(self._ceilings, usage, instant, self._priority):
                usage = replace(usage, leaving=await calls.start_of(surplus, _day_began(budget, instant)))
            decision = decide(self._ceilings, usage, instant, self._priority)
            if decision.limit is not None:
                raise XeroBusy(decision.wait, decision.limit)  # and nothing is stored
            if self._watcher is not None:
                self._watcher.note_call()
            return call

    async def settle(
        self, call: UUID, reading: LimitReading, *, certain: bool, clock: ClockReading | None = None
    ) -> None:
        """Store what the reply says of the limits and of Xero's clock.

        Unless it is `certain` that the call ended, it stays in flight.
        """
        async with self._database.work(SYSTEM) as work:
            calls = CallRepository(work, self._organisation_id)
            budget, instant = await calls.locked_budget(ended=call if certain else None)
            if any(value is not None for value in asdict(reading).values()):
                budget.reading, budget.read_at = asdict(reading), instant
                budget.day_count_at_reading = calls.counted_since(_day_began(budget, instant))
            if clock is not None:
                note_clock(budget, clock, instant)
                if self._watcher is not None:
                    self._watcher.note_clock(clock)
            blocked_until = reading.blocks_until(instant)
            if blocked_until is not None:
                budget.blocked_until = max(blocked_until, budget.blocked_until or blocked_until)
                budget.blocked_by = reading.limit or "unavailable"
            if reading.names_new_day:
                budget.day_begins_at = blocked_until


async def day_share_left(database: Database, organisation_id: UUID, ceilings: Ceilings) -> float:
    """Which part of the day's calls to an organisation is left, from 0 to 1."""
    async with database.work(SYSTEM) as work:
        calls = CallRepository(work, organisation_id)
        budget, instant = await calls.locked_budget()
        spent = Spent((), (), await calls.count_since(_day_began(budget, instant)))
        return day_left(ceilings, _usage(spent, budget, instant), instant) / ceilings.per_day


async def calls_today(work: UnitOfWork, organisation_id: UUID, ceilings: Ceilings) -> int:
    """How many calls of the day to an organisation are spent, with those that only Xero has counted."""
    calls = CallRepository(work, organisation_id)
    budget, instant = await calls.budget()
    if budget is None:
        return 0
    spent = Spent((), (), await calls.count_since(_day_began(budget, instant)))
    return ceilings.per_day - day_left(ceilings, _usage(spent, budget, instant), instant)


async def is_day_short(work: UnitOfWork, organisation_id: UUID, ceilings: Ceilings) -> bool:
    """Whether no call in the background may be made: those of the day that are left are for what people wait for."""
    spent = await calls_today(work, organisation_id, ceilings)
    return spent >= ceilings.per_day - ceilings.day_reserve(Priority.BACKGROUND)


def _day_began(budget: Budget, instant: datetime) -> datetime:
    """Since when calls count for the limit of the day: for 24 hours, or since Xero said that a new day begins."""
    window = instant - DAY_WINDOW
    return max(window, budget.day_begins_at) if budget.day_begins_at else window


def _usage(spent: Spent, budget: Budget, instant: datetime) -> Usage:
    limit = next((name for name in ("minute", "day", "concurrent", "app") if name == budget.blocked_by), None)
    reading = LimitReading(**budget.reading) if budget.reading else None
    if reading and budget.read_at and budget.day_begins_at and budget.read_at < budget.day_begins_at:
        reading = replace(reading, day_remaining=None)  # it is about the day before
    return Usage(
        starts=spent.starts,
        deadlines=spent.deadlines,
        day_count=spent.day_count,
        blocked_until=budget.blocked_until,
        blocked_by=limit or "unavailable",
        reading=reading,
        read_at=budget.read_at,
        day_count_at_reading=budget.day_count_at_reading,
    )


async def xero_now(work: UnitOfWork, organisation_id: UUID) -> datetime:
    """The present instant by Xero's clock, as the organisation's latest reply shows it."""
    return await CallRepository(work, organisation_id).xero_now()


async def heard_at(work: UnitOfWork, organisation_id: UUID) -> datetime:
    """When the organisation's latest reply came, by Xero's clock: no later than the present instant."""
    return await CallRepository(work, organisation_id).heard_at()


async def forget_old_calls(database: Database) -> None:
    """Delete the calls that no limit counts any more."""
    async with database.work(SYSTEM) as work:
        await forget_calls(work, 2 * DAY_WINDOW)
