"""A turn: what it does when things change under it, and what it leaves for the next one."""

import json
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from api.sync.exports import drain as drain_module
from api.xero import paging
from sandbox.faults import Fault
from tests.clock import Clock
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness
from tests.sync.queues import sweep_exports

_PUT = "/api.xro/2.0/Invoices"


def _spoil(business: ConnectedBusiness, method: str, path: str, **fault: Any) -> None:
    business.stand_in.faults.waiting.append(Fault.model_validate({"method": method, "path": path, **fault}))


async def _single_item(business: ConnectedBusiness, number: str = "INV-1") -> str:
    return await business.invoice(number, await business.company("Hana Parata"))


async def test_an_invoice_on_its_way_can_neither_be_taken_back_nor_excluded_nor_changed(
    business: ConnectedBusiness,
) -> None:
    invoice = await _single_item(business)
    await business.export(invoice)
    for method, path in (("DELETE", "approval"), ("PUT", "exclusion")):
        refused = await business.client.request(method, f"{API}/invoices/{invoice}/{path}")
        assert (refused.status_code, refused.json()["code"]) == (409, "invoice_in_export")
    refused = await business.client.delete(f"{API}/invoices/{invoice}")
    assert refused.status_code == 409


async def test_preferences_changed_while_a_batch_waits_do_not_change_its_bytes(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await business.export(await _single_item(business))
    _spoil(business, "PUT", "Invoices", kind="timeout")
    await business.drain()
    await business.prefer(customer_invoice_status="AUTHORISED", reference_parts=["job_location"])
    clock.shift(timedelta(seconds=10))
    await business.drain()
    first, second = business.calls("PUT", _PUT)
    assert first["body"] == second["body"]
    assert first["headers"]["idempotency-key"] == second["headers"]["idempotency-key"]
    assert (await business.run(export_id))["state"] == "done"


async def test_an_invoice_that_became_invalid_while_waiting_is_rejected_and_not_sent(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await business.export(await _single_item(business))
    _spoil(business, "GET", "Contacts", kind="unavailable")
    await business.drain()
    await business.execute("UPDATE ledger_organisations SET period_lock_date = '2027-01-01'")
    clock.shift(timedelta(seconds=10))
    await business.drain()
    (item,) = await business.items(export_id)
    assert (item["state"], item["problems"][0]["code"]) == ("rejected", "period_locked")
    assert business.calls("PUT", _PUT) == []


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"kind": "rate_limit", "problem": "minute", "retry_after": 30}, "rate"),
        ({"kind": "rate_limit", "problem": "day", "retry_after": 30000}, "day_limit"),
        ({"kind": "unavailable"}, "xero"),
        ({"kind": "status", "status": 400}, "xero"),
        ({"kind": "html", "count": 10}, "xero"),
        ({"kind": "malformed_json", "count": 10}, "xero"),
    ],
)
async def test_a_run_that_waits_says_for_what_and_is_looked_at_again(
    business: ConnectedBusiness, clock: Clock, fault: dict[str, Any], reason: str
) -> None:
    export_id = await business.export(await _single_item(business))
    _spoil(business, "GET", "Contacts", **fault)
    await business.drain()
    run = await business.run(export_id)
    assert (run["state"], run["waiting_for"], run["waiting"]) == ("waiting", reason, 1)
    ((due, began),) = await business.execute("SELECT next_due, last_served_at FROM write_queue")
    wait = due - began
    assert timedelta(0) < wait < timedelta(hours=9)
    clock.shift(wait + timedelta(seconds=1))
    await sweep_exports(business.gateways)
    ((state,),) = await business.execute("SELECT state FROM export_runs")
    assert state == "done"


@pytest.mark.parametrize("kind", ["html", "malformed_json", "missing_element", "reordered", "truncated"])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_rubbish_reply_to_a_batch_is_neither_success_nor_failure(
    business: ConnectedBusiness, clock: Clock, kind: str, when: str
) -> None:
    contact = await business.company("Pipeline Supplies Ltd")
    export_id = await business.export(*await business.bills_alike(contact, 3))
    _spoil(business, "PUT", "Invoices", kind=kind, when=when)
    for _ in range(6):
        await business.drain()
        clock.shift(timedelta(minutes=4))
    run = await business.run(export_id)
    assert (run["state"], run["exported"]) == ("done", 3)
    assert len(business.in_xero()) == len({item["Url"] for item in business.in_xero()}) == 3


async def test_a_batch_xero_refuses_as_a_whole_is_halved_until_the_bad_invoice_stands_alone(
    business: ConnectedBusiness,
) -> None:
    contact = await business.company("Hana Parata")
    export_id = await business.export(*[await business.invoice(f"INV-{number}", contact) for number in range(8)])
    _spoil(business, "PUT", "Invoices", kind="status", status=400, text="Bad data", body_contains='"INV-5"', count=None)
    for _ in range(4):
        await business.drain()
    run = await business.run(export_id)
    assert (run["state"], run["exported"], run["rejected"]) == ("done_with_errors", 7, 1)
    (bad,) = [item for item in await business.items(export_id) if item["state"] == "rejected"]
    assert (bad["number"], bad["problems"][0]["xero_message"]) == ("INV-5", "Bad data")
    assert len(business.calls("PUT", _PUT)) <= 9


async def test_a_removed_connection_stops_the_run_tells_once_and_a_reconnect_goes_on(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await business.export(await _single_item(business))
    for connection in business.stand_in.world.identity.connections:
        connection.removed = True
    for _ in range(3):
        await sweep_exports(business.gateways)
        clock.shift(timedelta(seconds=61))
    run = await business.run(export_id)
    assert (run["state"], run["waiting_for"], run["waiting"]) == ("waiting", "connection", 1)
    (notification,) = await business.notifications("connection.needs_reconnect")
    assert notification["message"] == "Kauri Plumbing Ltd removed this app in Xero. Reconnect to go on sending."
    await business.connect()
    await business.refresh_ledger()
    await business.drain()
    assert (await business.run(export_id))["state"] == "done"


async def test_while_xero_is_in_trouble_no_further_batch_is_put_in_doubt(
    business: ConnectedBusiness, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = business.gateways.config.model_copy(update={"batch_size": 1})
    monkeypatch.setattr(business.gateways, "config", config)
    contact = await business.company("Pipeline Supplies Ltd")
    export_id = await business.export(*await business.bills_alike(contact, 6))
    _spoil(business, "PUT", "Invoices", kind="status", status=500, count=None)
    for _ in range(30):
        await business.drain()
        clock.shift(timedelta(seconds=5))
    run = await business.run(export_id)
    assert (run["state"], run["waiting_for"]) == ("waiting", "xero")
    assert 2 <= run["unknown"] <= 4, "no more than were in flight"
    assert run["waiting"] == 6 - run["unknown"]
    business.stand_in.faults.waiting.clear()
    for _ in range(20):
        await business.drain()
        clock.shift(timedelta(seconds=61))
    assert (await business.run(export_id))["state"] == "done"
    assert len(business.in_xero()) == 6


async def test_nothing_is_sent_before_all_documents_of_a_large_organisation_were_read(
    business: ConnectedBusiness, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact = await business.company("Hana Parata")
    first = [await business.invoice(f"OLD-{number}", contact) for number in range(3)]
    await business.export(*first)
    await business.drain()
    await business.execute("DELETE FROM document_cursors")
    monkeypatch.setattr(paging, "PAGE_SIZE", 1)
    monkeypatch.setattr(drain_module, "PAGES_OF_A_TURN", 2)
    export_id = await business.export(await business.invoice("INV-1", contact))
    sent = len(business.calls("PUT", _PUT))

    await business.drain()
    assert len(business.calls("PUT", _PUT)) == sent, "three documents, and two were read"
    for _ in range(4):
        await business.drain()
    assert (await business.run(export_id))["state"] == "done"


async def test_a_turn_has_eight_calls_over_all_runs_of_a_business_in_rotation(
    business: ConnectedBusiness, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = business.gateways.config.model_copy(update={"batch_size": 1})
    monkeypatch.setattr(business.gateways, "config", config)
    contact = await business.company("Hana Parata")
    runs = [
        await business.export(*[await business.invoice(f"R{run}-{number}", contact) for number in range(5)])
        for run in range(3)
    ]
    before = len(business.stand_in.world.calls)

    await business.drain()

    assert len(business.stand_in.world.calls) - before == 8
    exported = [(await business.run(export_id))["exported"] for export_id in runs]
    assert max(exported) - min(exported) <= 1, "the runs are served in rotation"
    for _ in range(3):
        await business.drain()
    assert {(await business.run(export_id))["state"] for export_id in runs} == {"done"}


async def test_an_export_goes_on_although_the_dates_in_xeros_bodies_are_wrong(
    business: ConnectedBusiness, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_id = await business.export(await _single_item(business))
    transport = business.gateways.http._transport
    call = transport.handle_async_request

    async def dated_long_ago(request: httpx2.Request) -> httpx2.Response:
        response = await call(request)
        content = json.loads(await response.aread() or b"{}")
        if "DateTimeUTC" in content:
            content["DateTimeUTC"] = "/Date(1262304000000)/"
        headers = [(name, value) for name, value in response.headers.multi_items() if name.lower() == "date"]
        return httpx2.Response(response.status_code, json=content, headers=headers)

    monkeypatch.setattr(transport, "handle_async_request", dated_long_ago)
    await business.drain()
    assert (await business.run(export_id))["state"] == "done"
