"""One process at a time works on a row; a holder that was overtaken can do nothing more."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from api.platform.db import lease as lease_module
from api.platform.db.lease import Lease, LeaseLost, LeaseTiming, renewing, take
from api.platform.db.work import SYSTEM, Database, UnitOfWork
from api.sync.connections.models import Grant
from tests.clock import Clock
from tests.renewals import Renewals
from tests.sync.queues import SilentQueue

_TIMING = LeaseTiming()
_EAGER = LeaseTiming(renew_seconds=0.001)


class LeasedRow:
    """A row of a table with leases, as several processes see it."""

    def __init__(self, database: Database, row_id: UUID) -> None:
        self.database = database
        self._id = row_id

    async def take(self, timing: LeaseTiming = _TIMING) -> Lease | None:
        """What a process gets that asks for the lease."""
        async with self.database.work(SYSTEM) as work:
            return await take(work, Grant, Grant.id == self._id, timing)

    async def taken(self, timing: LeaseTiming = _TIMING) -> Lease:
        """The lease, which is free."""
        lease = await self.take(timing)
        assert lease is not None
        return lease

    async def record(self, lease: Lease, token: str) -> None:
        """Store something under the lease."""
        async with self.database.work(SYSTEM) as work:
            await lease.guard(work)
            await work.session.execute(text("UPDATE grants SET access_token = :token"), {"token": token})

    async def release(self, lease: Lease) -> bool:
        """Give the lease back."""
        async with self.database.work(SYSTEM) as work:
            return await lease.release(work)

    async def read(self) -> Grant:
        """The row as it is now."""
        async with self.database.work(SYSTEM) as work:
            return (await work.session.execute(select(Grant).where(Grant.id == self._id))).scalar_one()


@pytest.fixture
async def row(database_url: str, clock: Clock) -> AsyncIterator[LeasedRow]:
    database = Database(database_url, SilentQueue())
    row_id = uuid4()
    async with database.work(SYSTEM) as work:
        statement = (
            "INSERT INTO grants (id, access_token, refresh_token, expires_at, refreshed_at, version, fence)"
            " VALUES (:id, 'first', 'first', app_now(), app_now(), 1, 0)"
        )
        await work.session.execute(text(statement), {"id": row_id})
    yield LeasedRow(database, row_id)
    await database.close()


async def test_a_row_that_is_held_is_not_taken_by_another_process(row: LeasedRow, clock: Clock) -> None:
    await row.taken()
    clock.shift_database(_TIMING.lease_seconds - 1)
    assert await row.take() is None


async def test_of_many_processes_that_ask_at_once_one_gets_the_lease(row: LeasedRow) -> None:
    answers = await asyncio.gather(*(row.take() for _ in range(8)))
    assert sum(lease is not None for lease in answers) == 1


async def test_the_clock_of_a_process_neither_ends_a_lease_nor_keeps_it(row: LeasedRow, clock: Clock) -> None:
    await row.taken()
    clock.shift_process(timedelta(hours=1))
    assert await row.take() is None
    clock.shift_process(timedelta(hours=-2))
    clock.shift_database(_TIMING.lease_seconds + 1)
    assert await row.take() is not None


async def test_a_lease_is_renewed_for_as_long_as_its_holder_works(
    row: LeasedRow, clock: Clock, renewals: Renewals
) -> None:
    async with renewing(row.database, SYSTEM, await row.taken(_EAGER)):
        for _ in range(3):
            clock.shift_database(_EAGER.lease_seconds - 1)
            await renewals.next()
        assert await row.take() is None


async def test_a_renewal_that_fails_is_followed_by_another(
    row: LeasedRow, clock: Clock, renewals: Renewals, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard, failures = Lease.guard, 0

    async def fail_twice(lease: Lease, work: UnitOfWork) -> None:
        nonlocal failures
        failures += 1
        if failures <= 2:
            raise OSError("the database is away")
        await guard(lease, work)

    monkeypatch.setattr(Lease, "guard", fail_twice)
    async with renewing(row.database, SYSTEM, await row.taken(_EAGER)):
        clock.shift_database(_EAGER.lease_seconds - 1)
        await renewals.next()
    clock.shift_database(2)
    assert await row.take() is None


async def test_renewing_ends_with_its_block_although_the_driver_turns_the_cancellation_into_an_error(
    row: LeasedRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = asyncio.Event()

    async def fail_when_cancelled(lease: Lease, work: UnitOfWork) -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise OSError("the statement was cancelled") from None

    monkeypatch.setattr(Lease, "guard", fail_when_cancelled)
    async with asyncio.timeout(10):
        async with renewing(row.database, SYSTEM, await row.taken(_EAGER)):
            await started.wait()


async def test_a_holder_that_was_overtaken_can_neither_renew_nor_record_nor_release(
    row: LeasedRow, clock: Clock
) -> None:
    first = await row.taken()
    clock.shift_database(_TIMING.lease_seconds + 1)
    second = await row.taken()
    with pytest.raises(LeaseLost):
        await first.renew(row.database, SYSTEM)
    with pytest.raises(LeaseLost):
        await row.record(first, "of the first")
    assert not await row.release(first)
    assert await row.take() is None, "the second one still holds it"
    await row.record(second, "of the second")
    assert (await row.read()).access_token == "of the second"


async def test_recording_keeps_others_out_until_the_commit(row: LeasedRow, clock: Clock) -> None:
    lease = await row.taken()
    async with row.database.work(SYSTEM) as work:
        clock.shift_database(_TIMING.lease_seconds + 1)
        await lease.guard(work)
        other = asyncio.create_task(row.take())
        await work.session.execute(text("UPDATE grants SET access_token = 'recorded'"))
    assert await other is None
    assert (await row.read()).access_token == "recorded"


async def test_a_released_lease_is_free_at_once(row: LeasedRow) -> None:
    assert await row.release(await row.taken())
    assert await row.take() is not None


async def test_a_lease_taken_before_the_databases_clock_was_set_back_does_not_last_for_the_jump(
    row: LeasedRow, clock: Clock
) -> None:
    await row.taken()
    clock.shift_database(timedelta(minutes=-25))
    assert await row.take() is not None


async def test_after_a_pause_no_call_may_start_until_the_lease_is_renewed(
    row: LeasedRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = [100.0]
    monkeypatch.setattr(lease_module, "time", SimpleNamespace(monotonic=lambda: seconds[0]))
    lease = await row.taken()
    seconds[0] += 6.9
    lease.require_fresh()
    seconds[0] += 0.2
    with pytest.raises(LeaseLost):
        lease.require_fresh()
    await lease.renew(row.database, SYSTEM)
    lease.require_fresh()


@pytest.mark.parametrize(
    "seconds",
    [
        {"lease_seconds": 10.0, "renew_seconds": 5.0},
        {"renew_seconds": 7.0},
        {"call_seconds": 15.0},
    ],
)
def test_times_that_do_not_fit_each_other_are_refused(seconds: dict[str, float]) -> None:
    with pytest.raises(AssertionError):
        LeaseTiming(**seconds)


def test_a_fault_test_never_shortens_a_lease_to_less_than_a_tenth() -> None:
    assert LeaseTiming().divided_by(600) == LeaseTiming(1.5, 0.5, 0.7)
