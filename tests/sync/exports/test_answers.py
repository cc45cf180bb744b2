"""An invoice in doubt whose organisation is gone: a person answers, or the organisation is connected again."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from sandbox.faults import Fault
from sandbox.seeds import AU_TENANT, NZ_TENANT
from tests.callers import Caller
from tests.clock import Clock
from tests.records.making import API, make
from tests.sync.connected_business import ConnectedBusiness
from tests.sync.queues import sweep_exports


async def _in_doubt(
    business: ConnectedBusiness, *, written: bool = True, count: int = 1, **fields: Any
) -> tuple[str, list[str]]:
    """Bills that were sent in one call whose reply was lost, before the organisation was disconnected."""
    supplier = await business.company("Pipeline Supplies Ltd")
    bills = [await business.invoice(f"B-{number}", supplier, "supplier", **fields) for number in range(count)]
    export_id = await business.export(*bills)
    lost: dict[str, Any] = {"kind": "timeout", "method": "PUT", "path": "Invoices"}
    business.stand_in.faults.waiting.append(Fault.model_validate({**lost, "when": "after" if written else "before"}))
    await business.drain()
    assert (await business.run(export_id))["unknown"] == count
    gone = await business.client.delete(f"{API}/connections/xero")
    assert gone.status_code == 204, gone.text
    await business.drain()
    return export_id, bills


async def _shown(business: ConnectedBusiness, invoice: str) -> dict[str, Any]:
    return dict((await business.client.get(f"{API}/invoices/{invoice}")).json())


async def _answer(client: Caller, invoice: str, choice: str, problem: str = "outcome_unknown") -> httpx2.Response:
    return await client.put(f"{API}/invoices/{invoice}/answers/{problem}", json={"choice": choice})


async def _switch(business: ConnectedBusiness) -> None:
    """Connect the Australian organisation in place of the other one."""
    await business.connect(AU_TENANT)
    body = {"organisation_id": AU_TENANT, "confirm_switch": "Wattle Electrical Pty Ltd"}
    reply = await business.client.put(f"{API}/connections/xero/organisation", json=body)
    assert reply.status_code == 200, reply.text
    await business.refresh_ledger()
    await business.prefer(default_income_code="200", default_expense_code="310")


async def _in_attention(business: ConnectedBusiness) -> list[str]:
    reply = await business.client.get(f"{API}/invoices", params={"view": "attention"})
    return [invoice["number"] for invoice in reply.json()["items"]]


async def test_an_invoice_in_doubt_asks_whether_it_was_sent_when_its_organisation_is_gone(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id, (bill,) = await _in_doubt(business)

    shown = await _shown(business, bill)
    (problem,) = shown["problems"]
    assert shown["export_state"] == "checking"
    assert (problem["code"], problem["title"]) == ("outcome_unknown", "We don't know whether Xero took it")
    assert problem["detail"].startswith("It was sent to Kauri Plumbing Ltd on ")
    assert "it can be sent twice" in problem["detail"]
    assert problem["choices"] == [
        {"code": "was_sent", "label": "It is in Xero", "document": None},
        {"code": "was_not_sent", "label": "It isn't in Xero", "document": None},
    ]
    assert problem["fix"]["href"] == "/settings/connections/xero"
    assert await _in_attention(business) == ["B-0"]
    (item,) = await business.items(export_id)
    assert item["problems"] == shown["problems"]

    clock.shift(timedelta(hours=1))
    await sweep_exports(business.gateways)
    assert (await _shown(business, bill))["updated_at"] == shown["updated_at"], "it is asked once"


async def test_an_invoice_that_was_sent_counts_as_exported_without_a_link(business: ConnectedBusiness) -> None:
    export_id, (bill,) = await _in_doubt(business)

    answered = await _answer(business.client, bill, "was_sent")

    assert answered.status_code == 200, answered.text
    assert (answered.json()["export_state"], answered.json()["problems"]) == ("exported", [])
    assert (answered.json()["exported_at"] is not None, answered.json()["external_url"]) == (True, None)
    run = await business.run(export_id)
    assert (run["state"], run["exported"], run["unknown"]) == ("done", 1, 0)
    assert await _in_attention(business) == []
    event = (await business.client.get(f"{API}/invoices/{bill}/history")).json()["items"][0]
    assert (event["action"], event["actor_name"]) == ("invoices.answer", "Mere Hohepa")
    assert event["details"] == {"problem": "outcome_unknown", "choice": "was_sent"}
    again = await _answer(business.client, bill, "was_not_sent")
    assert (again.status_code, again.json()["code"]) == (409, "not_asked")


async def test_an_invoice_that_was_not_sent_can_be_exported_to_another_organisation(
    business: ConnectedBusiness,
) -> None:
    export_id, (bill,) = await _in_doubt(business, written=False, currency="AUD", amounts="no_tax")

    await _switch(business)
    await business.drain()
    assert await _in_attention(business) == ["B-0"], "the other organisation says nothing about it"
    answered = await _answer(business.client, bill, "was_not_sent")

    assert (answered.json()["export_state"], answered.json()["problems"]) == ("not_exported", [])
    assert (await business.run(export_id))["state"] == "cancelled"
    again = await business.export(bill)
    await business.drain()
    assert (await business.run(again))["exported"] == 1
    assert (len(business.in_xero(NZ_TENANT)), len(business.in_xero(AU_TENANT))) == (0, 1)


async def test_an_invoice_that_was_not_sent_is_not_sent_when_its_organisation_is_connected_again(
    business: ConnectedBusiness, clock: Clock
) -> None:
    _, (answered, open_one) = await _in_doubt(business, written=False, count=2)
    await _answer(business.client, answered, "was_not_sent")
    ((state,),) = await business.execute("SELECT state FROM write_attempts WHERE kind = 'create_invoices'")
    assert state == "open", "the other one is still in doubt"

    await business.connect()
    await business.refresh_ledger()
    for _ in range(90):
        clock.shift(timedelta(seconds=10))
        await business.drain()

    assert [document["InvoiceNumber"] for document in business.in_xero()] == ["B-1"]
    assert (await _shown(business, answered))["export_state"] == "not_exported"
    assert (await _shown(business, open_one))["export_state"] == "exported"


@pytest.mark.parametrize("written", [True, False])
async def test_connecting_the_same_organisation_again_answers_by_itself_with_one_document(
    business: ConnectedBusiness, clock: Clock, written: bool
) -> None:
    export_id, (bill,) = await _in_doubt(business, written=written)

    await business.connect()
    await business.refresh_ledger()
    await business.drain()
    assert (await _shown(business, bill))["problems"] == []
    too_late = await _answer(business.client, bill, "was_not_sent")
    assert (too_late.status_code, too_late.json()["code"]) == (409, "not_asked")
    for _ in range(90):
        clock.shift(timedelta(seconds=10))
        await business.drain()

    assert (await business.run(export_id))["exported"] == 1
    assert len(business.in_xero()) == 1
    shown = await _shown(business, bill)
    assert (shown["export_state"], shown["problems"]) == ("exported", [])


async def test_an_attempt_is_settled_when_all_its_invoices_are_answered(business: ConnectedBusiness) -> None:
    export_id, bills = await _in_doubt(business, count=2)

    for bill, choice in zip(bills, ("was_sent", "was_not_sent"), strict=True):
        assert (await _answer(business.client, bill, choice)).status_code == 200

    ((state, outcome),) = await business.execute(
        "SELECT state, outcome FROM write_attempts WHERE kind = 'create_invoices'"
    )
    assert (state, outcome) == ("settled", "decided")
    run = await business.run(export_id)
    assert (run["exported"], run["cancelled"], run["unknown"]) == (1, 1, 0)
    (notification,) = await business.notifications("export.finished")
    assert notification["message"] == "1 of 2 invoices has been exported to Xero. 1 was stopped."


async def test_many_invoices_are_answered_at_once_with_a_result_for_each(business: ConnectedBusiness) -> None:
    first, bills = await _in_doubt(business, count=2)
    contact = await make(business.client, "contacts", kind="company", name="Hana Parata", roles=["customer"])
    other = await business.invoice("INV-9", contact["id"])
    body = {
        "selection": {"mode": "ids", "ids": [other, *bills]},
        "problem_code": "outcome_unknown",
        "choice": "was_sent",
    }

    answered = (await business.client.post(f"{API}/invoices/answers", json=body)).json()

    assert (answered["total"], answered["done"], answered["refused"]) == (3, 2, 1)
    assert [(each["number"], each["outcome"]) for each in answered["results"]] == [
        ("INV-9", "refused"),
        ("B-0", "done"),
        ("B-1", "done"),
    ]
    assert [error["code"] for error in answered["results"][0]["errors"]] == ["not_asked"]
    run = await business.run(first)
    assert (run["state"], run["exported"], run["unknown"]) == ("done", 2, 0)
    assert [(await _shown(business, bill))["export_state"] for bill in bills] == ["exported", "exported"]
    ((outcome,),) = await business.execute("SELECT outcome FROM write_attempts WHERE kind = 'create_invoices'")
    assert outcome == "decided"
    event = (await business.client.get(f"{API}/invoices/{bills[1]}/history")).json()["items"][0]
    assert (event["action"], event["details"]["choice"]) == ("invoices.answer", "was_sent")

    again = (await business.client.post(f"{API}/invoices/answers", json=body)).json()
    assert (again["done"], again["refused"]) == (0, 3)


@pytest.mark.parametrize(
    ("change", "pointer"), [({"choice": "maybe"}, "#/choice"), ({"problem_code": "period_locked"}, "#/problem_code")]
)
async def test_a_choice_or_a_problem_that_does_not_exist_decides_nothing(
    business: ConnectedBusiness, change: dict[str, str], pointer: str
) -> None:
    _, (bill,) = await _in_doubt(business)
    selection = {"mode": "matching", "filter": {"kind": "supplier"}, "expected_count": 1}
    body = {"selection": selection, "problem_code": "outcome_unknown", "choice": "was_sent"} | change

    refused = await business.client.post(f"{API}/invoices/answers", json=body)

    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    assert (await _shown(business, bill))["export_state"] == "checking"


async def test_an_invoice_that_was_being_sent_when_the_process_ended_is_asked_about_too(
    business: ConnectedBusiness,
) -> None:
    export_id, (bill,) = await _in_doubt(business)
    await business.execute("UPDATE export_items SET state = 'sending', problems = '[]'")
    await business.execute("UPDATE invoices SET export_state = 'sending', problems = '[]'")

    await business.drain()

    assert [problem["code"] for problem in (await _shown(business, bill))["problems"]] == ["outcome_unknown"]
    assert (await business.run(export_id))["unknown"] == 1


async def test_only_an_administrator_answers(business: ConnectedBusiness, app: FastAPI) -> None:
    _, (bill,) = await _in_doubt(business)
    for role in ("viewer", "member"):
        await business.execute("UPDATE memberships SET role = :role", role=role)
        refused = await _answer(business.client, bill, "was_sent")
        assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert (await _shown(business, bill))["export_state"] == "checking"


async def test_answers_to_what_is_not_asked_are_refused(business: ConnectedBusiness, neighbour: Caller) -> None:
    _, (bill,) = await _in_doubt(business)
    contact = await make(business.client, "contacts", kind="company", name="Hana Parata", roles=["customer"])
    other = await business.invoice("INV-9", contact["id"])

    for client, invoice, choice, problem, status, code in (
        (business.client, bill, "was_sent", "period_locked", 404, "not_found"),
        (neighbour, bill, "was_sent", "outcome_unknown", 404, "not_found"),
        (business.client, other, "was_sent", "outcome_unknown", 409, "not_asked"),
        (business.client, bill, "maybe", "outcome_unknown", 422, "invalid"),
    ):
        reply = await _answer(client, invoice, choice, problem)
        assert (reply.status_code, reply.json()["code"]) == (status, code), reply.text
    (error,) = reply.json()["errors"]
    assert (error["pointer"], error["code"], error["detail"]) == (
        "#/choice",
        "unknown_choice",
        "Choose was_sent or was_not_sent.",
    )


async def test_a_contact_in_doubt_in_an_organisation_that_is_gone_is_created_in_the_next_organisation(
    business: ConnectedBusiness, clock: Clock
) -> None:
    contact = await business.company("Tui Cafe")
    invoice = await business.invoice("INV-1", contact, currency="AUD", amounts="no_tax")
    lost: dict[str, Any] = {"kind": "timeout", "method": "PUT", "path": "Contacts", "when": "after"}
    business.stand_in.faults.waiting.append(Fault.model_validate(lost))
    export_id = await business.export(invoice)
    await business.drain()
    await business.client.post(f"{API}/exports/{export_id}/cancellation")
    await business.client.delete(f"{API}/connections/xero")
    await _switch(business)

    again = await business.export(invoice)
    clock.shift(timedelta(minutes=1))
    await sweep_exports(business.gateways)

    assert (await business.run(again))["state"] == "done"
    (document,) = business.in_xero(AU_TENANT)
    created = business.stand_in.world.ledgers[AU_TENANT].contacts[document["_ContactID"]]
    assert created["Name"] == "Tui Cafe"
