"""Whatever our clocks show, a bill whose reply was lost is in Xero once: its times are read from Xero's clock."""

from datetime import timedelta

import httpx2
import pytest

from sandbox.faults import Fault
from tests.clock import Clock
from tests.sync.connected_business import ConnectedBusiness

_PUT = "/api.xro/2.0/Invoices"
_LOST = {
    "after the bill was written": Fault(kind="timeout", method="PUT", path="Invoices", when="after"),
    "before the bill was written": Fault(kind="timeout", method="PUT", path="Invoices", when="before"),
    "with an error that Xero does not keep": Fault(kind="status", method="PUT", path="Invoices", when="after"),
}


async def _work_until_done(business: ConnectedBusiness, export_id: str, clock: Clock) -> None:
    """A worker comes by every half minute; the clocks of both sides go on."""
    for _ in range(70):
        await business.refresh_ledger()
        await business.drain()
        if (await business.run(export_id))["finished_at"] is not None:
            return
        clock.shift_database(timedelta(seconds=30))
        business.stand_in.world.offset += timedelta(seconds=30)
    raise AssertionError("the export never ends")


@pytest.mark.parametrize("minutes", [-25, 7, 25])
@pytest.mark.parametrize("lost", list(_LOST))
async def test_a_database_whose_clock_is_wrong_sends_a_bill_once(
    business: ConnectedBusiness, clock: Clock, minutes: int, lost: str
) -> None:
    clock.shift_database(timedelta(minutes=minutes))
    export_id = await business.export(await business.invoice("B-1", await business.company("Tui Cafe"), "supplier"))
    business.stand_in.faults.waiting.append(_LOST[lost].model_copy())

    await _work_until_done(business, export_id, clock)

    assert (await business.run(export_id))["exported"] == 1
    assert len(business.in_xero()) == 1


@pytest.mark.parametrize("minutes", [-25, 7, 25])
async def test_a_clock_that_jumps_while_the_bill_is_written_does_not_send_it_again(
    business: ConnectedBusiness, clock: Clock, monkeypatch: pytest.MonkeyPatch, minutes: int
) -> None:
    export_id = await business.export(await business.invoice("B-1", await business.company("Tui Cafe"), "supplier"))
    business.stand_in.faults.waiting.append(_LOST["after the bill was written"].model_copy())
    transport = business.gateways.http._transport
    call = transport.handle_async_request

    async def jumping(request: httpx2.Request) -> httpx2.Response:
        if request.method == "PUT" and request.url.path == _PUT:
            clock.shift_database(timedelta(minutes=minutes))
        return await call(request)

    monkeypatch.setattr(transport, "handle_async_request", jumping)
    await _work_until_done(business, export_id, clock)

    assert (await business.run(export_id))["exported"] == 1
    assert len(business.in_xero()) == len(business.calls("PUT", _PUT)) == 1
