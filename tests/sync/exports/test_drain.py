"""A slice of work: what it does when things change under it, and what it leaves for the next one."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from api.sync.exports import tasks
from api.sync.exports.drain import drain
from api.sync.exports.tasks import sweep
from sandbox.faults import Fault
from tests.records.making import API
from tests.sync.shop import Shop

_PUT = "/api.xro/2.0/Invoices"


def _spoil(shop: Shop, method: str, path: str, **fault: Any) -> None:
    shop.stand_in.faults.waiting.append(Fault.model_validate({"method": method, "path": path, **fault}))


async def _one(shop: Shop, number: str = "INV-1") -> str:
    return await shop.invoice(number, await shop.company("Hana Parata"))


async def test_an_invoice_on_its_way_can_neither_be_taken_back_nor_excluded_nor_changed(shop: Shop) -> None:
    invoice = await _one(shop)
    await shop.export(invoice)
    for method, path in (("DELETE", "approval"), ("PUT", "exclusion")):
        refused = await shop.client.request(method, f"{API}/invoices/{invoice}/{path}")
        assert (refused.status_code, refused.json()["code"]) == (409, "invoice_in_export")
    refused = await shop.client.delete(f"{API}/invoices/{invoice}")
    assert refused.status_code == 409


async def test_preferences_changed_while_a_batch_waits_do_not_change_its_bytes(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    export_id = await shop.export(await _one(shop))
    _spoil(shop, "PUT", "Invoices", kind="timeout")
    await shop.drain()
    await shop.prefer(customer_invoice_status="AUTHORISED", reference_parts=["job_location"])
    clock.shift(timedelta(seconds=10))
    await shop.drain()
    first, second = shop.calls("PUT", _PUT)
    assert first["body"] == second["body"]
    assert first["headers"]["idempotency-key"] == second["headers"]["idempotency-key"]
    assert (await shop.run(export_id))["state"] == "done"


async def test_what_became_unfit_while_it_waited_is_told_and_not_sent(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    export_id = await shop.export(await _one(shop))
    _spoil(shop, "GET", "Contacts", kind="unavailable")
    await shop.drain()
    await shop.execute("UPDATE ledger_organisations SET period_lock_date = '2027-01-01'")
    clock.shift(timedelta(seconds=10))
    await shop.drain()
    (item,) = await shop.items(export_id)
    assert (item["state"], item["problems"][0]["code"]) == ("rejected", "period_locked")
    assert shop.calls("PUT", _PUT) == []


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"kind": "rate_limit", "problem": "minute", "retry_after": 30}, "rate"),
        ({"kind": "rate_limit", "problem": "day", "retry_after": 30000}, "day_limit"),
        ({"kind": "unavailable"}, "xero"),
        ({"kind": "status", "status": 400}, "xero"),
        ({"kind": "html"}, "xero"),
        ({"kind": "malformed_json"}, "xero"),
    ],
)
async def test_a_run_that_waits_says_for_what_and_is_looked_at_again(
    shop: Shop, clock: time_machine.Traveller, fault: dict[str, Any], reason: str
) -> None:
    export_id = await shop.export(await _one(shop))
    _spoil(shop, "GET", "Contacts", **fault)
    await shop.drain()
    run = await shop.run(export_id)
    assert (run["state"], run["waiting_for"], run["waiting"]) == ("waiting", reason, 1)
    ((due, began),) = await shop.execute("SELECT next_due, last_served_at FROM export_queue")
    wait = due - began
    assert timedelta(0) < wait < timedelta(hours=9)
    clock.shift(wait + timedelta(seconds=1))
    await sweep(shop.gateways)
    ((state,),) = await shop.execute("SELECT state FROM export_runs")
    assert state == "done"


@pytest.mark.parametrize("kind", ["html", "malformed_json", "missing_element", "reordered", "truncated"])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_rubbish_reply_to_a_batch_is_neither_success_nor_failure(
    shop: Shop, clock: time_machine.Traveller, kind: str, when: str
) -> None:
    contact = await shop.company("Pipeline Supplies Ltd")
    export_id = await shop.export(*[await shop.invoice("B-1", contact, "supplier") for _ in range(3)])
    _spoil(shop, "PUT", "Invoices", kind=kind, when=when)
    for _ in range(6):
        await shop.drain()
        clock.shift(timedelta(minutes=4))
    run = await shop.run(export_id)
    assert (run["state"], run["exported"]) == ("done", 3)
    assert len(shop.in_xero()) == len({one["Url"] for one in shop.in_xero()}) == 3


async def test_a_batch_xero_refuses_as_a_whole_is_halved_until_the_bad_invoice_stands_alone(shop: Shop) -> None:
    contact = await shop.company("Hana Parata")
    export_id = await shop.export(*[await shop.invoice(f"INV-{number}", contact) for number in range(8)])
    _spoil(shop, "PUT", "Invoices", kind="status", status=400, text="Bad data", body_contains='"INV-5"', count=None)
    for _ in range(4):
        await shop.drain()
    run = await shop.run(export_id)
    assert (run["state"], run["exported"], run["rejected"]) == ("done_with_errors", 7, 1)
    (bad,) = [one for one in await shop.items(export_id) if one["state"] == "rejected"]
    assert (bad["number"], bad["problems"][0]["xero_message"]) == ("INV-5", "Bad data")
    assert len(shop.calls("PUT", _PUT)) <= 9


async def test_a_removed_connection_stops_the_run_tells_once_and_a_reconnect_goes_on(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    export_id = await shop.export(await _one(shop))
    for connection in shop.stand_in.world.identity.connections:
        connection.removed = True
    for _ in range(3):
        await sweep(shop.gateways)
        clock.shift(timedelta(seconds=61))
    run = await shop.run(export_id)
    assert (run["state"], run["waiting_for"], run["waiting"]) == ("waiting", "connection", 1)
    (told,) = await shop.notifications("connection.needs_reconnect")
    assert told["message"] == "Kauri Plumbing Ltd removed this app in Xero. Reconnect to go on sending."
    await shop.connect()
    await shop.refresh_ledger()
    await shop.drain()
    assert (await shop.run(export_id))["state"] == "done"


async def test_one_business_whose_slice_breaks_does_not_keep_the_others_waiting(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_id = await shop.export(await _one(shop))
    sound = shop.business_id

    async def breaking(gateways: Any, business_id: Any) -> None:
        if business_id != sound:
            raise RuntimeError("this one breaks")
        await drain(gateways, business_id)

    async def both(database: Any) -> list[Any]:
        return ["somebody else", shop.business_id]

    monkeypatch.setattr(tasks, "drain_business", breaking)
    monkeypatch.setattr(tasks, "due_businesses", both)
    await sweep(shop.gateways)
    assert (await shop.run(export_id))["state"] == "done"


async def test_while_xero_is_in_trouble_no_third_batch_is_put_in_doubt(
    shop: Shop, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shop.gateways, "config", replace(shop.gateways.config, batch_size=1))
    contact = await shop.company("Pipeline Supplies Ltd")
    export_id = await shop.export(*[await shop.invoice("B-1", contact, "supplier") for _ in range(4)])
    _spoil(shop, "PUT", "Invoices", kind="status", status=500, count=None)
    for _ in range(30):
        await shop.drain()
        clock.shift(timedelta(seconds=5))
    run = await shop.run(export_id)
    assert (run["state"], run["waiting_for"]) == ("waiting", "xero")
    assert (run["unknown"], run["waiting"]) == (2, 2)
    shop.stand_in.faults.waiting.clear()
    for _ in range(20):
        await shop.drain()
        clock.shift(timedelta(seconds=61))
    assert (await shop.run(export_id))["state"] == "done"
    assert len(shop.in_xero()) == 4
