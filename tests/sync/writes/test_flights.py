"""Calls beside each other: as many as allowed wait for Xero, the next ones are prepared meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from sandbox.faults import Fault
from tests.clock import Clock
from tests.sync.connected_business import ConnectedBusiness

_PUT = "/api.xro/2.0/Invoices"


class Gate:
    """Holds calls that create invoices back until they are let through."""

    def __init__(self, call: Callable[[httpx2.Request], Awaitable[httpx2.Response]]) -> None:
        self._call = call
        self.is_open = True
        self.waiting: list[asyncio.Event] = []
        self._arrived = asyncio.Condition()

    async def handle(self, request: httpx2.Request) -> httpx2.Response:
        if not self.is_open and request.method == "PUT" and request.url.path == _PUT:
            event = asyncio.Event()
            async with self._arrived:
                self.waiting.append(event)
                self._arrived.notify_all()
            await event.wait()
        return await self._call(request)

    async def arrived(self, count: int) -> None:
        """Wait until so many calls have come in all."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.waiting) >= count)

    def open(self) -> None:
        """Let every call through, those that come later too."""
        self.is_open = True
        for event in self.waiting:
            event.set()


@pytest.fixture
def gate(business: ConnectedBusiness, monkeypatch: pytest.MonkeyPatch) -> Gate:
    transport = business.gateways.http._transport
    gate = Gate(transport.handle_async_request)
    monkeypatch.setattr(transport, "handle_async_request", gate.handle)
    singly = business.gateways.config.model_copy(update={"batch_size": 1})
    monkeypatch.setattr(business.gateways, "config", singly)
    return gate


async def _until(business: ConnectedBusiness, statement: str, expected: Any) -> None:
    """Wait until the database says so; the worker runs beside this."""
    async with asyncio.timeout(30):
        while (await business.execute(statement))[0][0] != expected:  # noqa: ASYNC110 - another connection commits it
            await asyncio.sleep(0.01)


_PREPARED = "SELECT count(*) FROM write_attempts WHERE state = 'open' AND kind = 'create_invoices'"


async def _eight_invoices(business: ConnectedBusiness) -> str:
    contact = await business.company("Hana Parata")
    await business.export(await business.invoice("INV-0", contact))
    await business.drain()  # the contact is linked from now on, and the documents are known
    return await business.export(*[await business.invoice(f"INV-{number}", contact) for number in range(1, 9)])


async def test_while_four_calls_wait_for_xero_two_more_are_prepared_and_not_sent(
    business: ConnectedBusiness, gate: Gate
) -> None:
    export_id = await _eight_invoices(business)
    gate.is_open = False
    turn = asyncio.create_task(business.drain())
    await gate.arrived(4)
    await _until(business, _PREPARED, 6)
    assert len(gate.waiting) == 4

    gate.waiting[0].set()
    await gate.arrived(5)
    gate.open()
    await turn
    await business.drain()
    assert (await business.run(export_id))["exported"] == 8
    assert len(business.in_xero()) == 9


async def test_what_was_prepared_is_not_sent_after_a_call_that_failed_and_goes_in_the_next_turn(
    business: ConnectedBusiness, gate: Gate, clock: Clock
) -> None:
    export_id = await _eight_invoices(business)
    gate.is_open = False
    turn = asyncio.create_task(business.drain())
    await gate.arrived(4)
    await _until(business, _PREPARED, 6)
    business.stand_in.faults.waiting.append(Fault(kind="status", method="PUT", path="Invoices"))
    gate.waiting[0].set()
    await _until(business, f"{_PREPARED} AND next_step = 'send'", 2)
    gate.open()
    await turn
    assert len(business.calls("PUT", _PUT)) == 1 + 4, "the two that were prepared were not sent"

    for _ in range(4):
        clock.shift(timedelta(seconds=5))
        await business.drain()
    assert (await business.run(export_id))["exported"] == 8
    assert len(business.in_xero()) == 9


async def test_what_waited_long_is_not_sent_when_the_run_was_cancelled_meanwhile(
    business: ConnectedBusiness, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_id = await _eight_invoices(business)
    gate.is_open = False
    impatient = replace(business.gateways.timing, attempt_seconds=1.0)
    monkeypatch.setattr(business.gateways, "timing", impatient)
    turn = asyncio.create_task(business.drain())
    await gate.arrived(4)
    await _until(business, _PREPARED, 6)
    cancelled = await business.client.post(f"/api/v1/exports/{export_id}/cancellation")
    assert cancelled.status_code in (200, 202), cancelled.text
    await _until(business, f"{_PREPARED} AND next_step = 'send'", 2)
    gate.open()
    await turn
    await business.drain()
    run = await business.run(export_id)
    assert (run["exported"], run["cancelled"]) == (4, 4)
    assert len(business.in_xero()) == 5
