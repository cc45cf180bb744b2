"""One worker at a time works on a business, and a worker that died leaves its work to be found."""

import asyncio
from datetime import timedelta

import httpx2
import pytest
import time_machine

from api.platform.clock import now
from api.sync.exports import sending
from api.sync.exports.lease import LEASE, due_businesses, leased, queue_exports
from tests.sync.connected_business import ConnectedBusiness


async def _ask(business: ConnectedBusiness) -> None:
    async with business.gateways.database.work(business.business_id) as work:
        await queue_exports(work, business.business_id)


async def test_a_business_whose_worker_was_killed_is_due_again_once_the_lease_has_run_out(
    business: ConnectedBusiness, clock: time_machine.Traveller
) -> None:
    await _ask(business)
    # What a killed process leaves: the lease taken, nothing released.
    await business.execute(
        "UPDATE export_queue SET next_due = NULL, lease_until = :until, fence = 1", until=now() + LEASE
    )
    assert await due_businesses(business.gateways.database) == []
    clock.shift(LEASE + timedelta(seconds=1))
    assert await due_businesses(business.gateways.database) == [business.business_id]


async def test_a_second_worker_gets_no_lease_while_the_first_one_works(business: ConnectedBusiness) -> None:
    await _ask(business)
    async with leased(business.gateways.database, business.business_id) as first:
        assert first is not None
        async with leased(business.gateways.database, business.business_id) as second:
            assert second is None


async def test_work_that_comes_while_a_worker_is_busy_is_still_due_when_it_lets_go(business: ConnectedBusiness) -> None:
    await _ask(business)
    async with leased(business.gateways.database, business.business_id):
        await _ask(business)
    assert await due_businesses(business.gateways.database) == [business.business_id]


async def test_a_business_with_nothing_left_is_not_due(business: ConnectedBusiness) -> None:
    await _ask(business)
    async with leased(business.gateways.database, business.business_id):
        pass
    assert await due_businesses(business.gateways.database) == []


async def test_a_worker_that_lost_its_lease_commits_no_new_attempt(
    business: ConnectedBusiness, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_id = await business.export(await business.invoice("INV-1", await business.company("Hana Parata")))
    call = business.gateways.http._transport.handle_async_request

    async def overtaken(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/Contacts"):  # the last call before the attempt is made
            await business.execute("UPDATE export_queue SET fence = fence + 1")
        return await call(request)

    monkeypatch.setattr(business.gateways.http._transport, "handle_async_request", overtaken)
    await business.drain()
    assert await business.execute("SELECT id FROM export_attempts") == []
    assert business.calls("PUT", "/api.xro/2.0/Invoices") == []
    assert (await business.run(export_id))["waiting"] == 1


async def test_two_workers_at_once_send_a_run_once(business: ConnectedBusiness) -> None:
    contact = await business.company("Pipeline Supplies Ltd")
    bills = [await business.invoice("B-1", contact, "supplier") for _ in range(3)]
    export_id = await business.export(*bills)
    await asyncio.gather(*(business.drain() for _ in range(5)))
    assert (await business.run(export_id))["state"] == "done"
    assert len(business.in_xero()) == 3
    assert len(business.calls("PUT", "/api.xro/2.0/Invoices")) == 1


async def test_a_holder_that_pauses_too_long_before_sending_gives_up_and_is_due_again(
    business: ConnectedBusiness, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_id = await business.export(await business.invoice("INV-1", await business.company("Hana Parata")))
    monkeypatch.setattr(sending, "_STALE_SECONDS", -1.0)  # as after being stopped for longer than that
    await business.drain()
    assert business.calls("PUT", "/api.xro/2.0/Invoices") == []
    monkeypatch.undo()
    assert await due_businesses(business.gateways.database) == [business.business_id]
    await business.drain()
    assert (await business.run(export_id))["state"] == "done"
