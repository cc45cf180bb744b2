"""Replies of which one element cannot be read, and look-ups whose page is too large."""

from datetime import timedelta
from typing import Any

from sandbox.faults import Fault
from tests.clock import Clock
from tests.sync.connected_business import ConnectedBusiness

_INVOICES = "/api.xro/2.0/Invoices"


def _spoil(business: ConnectedBusiness, method: str, **fault: Any) -> None:
    business.stand_in.faults.waiting.append(Fault.model_validate({"method": method, "path": "Invoices", **fault}))


async def _bills(business: ConnectedBusiness, count: int) -> str:
    contact = await business.company("Pipeline Supplies Ltd")
    return await business.export(*await business.bills_alike(contact, count))


async def _send_without_an_answer(business: ConnectedBusiness, clock: Clock) -> str:
    """The bills are in Xero, no reply came, and the time of replays is over."""
    export_id = await _bills(business, 3)
    _spoil(business, "PUT", kind="timeout", when="after")
    await business.drain()
    clock.shift(timedelta(minutes=20))
    return export_id


async def test_an_unreadable_element_leaves_only_its_own_invoice_in_doubt(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await _bills(business, 3)
    _spoil(business, "PUT", kind="unreadable_element", position=1)

    await business.drain()
    states = sorted(item["state"] for item in await business.items(export_id))
    clock.shift(timedelta(minutes=20))
    await business.drain()

    assert states == ["exported", "exported", "unknown"]
    run = await business.run(export_id)
    assert (run["state"], run["exported"], len(business.in_xero())) == ("done", 3, 3)


async def test_a_look_up_with_an_unreadable_document_does_not_prove_that_a_bill_is_absent(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await _send_without_an_answer(business, clock)
    _spoil(business, "GET", kind="unreadable_element", count=None)

    for _ in range(3):
        await business.drain()
        clock.shift(timedelta(minutes=2))
    states = sorted(item["state"] for item in await business.items(export_id))
    business.stand_in.faults.waiting.clear()
    await business.drain()

    assert states == ["exported", "exported", "unknown"]
    run = await business.run(export_id)
    assert (run["state"], run["exported"], len(business.in_xero())) == ("done", 3, 3)
    assert len(business.calls("PUT", _INVOICES)) == 1


async def test_a_look_up_reads_smaller_pages_when_one_is_larger_than_the_limit(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await _send_without_an_answer(business, clock)
    for size in (1000, 500):
        _spoil(
            business, "GET", kind="large", bytes_per_element=7_000_000, count=None, query_contains=f"pageSize={size}"
        )

    await business.drain()

    run = await business.run(export_id)
    assert (run["state"], run["exported"], len(business.in_xero())) == ("done", 3, 3)
    assert "pageSize=250" in business.calls("GET", _INVOICES)[-1]["query"]
