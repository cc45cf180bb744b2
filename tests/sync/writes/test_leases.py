"""One worker at a time works on a business, and the work of a worker that died is taken over."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import httpx2
import pytest

from api.platform.db import lease as platform_lease
from api.platform.db.lease import LeaseTiming
from api.platform.db.work import SYSTEM
from api.sync.budgets.service import OrganisationBudget
from api.sync.writes import attempts, sending
from api.sync.writes import lease as write_lease
from api.sync.writes.lease import WriteLease, queue_writes
from api.sync.writes.models import WriteQueue
from api.sync.writes.repository import WriteQueueRepository
from sandbox.faults import Fault
from tests.clock import Clock
from tests.renewals import Renewals
from tests.sync.connected_business import ConnectedBusiness
from tests.sync.queues import sweep_exports

_PUT = "/api.xro/2.0/Invoices"


async def _queue(business: ConnectedBusiness) -> None:
    async with business.gateways.database.work(business.business_id) as work:
        await queue_writes(work, business.business_id)


async def _is_due(business: ConnectedBusiness) -> bool:
    async with business.gateways.database.work(SYSTEM) as work:
        return await WriteQueueRepository(work).due(business.gateways.timing.lease, 10) == [business.business_id]


def _leased(business: ConnectedBusiness):
    return write_lease.leased(business.gateways.database, business.business_id, business.gateways.timing)


async def _leave_a_lease(business: ConnectedBusiness) -> None:
    """What a worker leaves that is killed while it works: its lease."""
    async with business.gateways.database.work(SYSTEM) as work:
        row = WriteQueue.business_id == business.business_id
        assert await platform_lease.take(work, WriteQueue, row, LeaseTiming(), next_due=None)


async def test_a_business_whose_worker_was_killed_is_due_again_once_the_lease_has_ended(
    business: ConnectedBusiness, clock: Clock
) -> None:
    await _queue(business)
    await _leave_a_lease(business)
    assert not await _is_due(business)
    clock.shift(timedelta(seconds=16))
    assert await _is_due(business)


async def test_a_second_worker_gets_no_lease_while_the_first_one_works(business: ConnectedBusiness) -> None:
    await _queue(business)
    async with _leased(business) as first:
        assert first is not None
        async with _leased(business) as second:
            assert second is None


async def test_a_worker_that_works_longer_than_the_lease_keeps_it(
    business: ConnectedBusiness, clock: Clock, renewals: Renewals, monkeypatch: pytest.MonkeyPatch
) -> None:
    eager = replace(business.gateways.timing, lease=LeaseTiming(renew_seconds=0.001))
    monkeypatch.setattr(business.gateways, "timing", eager)
    await _queue(business)
    async with _leased(business):
        for _ in range(2):
            clock.shift_database(timedelta(seconds=14))
            await renewals.next()
        assert not await _is_due(business)
        async with _leased(business) as second:
            assert second is None


async def test_work_that_comes_while_a_worker_is_busy_is_still_due_when_it_stops(business: ConnectedBusiness) -> None:
    await _queue(business)
    async with _leased(business):
        await _queue(business)
    assert await _is_due(business)


async def test_of_several_times_the_earliest_makes_the_business_due(business: ConnectedBusiness, clock: Clock) -> None:
    await _queue(business)
    async with _leased(business) as lease:
        assert isinstance(lease, WriteLease)
        lease.due_in(timedelta(hours=1))
        lease.due_by(await business.gateways.database.now() + timedelta(minutes=2))
    clock.shift(timedelta(seconds=110))
    assert not await _is_due(business)
    clock.shift(timedelta(seconds=11))
    assert await _is_due(business)


async def test_a_business_with_nothing_left_is_not_due(business: ConnectedBusiness) -> None:
    await _queue(business)
    async with _leased(business):
        pass
    assert not await _is_due(business)


async def test_a_worker_that_lost_its_lease_commits_no_new_attempt(
    business: ConnectedBusiness, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_id = await business.export(await business.invoice("INV-1", await business.company("Hana Parata")))
    call = business.gateways.http._transport.handle_async_request

    async def overtaken(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/Contacts"):  # the last call before the attempt is made
            await business.execute("UPDATE write_queue SET fence = fence + 1")
        return await call(request)

    monkeypatch.setattr(business.gateways.http._transport, "handle_async_request", overtaken)
    await business.drain()
    assert await business.execute("SELECT id FROM write_attempts") == []
    assert business.calls("PUT", _PUT) == []
    assert (await business.run(export_id))["waiting"] == 1


async def test_two_workers_at_once_send_a_run_once(business: ConnectedBusiness) -> None:
    contact = await business.company("Pipeline Supplies Ltd")
    bills = await business.bills_alike(contact, 3)
    export_id = await business.export(*bills)
    await asyncio.gather(*(business.drain() for _ in range(5)))
    assert (await business.run(export_id))["state"] == "done"
    assert len(business.in_xero()) == 3
    assert len(business.calls("PUT", _PUT)) == 1


@pytest.mark.parametrize(("stale", "seconds"), [("lease", 7.5), ("attempt", 10.5)])
async def test_a_worker_that_was_paused_before_sending_sends_nothing_and_is_due_again(
    business: ConnectedBusiness, monkeypatch: pytest.MonkeyPatch, stale: str, seconds: float
) -> None:
    export_id = await business.export(await business.invoice("INV-1", await business.company("Hana Parata")))
    reserve, modules = OrganisationBudget.reserve, [platform_lease] if stale == "lease" else [attempts, sending]
    clock = [0.0]

    async def pause(budget: OrganisationBudget, deadline_seconds: float):
        call = await reserve(budget, deadline_seconds)
        if await business.execute("SELECT id FROM write_attempts"):  # the pause comes after all waiting for the call
            clock[0] += seconds
        return call

    for module in modules:
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr(OrganisationBudget, "reserve", pause)
    await business.drain()
    assert business.calls("PUT", _PUT) == []
    assert await business.execute("SELECT id FROM spent_calls WHERE settled_at IS NULL") == []
    monkeypatch.undo()
    assert await _is_due(business)
    await business.drain()
    assert (await business.run(export_id))["state"] == "done"


@pytest.mark.parametrize("minutes", [-25, 7])
async def test_a_worker_whose_clock_is_wrong_finishes_an_export(
    business: ConnectedBusiness, clock: Clock, minutes: int
) -> None:
    clock.shift_process(timedelta(minutes=minutes))
    business.stand_in.world.offset = timedelta(minutes=-minutes)  # Xero's clock is right
    contact = await business.company("Pipeline Supplies Ltd")
    export_id = await business.export(*[await business.invoice(f"B-{n}", contact, "supplier") for n in range(2)])
    business.stand_in.faults.waiting.append(Fault(kind="timeout", method="PUT", path="Invoices", when="after"))
    await sweep_exports(business.gateways)
    assert (await business.run(export_id))["unknown"] == 2
    clock.shift_database(timedelta(seconds=3))
    await sweep_exports(business.gateways)
    assert (await business.run(export_id))["state"] == "done"
    assert len(business.in_xero()) == 2


async def test_a_worker_whose_clock_is_slow_replaces_a_token_that_has_ended(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await business.export(await business.invoice("INV-1", await business.company("Hana Parata")))
    clock.shift_database(timedelta(minutes=31))
    business.stand_in.world.offset = timedelta(minutes=31)
    await sweep_exports(business.gateways)  # the ledger is too old
    await business.refresh_ledger()
    await business.drain()
    assert (await business.run(export_id))["state"] == "done"


async def test_the_databases_clock_set_back_does_not_stop_an_export(business: ConnectedBusiness, clock: Clock) -> None:
    export_id = await business.export(await business.invoice("INV-1", await business.company("Hana Parata")))
    business.stand_in.faults.waiting.append(Fault(kind="rate_limit", method="PUT", path="Invoices", retry_after=60))
    await business.drain()
    assert (await business.run(export_id))["waiting_for"] == "rate"
    clock.shift_database(timedelta(minutes=-25))
    await sweep_exports(business.gateways)
    assert (await business.run(export_id))["state"] == "done"


async def test_a_reply_lost_before_the_databases_clock_was_set_back_is_looked_up_and_not_replayed(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await business.export(await business.invoice("B-1", await business.company("Tui Cafe"), "supplier"))
    business.stand_in.faults.waiting.append(Fault(kind="timeout", method="PUT", path="Invoices", when="after"))
    await business.drain()
    await _leave_a_lease(business)
    clock.shift_database(timedelta(minutes=-25))
    await sweep_exports(business.gateways)
    assert (await business.run(export_id))["state"] == "done"
    assert len(business.calls("PUT", _PUT)) == len(business.in_xero()) == 1
