"""What may be exported, what may not, and stopping: all or nothing, told at once."""

from uuid import uuid4

import httpx2

from api.platform.ids import encode, uuid7
from tests.journeys.office import Office
from tests.records.making import API, make


async def _start(office: Office, *ids: str, **headers: str) -> httpx2.Response:
    selection = {"selection": {"mode": "ids", "ids": list(ids)}}
    return await office.client.post(f"{API}/exports", json=selection, headers=headers)


def _faults(reply: httpx2.Response) -> set[tuple[str, str]]:
    return {(fault["pointer"], fault["code"]) for fault in reply.json()["errors"]}


async def test_everything_that_cannot_be_exported_is_named_at_once_and_nothing_is_begun(
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
    assert _faults(reply) == {
        ("#/selection/ids/1", "invoice_not_approved"),
        ("#/selection/ids/2", "unknown_invoice"),
        ("#/selection/ids/3", "unknown_invoice"),
        ("#/selection/ids/4", "already_exported"),
        ("#/selection/ids/5", "invoice_excluded"),
    }
    assert (await office.read(f"invoices/{sound}"))["export_state"] == "not_exported"
    assert len((await office.read("exports"))["items"]) == 1


async def test_nothing_and_too_much_are_refused(office: Office):
    assert (await _start(office)).status_code == 422
    assert (await _start(office, *(encode("inv", uuid7()) for _ in range(1001)))).status_code == 422
    assert (await office.read("exports"))["items"] == []


async def test_no_export_begins_before_both_default_codes_are_chosen(newcomer: Office):
    await newcomer.connect()
    await newcomer.ledger_is_read()
    ids = await newcomer.many(1)

    await newcomer.prefer(default_income_code="200")
    refused = await _start(newcomer, *ids)

    assert (refused.status_code, refused.json()["code"]) == (409, "default_codes_unset")
    assert refused.json()["fix"]["href"] == "/settings/accounting#default-codes"


async def test_a_double_click_is_one_run_and_an_overlap_is_a_clash(office: Office):
    office.fault("rate_limit", problem="minute", retry_after=60)
    one, two, three = await office.many(3)
    first = await _start(office, one, two)

    again, overlap = await _start(office, one, two), await _start(office, two, three)

    assert (first.status_code, again.status_code, overlap.status_code) == (202, 200, 409)
    assert again.json()["id"] == first.json()["id"]
    assert _faults(overlap) == {("#/selection/ids/0", "already_queued")}
    await office.reaches(first.json()["id"], state="waiting")
    await office.later(seconds=62)
    await office.finished(first.json()["id"])
    assert office.numbers_in_xero() == ["C-0000", "C-0001"]


async def test_a_key_repeated_by_a_client_starts_one_run(office: Office):
    ids = await office.many(2)
    key = {"Idempotency-Key": uuid4().hex}

    replies = [await _start(office, *ids, **key) for _ in range(3)]

    assert {reply.status_code for reply in replies} == {202}
    assert len({reply.json()["id"] for reply in replies}) == 1
    assert (await office.finished(replies[0].json()["id"]))["exported"] == 2


async def test_what_is_stopped_is_not_sent_and_can_be_sent_another_day(office: Office):
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


async def test_stopping_does_not_forget_what_is_on_its_way(office: Office):
    ids = await office.many(60)
    office.fault("timeout", when="after", seconds=0)
    export_id = await office.export(*ids)
    await office.reaches(export_id, unknown=50)

    await office.client.post(f"{API}/exports/{export_id}/cancellation")
    await office.later(seconds=5)
    run = await office.finished(export_id)

    assert (run["state"], run["exported"], run["cancelled"]) == ("cancelled", 50, 10)
    assert len(office.in_xero()) == 50


async def test_what_was_on_its_way_when_it_was_stopped_and_never_arrived_is_not_sent_again(office: Office):
    office.fault("timeout", when="before", seconds=0, count=None)
    export_id = await office.export(*await office.many(2))
    await office.reaches(export_id, unknown=2)
    await office.client.post(f"{API}/exports/{export_id}/cancellation")
    office.stand_in.faults.waiting.clear()
    office.stand_in.world.calls.clear()

    await office.later(minutes=6)
    await office.later(minutes=6)
    run = await office.finished(export_id)

    assert (run["state"], run["cancelled"]) == ("cancelled", 2)
    assert office.in_xero() == office.calls("PUT", "/api.xro/2.0/Invoices") == []
    assert {one["export_state"] for one in (await office.read("invoices"))["items"]} == {"not_exported"}


async def test_the_check_finds_what_the_export_would_refuse_and_writes_nothing(office: Office):
    ready = await office.many(2)
    line = {"description": "Labour", "quantity": "1", "unit_price": "80.00", "accounting_code": "999"}
    bad = await office.invoice("BAD-1", await office.company("Kōwhai Dental Ltd"), lines=[line])
    before = len(office.stand_in.world.calls)

    reply = await office.client.post(f"{API}/export-checks", json={"selection": {"mode": "ids", "ids": [*ready, bad]}})

    found = reply.json()
    assert (found["ready"], found["needs_fix"], found["ready_ids"]) == (2, 1, ready)
    assert [(one["code"], one["invoice_ids"]) for one in found["groups"]] == [("account_code_unknown", [bad])]
    assert len(office.stand_in.world.calls) == before
    run = await office.exported(*ready, bad)
    assert (run["exported"], run["rejected"]) == (2, 1)
