"""Starting and stopping exports: what is refused, what is one run, and the check before."""

from uuid import uuid4

import httpx2

from api.platform.ids import encode, uuid7
from tests.journeys.office import Office
from tests.records.making import API, make


async def _start(office: Office, *ids: str, **headers: str) -> httpx2.Response:
    selection = {"selection": {"mode": "ids", "ids": list(ids)}}
    return await office.client.post(f"{API}/exports", json=selection, headers=headers)


def _errors(reply: httpx2.Response) -> set[tuple[str, str]]:
    return {(error["pointer"], error["code"]) for error in reply.json()["errors"]}


async def test_a_selection_with_invoices_that_cannot_go_is_refused_with_every_reason_and_starts_nothing(
    office: Office, neighbour: Office
):
    sound, exported, excluded = await office.many(3)
    await office.exported(exported)
    await office.client.put(f"{API}/invoices/{excluded}/exclusion")
    contact = await office.company("Kōwhai Dental Ltd")
    head = {"kind": "customer", "contact_id": contact, "issued_on": "2026-11-20"}
    draft = await make(office.client, "invoices", number="D-1", **head)
    (foreign,) = await neighbour.many(1)
    unknown = encode("inv", uuid7())

    reply = await _start(office, sound, draft["id"], foreign, unknown, exported, excluded)

    assert reply.status_code == 422
    assert _errors(reply) == {
        ("#/selection/ids/1", "invoice_not_approved"),
        ("#/selection/ids/2", "unknown_invoice"),
        ("#/selection/ids/3", "unknown_invoice"),
        ("#/selection/ids/4", "invoice_exported"),
        ("#/selection/ids/5", "invoice_excluded"),
    }
    assert (await office.read(f"invoices/{sound}"))["export_state"] == "not_exported"
    assert len((await office.read("exports"))["items"]) == 1


async def test_an_empty_selection_and_one_of_more_than_1000_invoices_are_refused(office: Office):
    assert (await _start(office)).status_code == 422
    assert (await _start(office, *(encode("inv", uuid7()) for _ in range(1001)))).status_code == 422
    assert (await office.read("exports"))["items"] == []


async def test_an_export_needs_both_default_codes(newcomer: Office):
    await newcomer.connect()
    await newcomer.ledger_is_read()
    ids = await newcomer.many(1)

    await newcomer.prefer(default_income_code="200")
    refused = await _start(newcomer, *ids)

    assert (refused.status_code, refused.json()["code"]) == (409, "default_codes_unset")
    assert refused.json()["fix"]["href"] == "/settings/accounting#default-codes"


async def test_the_same_selection_twice_is_one_run_and_an_overlapping_one_is_refused(office: Office):
    office.fault("rate_limit", problem="minute", retry_after=60)
    invoice_a, invoice_b, invoice_c = await office.many(3)
    first = await _start(office, invoice_a, invoice_b)

    again, overlap = await _start(office, invoice_a, invoice_b), await _start(office, invoice_b, invoice_c)

    assert (first.status_code, again.status_code, overlap.status_code) == (202, 200, 409)
    assert again.json()["id"] == first.json()["id"]
    assert _errors(overlap) == {("#/selection/ids/0", "invoice_in_export")}
    await office.reaches(first.json()["id"], state="waiting")
    await office.later(seconds=62)
    await office.finished(first.json()["id"])
    assert office.numbers_in_xero() == ["C-0000", "C-0001"]


async def test_a_repeated_idempotency_key_starts_one_run(office: Office):
    ids = await office.many(2)
    key = {"Idempotency-Key": uuid4().hex}

    replies = [await _start(office, *ids, **key) for _ in range(3)]

    assert {reply.status_code for reply in replies} == {202}
    assert len({reply.json()["id"] for reply in replies}) == 1
    assert (await office.finished(replies[0].json()["id"]))["exported"] == 2


async def test_stopped_invoices_are_not_sent_and_can_be_exported_later(office: Office):
    office.fault("unavailable", path="Contacts", method="*", count=None)
    ids = await office.many(3)
    export_id = await office.export(*ids)
    await office.reaches(export_id, state="waiting")

    stopped = await office.client.post(f"{API}/exports/{export_id}/cancellation")

    assert (stopped.status_code, stopped.json()["state"], stopped.json()["cancelled"]) == (200, "cancelled", 3)
    assert await office.messages() == ["0 of 3 invoices have been exported to Xero. 3 were stopped."]
    again = await office.client.post(f"{API}/exports/{export_id}/cancellation")
    assert (again.status_code, again.json()["code"]) == (409, "export_finished")
    office.stand_in.faults.waiting.clear()
    await office.later(seconds=90)
    assert office.in_xero() == []
    assert (await office.exported(*ids))["exported"] == 3


async def test_stopping_a_run_still_records_the_writes_that_are_in_flight(office: Office):
    ids = await office.many(300)
    office.fault("timeout", when="after", seconds=0, count=None)
    export_id = await office.export(*ids)
    await office.reaches(export_id, waiting_for="xero")

    await office.client.post(f"{API}/exports/{export_id}/cancellation")
    office.stand_in.faults.waiting.clear()
    run = await office.finished_in_time(export_id)

    assert (run["state"], run["exported"]) == ("cancelled", len(office.in_xero()))
    assert run["exported"] >= 50
    assert run["cancelled"] == 300 - run["exported"] > 0


async def test_a_write_in_flight_at_the_stop_that_never_arrived_is_not_sent_again(office: Office):
    office.fault("timeout", when="before", seconds=0, count=None)
    export_id = await office.export(*await office.many(2))
    await office.reaches(export_id, unknown=2)
    await office.client.post(f"{API}/exports/{export_id}/cancellation")
    office.stand_in.faults.waiting.clear()
    office.stand_in.world.calls.clear()

    run = await office.finished_in_time(export_id)

    assert (run["state"], run["cancelled"]) == ("cancelled", 2)
    assert office.in_xero() == office.calls("PUT", "/api.xro/2.0/Invoices") == []
    assert {invoice["export_state"] for invoice in (await office.read("invoices"))["items"]} == {"not_exported"}


async def test_the_check_reports_what_the_export_would_refuse_and_writes_nothing(office: Office):
    ready = await office.many(2)
    line = {"description": "Labour", "quantity": "1", "unit_price": "80.00", "accounting_code": "999"}
    bad = await office.invoice("BAD-1", await office.company("Kōwhai Dental Ltd"), lines=[line])
    before = len(office.stand_in.world.calls)

    reply = await office.client.post(f"{API}/export-checks", json={"selection": {"mode": "ids", "ids": [*ready, bad]}})

    check = reply.json()
    assert (check["ready"], check["needs_fix"], check["ready_ids"]) == (2, 1, ready)
    assert [(group["code"], group["invoice_ids"]) for group in check["groups"]] == [("account_code_unknown", [bad])]
    assert {call["method"] for call in list(office.stand_in.world.calls)[before:]} <= {"GET"}
    run = await office.exported(*ready, bad)
    assert (run["exported"], run["rejected"]) == (2, 1)
