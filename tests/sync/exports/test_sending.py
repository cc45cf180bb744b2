"""What a batch's reply, or the lack of one, does to its invoices."""

import asyncio
import json
from datetime import timedelta

import httpx2
import pytest

from sandbox.faults import Fault
from sandbox.seeds import NZ_TENANT
from tests.clock import Clock
from tests.sync.connected_business import ConnectedBusiness

_PUT = "/api.xro/2.0/Invoices"


def _spoil(business: ConnectedBusiness, **fault: object) -> None:
    business.stand_in.faults.waiting.append(Fault.model_validate({"method": "PUT", "path": "Invoices", **fault}))


async def _bill(business: ConnectedBusiness) -> str:
    return await business.invoice("B-1", await business.company("Pipeline Supplies Ltd"), "supplier")


async def _work(business: ConnectedBusiness, clock: Clock, time: timedelta) -> None:
    """Look in every few seconds, as a worker does."""
    for _ in range(int(time / timedelta(seconds=10))):
        clock.shift(10)
        await business.drain()


async def test_a_refused_replay_does_not_make_a_bill_unsent_that_the_lost_reply_had_confirmed(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await business.export(await _bill(business))
    _spoil(business, kind="timeout", when="after")
    _spoil(business, kind="status", status=400, text="The request could not be understood")
    await business.drain()
    await _work(business, clock, timedelta(minutes=1))
    (item,) = await business.items(export_id)
    assert item["state"] == "exported"
    assert len(business.in_xero()) == 1


async def test_a_refused_replay_of_a_bill_that_was_never_written_is_sent_again_after_the_quiet_period(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await business.export(await _bill(business))
    _spoil(business, kind="timeout")
    _spoil(business, kind="status", status=400, text="The request could not be understood")
    await business.drain()
    await _work(business, clock, timedelta(minutes=9, seconds=30))
    assert (await business.run(export_id))["unknown"] == 1
    await _work(business, clock, timedelta(minutes=2))
    (item,) = await business.items(export_id)
    assert item["state"] == "exported"
    assert len(business.in_xero()) == 1


async def test_a_request_that_xero_works_off_minutes_after_we_gave_up_is_not_sent_twice(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await business.export(await _bill(business))
    _spoil(business, kind="timeout")
    _spoil(business, kind="status", status=500, count=2)
    await business.drain()
    await _work(business, clock, timedelta(minutes=7))
    assert (await business.run(export_id))["unknown"] == 1, "not found is no proof while the request may be on its way"
    late = business.calls("PUT", _PUT)[0]["body"].encode()
    await (await business.gateway()).client().create_invoices(late, "the first request, at last")
    await _work(business, clock, timedelta(minutes=5))
    (item,) = await business.items(export_id)
    assert item["state"] == "exported"
    assert len(business.in_xero()) == 1


async def test_nothing_is_sent_again_when_xero_may_have_forgotten_the_key(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await business.export(await _bill(business))
    _spoil(business, kind="timeout")
    await business.drain()
    clock.shift(timedelta(minutes=6))
    await _work(business, clock, timedelta(minutes=2))
    assert (await business.run(export_id))["unknown"] == 1
    assert len(business.calls("PUT", _PUT)) == 1, "the request may still be on its way"


async def test_a_number_that_our_own_late_document_has_taken_is_that_invoice(
    business: ConnectedBusiness, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_id = await business.export(await business.invoice("INV-1", await business.company("Hana Parata")))
    _spoil(business, kind="timeout")
    _spoil(business, kind="status", status=500, count=2)
    await business.drain()
    (first,) = business.calls("PUT", _PUT)
    known = first["headers"]["idempotency-key"]
    transport = business.gateways.http._transport
    call = transport.handle_async_request

    async def at_last(request: httpx2.Request) -> httpx2.Response:
        if request.headers.get("idempotency-key", known) != known:
            monkeypatch.undo()
            client = (await business.gateway()).client()
            await client.create_invoices(first["body"].encode(), "the first request, at last")
        return await call(request)

    monkeypatch.setattr(transport, "handle_async_request", at_last)
    await _work(business, clock, timedelta(minutes=12))
    (item,) = await business.items(export_id)
    assert item["state"] == "exported"
    assert len(business.in_xero()) == 1


async def test_a_number_taken_by_another_document_is_rejected_and_the_document_stays(
    business: ConnectedBusiness,
) -> None:
    contact = await business.company("Hana Parata")
    contacts = business.stand_in.world.ledgers[NZ_TENANT].contacts.values()
    other = next(entry["ContactID"] for entry in contacts if entry["Name"] != "Hana Parata")
    typed = {"Type": "ACCREC", "InvoiceNumber": "INV-1", "Contact": {"ContactID": other}, "LineItems": []}
    await (await business.gateway()).client().create_invoices(json.dumps({"Invoices": [typed]}).encode(), "typed")
    (anonymous,) = business.in_xero()
    export_id = await business.export(await business.invoice("INV-1", contact))
    await business.drain()
    (item,) = await business.items(export_id)
    assert (item["state"], item["problems"][0]["code"]) == ("rejected", "invoice_number_taken")
    assert business.in_xero() == [anonymous]


async def test_an_invoice_missing_in_every_reply_is_asked_for_a_few_times_and_then_looked_up(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await business.export(await _bill(business))
    _spoil(business, kind="missing_element", count=None)
    await business.drain()
    await _work(business, clock, timedelta(minutes=6))
    (item,) = await business.items(export_id)
    assert item["state"] == "exported"
    assert len(business.calls("PUT", _PUT)) < 12, "a replay every few seconds eats the day's calls"


async def test_a_worker_that_was_overtaken_does_not_call_an_attempt_unsent_that_its_successor_sent(
    business: ConnectedBusiness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await business.export(await _bill(business))
    transport = business.gateways.http._transport
    call = transport.handle_async_request

    async def overtaken(request):
        if request.method == "PUT" and request.url.path.endswith("/Invoices"):
            await business.execute("UPDATE write_queue SET fence = fence + 1")
        return await call(request)

    monkeypatch.setattr(transport, "handle_async_request", overtaken)
    _spoil(business, kind="rate_limit", retry_after=5)
    await business.drain()
    (attempt,) = await business.execute(
        "SELECT state, next_step, first_sent_at FROM write_attempts WHERE kind = 'create_invoices'"
    )
    assert (attempt.state, attempt.next_step) == ("open", "look_up")
    assert attempt.first_sent_at is not None


@pytest.mark.parametrize(("deleted", "state"), [(False, "review"), (True, "exported")])
async def test_two_documents_for_one_bill_are_shown_unless_one_of_them_is_deleted(
    business: ConnectedBusiness, clock: Clock, deleted: bool, state: str
) -> None:
    export_id = await business.export(await _bill(business))
    _spoil(business, kind="timeout", when="after")
    _spoil(business, kind="status", status=500, count=2)
    await business.drain()
    books = business.stand_in.world.ledgers[NZ_TENANT].invoices
    (document,) = books.values()
    twin = {**document, "InvoiceID": "11111111-1111-4111-8111-111111111111"}
    books[twin["InvoiceID"]] = twin | ({"Status": "DELETED"} if deleted else {})
    await _work(business, clock, timedelta(minutes=2))
    (item,) = await business.items(export_id)
    assert item["state"] == state
    if not deleted:
        (problem,) = item["problems"]
        assert problem["code"] == "several_in_xero"
        assert problem["detail"] == (
            "Xero has 2 documents for it. Delete or void each of them there, then send it again."
            " Or keep one, and delete or void the others."
        )


async def test_a_refusal_by_xero_says_what_to_do_and_leads_to_the_invoice(business: ConnectedBusiness) -> None:
    await business.execute("INSERT INTO ledger_currencies (id, business_id, code) SELECT id, id, 'EUR' FROM businesses")
    invoice = await business.invoice("INV-1", await business.company("Kauri Homes"), currency="EUR")
    export_id = await business.export(invoice)
    await business.drain()

    (item,) = await business.items(export_id)
    (problem,) = item["problems"]
    assert (problem["code"], problem["source"]) == ("currency_not_enabled", "xero")
    assert problem["detail"] == ("Add the currency in Xero, or change the currency of the invoice. Then send it again.")
    assert problem["xero_message"] == "Organisation is not subscribed to currency EUR"
    assert problem["fix"] == {"label": "Open the invoice", "href": f"/invoices?view=all&open={invoice}"}


async def test_a_cost_centre_that_xero_left_out_is_a_remark_also_when_the_reply_was_lost(
    business: ConnectedBusiness, clock: Clock
) -> None:
    categories = (await business.client.get("/api/v1/ledger/tracking-categories")).json()["items"]
    await business.prefer(tracking_category_id=categories[0]["category_id"])
    made = await business.client.post("/api/v1/cost-centers", json={"name": "North"})
    line = {"description": "Pipe", "quantity": "1", "unit_price": "5.00", "cost_center_id": made.json()["id"]}
    contact = await business.company("Pipeline Supplies Ltd")
    export_id = await business.export(await business.invoice("B-1", contact, "supplier", lines=[line]))
    _spoil(business, kind="timeout", when="after")
    _spoil(business, kind="status", status=500, count=2)
    await business.drain()
    (document,) = business.stand_in.world.ledgers[NZ_TENANT].invoices.values()
    assert document["LineItems"][0]["Tracking"]
    document["LineItems"][0]["Tracking"] = []
    await _work(business, clock, timedelta(minutes=2))
    (item,) = await business.items(export_id)
    assert [entry["code"] for entry in item["remarks"]] == ["tracking_dropped"]


async def test_what_xero_stored_otherwise_is_counted_and_needs_attention_until_it_is_read(
    business: ConnectedBusiness, clock: Clock
) -> None:
    contact = await business.company("Fenwick Builders")
    invoices = [await business.invoice(number, contact) for number in ("INV-1", "INV-2")]
    export_id = await business.export(*invoices)
    _spoil(business, kind="timeout", when="after")
    await business.drain()
    for document in business.in_xero():
        if document["InvoiceNumber"] == "INV-1":
            document["LineItems"][0]["AccountCode"] = "260"
    await _work(business, clock, timedelta(minutes=1))
    first, second = await business.items(export_id)
    assert [remark["detail"] for remark in first["remarks"]] == ["Line 1: we sent the code 200, Xero has 260."]
    assert second["remarks"] == []
    run = await business.run(export_id)
    assert (run["state"], run["exported"], run["with_remarks"]) == ("done", 2, 1)
    (notification,) = await business.notifications("export.finished")
    assert notification["message"] == "2 of 2 invoices have been exported to Xero. 1 needs a look."
    for expected in (["INV-1"], []):
        listed = (await business.client.get("/api/v1/invoices", params={"view": "attention"})).json()["items"]
        assert [invoice["number"] for invoice in listed] == expected
        await business.client.put(f"/api/v1/invoices/{first['invoice_id']}/remarks/read-marker")


async def test_two_clicks_at_once_start_one_export(business: ConnectedBusiness) -> None:
    invoice, other = await _bill(business), await business.invoice("INV-1", await business.company("Hana Parata"))
    both = {"selection": {"mode": "ids", "ids": [invoice, other]}}
    replies = await asyncio.gather(*(business.client.post("/api/v1/exports", json=both) for _ in range(4)))
    assert sorted(reply.status_code for reply in replies) == [200, 200, 200, 202]
    assert len({reply.json()["id"] for reply in replies}) == 1
    some = await business.client.post("/api/v1/exports", json={"selection": {"mode": "ids", "ids": [invoice]}})
    assert some.json()["id"] == replies[0].json()["id"]


async def test_an_invoice_xero_always_fails_on_is_given_up_and_the_others_are_not(
    business: ConnectedBusiness, clock: Clock
) -> None:
    contact = await business.company("Fenwick Builders")
    export_id = await business.export(*[await business.invoice(f"INV-{number}", contact) for number in range(3)])
    _spoil(business, kind="status", status=500, body_contains="INV-1", count=None)
    for _ in range(60):
        clock.shift(60)
        await business.drain()
        run = await business.run(export_id)  # looked at each minute, so that nobody is signed out

    refused = [entry for entry in await business.items(export_id) if entry["state"] == "rejected"]
    assert (run["state"], run["exported"], run["rejected"]) == ("done_with_errors", 2, 1)
    assert [entry["number"] for entry in refused] == ["INV-1"]
    assert refused[0]["problems"][0]["code"] == "unknown_xero_error"
    assert sorted(entry["InvoiceNumber"] for entry in business.in_xero()) == ["INV-0", "INV-2"]
