"""Calls to one organisation are counted for all workers together and stay below Xero's limits."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from api.platform.db.work import Database
from api.sync.budgets.service import OrganisationBudget
from api.xero.errors import XeroBusy
from api.xero.limits import Ceilings, LimitReading, Priority
from tests.clock import Clock
from tests.sync.queues import SilentQueue

_SILENT = LimitReading()


@pytest.fixture
async def database(database_url: str):
    database = Database(database_url, SilentQueue())
    yield database
    await database.close()


async def _try(budget: OrganisationBudget) -> UUID | XeroBusy:
    try:
        return await budget.reserve(70)
    except XeroBusy as busy:
        return busy


def _granted(tries: list[UUID | XeroBusy]) -> list[UUID]:
    return [call for call in tries if isinstance(call, UUID)]


async def test_all_workers_together_leave_one_call_in_flight_and_two_calls_a_minute_unused(
    database: Database, clock: Clock
) -> None:
    organisation, ceilings = uuid4(), Ceilings(per_minute=20, per_day=1000, concurrent=5)
    workers = [OrganisationBudget(database, ceilings, organisation) for _ in range(4)]
    begun = 0
    for _ in range(8):  # all within a few seconds
        tries = await asyncio.gather(*(_try(workers[number % 4]) for number in range(12)))
        granted = _granted(tries)
        assert len(granted) <= 4
        begun += len(granted)
        await asyncio.gather(*(workers[0].settle(call, _SILENT, certain=True) for call in granted))
    assert begun == 18
    refused = await _try(workers[0])
    assert isinstance(refused, XeroBusy)
    assert refused.limit == "minute"
    assert 50 < (refused.retry_after or 0) <= 61
    clock.shift(timedelta(seconds=61))
    assert _granted([await _try(workers[1])])


async def test_a_call_whose_end_is_unknown_is_in_flight_until_its_deadline(database: Database, clock: Clock) -> None:
    budget = OrganisationBudget(database, Ceilings(concurrent=2), uuid4())
    call = await budget.reserve(70)
    await budget.settle(call, _SILENT, certain=False)
    refused = await _try(budget)
    assert isinstance(refused, XeroBusy)
    assert refused.limit == "concurrent"
    clock.shift(timedelta(seconds=71))
    assert _granted([await _try(budget)])


async def test_a_wait_that_xero_asks_of_one_worker_stops_all_of_them(database: Database, clock: Clock) -> None:
    organisation = uuid4()
    first, second = (OrganisationBudget(database, Ceilings(), organisation) for _ in range(2))
    await first.settle(await first.reserve(70), LimitReading(retry_after=40, limit="minute"), certain=True)
    refused = await _try(second)
    assert isinstance(refused, XeroBusy)
    assert 35 < (refused.retry_after or 0) <= 40
    clock.shift(timedelta(seconds=41))
    assert _granted([await _try(second)])


async def test_another_organisation_has_calls_of_its_own(database: Database, clock: Clock) -> None:
    first, second = (OrganisationBudget(database, Ceilings(), uuid4()) for _ in range(2))
    await first.settle(await first.reserve(70), LimitReading(retry_after=40, limit="minute"), certain=True)
    assert _granted([await _try(second)])


async def test_the_last_calls_of_a_day_are_reserved_for_look_ups_and_replays(database: Database, clock: Clock) -> None:
    organisation, ceilings = uuid4(), Ceilings(per_minute=1000, per_day=20, concurrent=5)
    ordinary = OrganisationBudget(database, ceilings, organisation)
    essential = OrganisationBudget(database, ceilings, organisation, priority=Priority.ESSENTIAL)
    for _ in range(10):
        await ordinary.settle(await ordinary.reserve(70), _SILENT, certain=True)
    refused = await _try(ordinary)
    assert isinstance(refused, XeroBusy)
    assert refused.limit == "day"
    for _ in range(10):
        await essential.settle(await essential.reserve(70), _SILENT, certain=True)
    assert isinstance(await _try(essential), XeroBusy)


async def test_calls_and_limits_from_before_the_databases_clock_was_set_back_stop_no_call(
    database: Database, clock: Clock
) -> None:
    budget = OrganisationBudget(database, Ceilings(per_minute=4, concurrent=2), uuid4())
    for _ in range(2):
        await budget.settle(await budget.reserve(70), _SILENT, certain=True)
    assert isinstance(await _try(budget), XeroBusy)
    clock.shift_database(timedelta(minutes=-25))
    call = await budget.reserve(70)
    await budget.settle(call, LimitReading(retry_after=40, limit="minute"), certain=True)
    clock.shift_database(timedelta(minutes=-25))
    assert _granted([await _try(budget)])


async def test_the_clock_of_a_process_does_not_make_calls_older(database: Database, clock: Clock) -> None:
    budget = OrganisationBudget(database, Ceilings(per_minute=3, concurrent=2), uuid4())
    await budget.settle(await budget.reserve(70), _SILENT, certain=True)
    clock.shift_process(timedelta(minutes=7))
    assert isinstance(await _try(budget), XeroBusy)


async def test_a_day_spent_by_our_own_count_ends_when_the_oldest_call_leaves_it(
    database: Database, clock: Clock
) -> None:
    budget = OrganisationBudget(database, Ceilings(per_minute=1000, per_day=8), uuid4())
    for _ in range(4):  # the other half of the day is reserved
        await budget.settle(await budget.reserve(70), _SILENT, certain=True)
        clock.shift(timedelta(hours=1))
    waits = []
    for _ in range(2):
        refused = await _try(budget)
        assert isinstance(refused, XeroBusy)
        waits.append(refused.retry_after or 0)
        clock.shift(timedelta(hours=5))
    assert [round(wait / 3600, 2) for wait in waits] == [20, 15]
    clock.shift(timedelta(hours=10, seconds=5))
    call = await budget.reserve(70)
    await budget.settle(call, _SILENT, certain=True)
    refused = await _try(budget)
    assert isinstance(refused, XeroBusy)
    assert round((refused.retry_after or 0) / 3600, 1) == 1


async def test_a_day_that_xero_refuses_ends_at_the_instant_that_it_names(database: Database, clock: Clock) -> None:
    budget = OrganisationBudget(database, Ceilings(per_minute=1000, per_day=8), uuid4())
    for remaining in (7, 6, 5):
        await budget.settle(await budget.reserve(70), LimitReading(day_remaining=remaining), certain=True)
    refusal = LimitReading(day_remaining=0, retry_after=7200, limit="day")
    await budget.settle(await budget.reserve(70), refusal, certain=True)
    refused = await _try(budget)
    assert isinstance(refused, XeroBusy)
    assert (refused.limit, round((refused.retry_after or 0) / 3600, 2)) == ("day", 2)
    clock.shift(timedelta(hours=2, seconds=5))
    for _ in range(4):  # a new day, in which the calls of the day before do not count
        assert _granted([await _try(budget)])
