"""A document that somebody else has entered in Xero: ours is held, and a person says whether it is the same."""

from typing import Any

import httpx2
import pytest

from api.sync.documents.service import read_on
from sandbox.seeds import NZ_TENANT
from tests.callers import Caller
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness

_SUPPLIER = "Napier Skip Hire Ltd"
_IN_ORGANISATION = {"tenant": NZ_TENANT}


class Xero:
    """Another tool that enters documents for one contact."""

    def __init__(self, business: ConnectedBusiness, contact_id: str) -> None:
        self._business, self.contact_id = business, contact_id

    async def enters(self, number: str | None, kind: str = "ACCPAY", **fields: Any) -> str:
        """Enter a document of 115.00 and have the mirror read it; gives Xero's id."""
        document = {
            "Type": kind,
            "Contact": {"ContactID": self.contact_id},
            "InvoiceNumber": number,
            "Date": "2026-11-20",
            "DueDate": "2026-12-20",
            "Status": "AUTHORISED",
            "LineItems": [{"Description": "Skip", "Quantity": 1, "UnitAmount": 100, "AccountCode": "310"}],
            **fields,
        }
        async with self._business.controls() as controls:
            reply = await controls.post("/_ctl/seed", json={"tenant": NZ_TENANT, "invoices": [document]})
        assert reply.status_code == 200, reply.text
        await self.is_read()
        return str(self._business.in_xero()[-1]["InvoiceID"])

    async def is_read(self) -> None:
        """Read what changed, and work off what that concerns."""
        await read_on(await self._business.gateway())
        await self._business.check_standing()

    async def void(self, xero_invoice_id: str) -> None:
        """Void a document in Xero's screens."""
        async with self._business.controls() as controls:
            assert (
                await controls.post(f"/_ctl/invoices/{xero_invoice_id}/void", params=_IN_ORGANISATION)
            ).status_code == 200
        await self.is_read()


@pytest.fixture
async def xero(business: ConnectedBusiness) -> Xero:
    """The supplier in Xero, whom our contact of that name goes to, and a mirror that was read before."""
    async with business.controls() as controls:
        reply = await controls.post("/_ctl/seed", json={"tenant": NZ_TENANT, "contacts": [{"Name": _SUPPLIER}]})
    contact_id = reply.json()[0]["ContactID"]
    await business.read_contacts()
    await read_on(await business.gateway())
    await business.execute("UPDATE document_cursors SET created_at = '2026-11-01T00:00:00Z'")
    return Xero(business, contact_id)


@pytest.fixture
async def supplier(business: ConnectedBusiness, xero: Xero) -> str:
    return await business.company(_SUPPLIER, roles=["supplier"])


async def _shown(business: ConnectedBusiness, invoice: str) -> dict[str, Any]:
    return dict((await business.client.get(f"{API}/invoices/{invoice}")).json())


async def _answer(client: Caller, invoice: str, choice: str) -> httpx2.Response:
    return await client.put(f"{API}/invoices/{invoice}/answers/looks_entered_already", json={"choice": choice})


async def _answer_all(business: ConnectedBusiness, choice: str, *invoices: str) -> list[tuple[Any, ...]]:
    body = {
        "selection": {"mode": "ids", "ids": list(invoices)},
        "problem_code": "looks_entered_already",
        "choice": choice,
    }
    reply = await business.client.post(f"{API}/invoices/answers", json=body)
    assert reply.status_code == 200, reply.text
    return [
        (each["number"], each["outcome"], *(error["code"] for error in each["errors"]))
        for each in reply.json()["results"]
    ]


def _writes(business: ConnectedBusiness) -> list[str]:
    return [
        f"{call['method']} {call['path']}"
        for call in business.stand_in.world.calls
        if call["method"] != "GET" and "/api.xro/" in call["path"]
    ]


async def test_a_bill_that_another_tool_has_entered_is_held_with_both_side_by_side(
    business: ConnectedBusiness, xero: Xero, supplier: str
) -> None:
    bill = await business.invoice("INV-20476", supplier, "supplier", issued_on="2026-11-21")
    await business.check_standing()
    assert await business.in_view("ready", "supplier") == {"INV-20476"}

    theirs = await xero.enters("020476")

    (problem,) = (await _shown(business, bill))["problems"]
    assert problem["code"] == "looks_entered_already"
    assert problem["detail"] == (
        "Xero has a bill of Napier Skip Hire Ltd that Jobtally didn't send: 020476, 20 Nov 2026, 115.00 NZD."
        " Yours: INV-20476, 21 Nov 2026, 115.00 NZD."
    )
    same, different = problem["choices"]
    document = same["document"]
    assert theirs in document.pop("url")
    assert document == {"number": "020476", "issued_on": "2026-11-20", "total": "115.00", "currency": "NZD"}
    assert (same["code"], different["code"], different["document"]) == ("same", "different", None)
    assert await business.in_view("ready", "supplier") == set()
    assert await business.in_view("attention", "supplier") == {"INV-20476"}
    listed = await business.client.get(f"{API}/invoices", params={"problem": "looks_entered_already"})
    assert [invoice["id"] for invoice in listed.json()["items"]] == [bill]
    counts = await business.client.get(f"{API}/invoices/counts", params={"problem": "invoice_number_taken"})
    assert counts.json()["count"] == 0

    await xero.void(theirs)
    assert await business.in_view("ready", "supplier") == {"INV-20476"}


async def test_the_same_document_is_linked_without_a_write_and_can_be_unlinked(
    business: ConnectedBusiness, xero: Xero, supplier: str, neighbour: Caller
) -> None:
    bill = await business.invoice("20476", supplier, "supplier")
    theirs = await xero.enters("INV-20476")
    await business.execute("UPDATE memberships SET role = 'member'")
    assert (await _answer(neighbour, bill, "same")).status_code == 404

    linked = await _answer(business.client, bill, "same")

    assert linked.status_code == 200, linked.text
    assert (linked.json()["export_state"], linked.json()["problems"], linked.json()["remarks"]) == ("exported", [], [])
    assert theirs in linked.json()["external_url"]
    assert linked.json()["exported_at"] is not None
    again = await _answer(business.client, bill, "same")
    assert (again.status_code, again.json()["code"]) == (409, "not_asked")
    event = (await business.client.get(f"{API}/invoices/{bill}/history")).json()["items"][0]
    assert (event["action"], event["actor_name"]) == ("invoices.answer", "Mere Hohepa")
    assert event["details"] == {"problem": "looks_entered_already", "choice": "same", "xero_invoice_id": theirs}
    assert (await neighbour.delete(f"{API}/invoices/{bill}/link")).status_code == 404
    link = (await business.client.get(f"{API}/invoices/{bill}/link")).json()
    assert (link["xero_invoice_id"], link["made_by"], link["document"]["number"]) == (theirs, "person", "INV-20476")

    assert (await business.client.delete(f"{API}/invoices/{bill}/link")).status_code == 204

    shown = await _shown(business, bill)
    assert (shown["export_state"], shown["exported_at"], shown["external_url"]) == ("not_exported", None, None)
    assert [problem["code"] for problem in shown["problems"]] == ["looks_entered_already"]
    link = (await business.client.get(f"{API}/invoices/{bill}/link")).json()
    assert link == {"xero_invoice_id": None, "made_by": None, "made_at": None, "document": None}
    assert (await business.client.delete(f"{API}/invoices/{bill}/link")).status_code == 204
    assert _writes(business) == []


async def test_a_bill_given_the_amount_of_the_document_it_is_linked_with_is_exported_without_a_remark(
    business: ConnectedBusiness, xero: Xero, supplier: str
) -> None:
    bill = await business.invoice("20476", supplier, "supplier")
    await xero.enters(
        "20476", LineItems=[{"Description": "Skip", "Quantity": 1, "UnitAmount": 90, "AccountCode": "310"}]
    )
    (document,) = business.in_xero()
    linked = (await _answer(business.client, bill, "same")).json()
    assert [remark["code"] for remark in linked["remarks"]] == ["total_mismatch"]
    line = {"description": "Skip", "quantity": "1", "unit_price": "90.00"}
    assert (await business.client.patch(f"{API}/invoices/{bill}", json={"lines": [line]})).status_code == 200
    shown = await _shown(business, bill)
    assert shown["total"] == f"{document['Total']:.2f}"
    assert (shown["status"], shown["export_state"], shown["remarks"]) == ("approved", "exported", [])


async def test_a_different_bill_is_sent_and_never_asked_about_again(
    business: ConnectedBusiness, xero: Xero, supplier: str
) -> None:
    bill = await business.invoice("20476", supplier, "supplier")
    theirs = await xero.enters("INV-20476")

    answered = await _answer(business.client, bill, "different")

    assert (answered.status_code, answered.json()["problems"]) == (200, [])
    assert await business.in_view("ready", "supplier") == {"20476"}
    async with business.controls() as controls:
        await controls.post(f"/_ctl/invoices/{theirs}", json={"Date": "2026-11-19"}, params=_IN_ORGANISATION)
    await xero.is_read()
    assert await business.in_view("ready", "supplier") == {"20476"}
    run = await business.export(bill)
    await business.drain()
    assert (await business.run(run))["exported"] == 1
    assert len(business.in_xero()) == 2
    refused = await business.client.delete(f"{API}/invoices/{bill}/link")
    assert (refused.status_code, refused.json()["code"]) == (409, "sent_to_xero")


async def test_that_a_bill_is_different_can_be_taken_back_and_it_is_asked_about_again(
    business: ConnectedBusiness, xero: Xero, supplier: str
) -> None:
    bill = await business.invoice("20476", supplier, "supplier")
    await xero.enters("INV-20476")
    await _answer(business.client, bill, "different")
    answers = f"{API}/invoices/{bill}/answers"

    for _ in range(2):
        assert (await business.client.delete(f"{answers}/looks_entered_already")).status_code == 204
    shown = (await business.client.get(f"{API}/invoices/{bill}")).json()
    assert [problem["code"] for problem in shown["problems"]] == ["looks_entered_already"]
    history = (await business.client.get(f"{API}/invoices/{bill}/history")).json()["items"]
    choices = [each["details"]["choice"] for each in history if each["action"] == "invoices.answer"]
    assert choices == ["undecided", "different"]
    for unknown in (f"{answers}/outcome_unknown", f"{API}/invoices/inv_01jeecwz2h6z28dd1fm9d2r7kx/answers/nope"):
        assert (await business.client.delete(unknown)).status_code == 404


async def test_a_bill_entered_after_the_check_is_held_when_it_is_sent(
    business: ConnectedBusiness, xero: Xero, supplier: str
) -> None:
    held = await business.invoice("20476", supplier, "supplier")
    sent = await business.invoice("20477", supplier, "supplier")
    await business.check_standing()
    run = await business.export(held, sent)
    await xero.enters("INV-20476")

    await business.drain()

    items = {item["number"]: item for item in await business.items(run)}
    assert (items["20476"]["state"], items["20477"]["state"]) == ("rejected", "exported")
    assert [problem["code"] for problem in items["20476"]["problems"]] == ["looks_entered_already"]
    assert [choice["code"] for choice in items["20476"]["problems"][0]["choices"]] == ["same", "different"]
    assert (await _answer(business.client, held, "same")).json()["export_state"] == "exported"


async def test_bills_that_come_each_week_over_the_same_amount_are_not_held(
    business: ConnectedBusiness, xero: Xero, supplier: str
) -> None:
    for number, day in (("1041", "2026-11-06"), ("1042", "2026-11-13")):
        await xero.enters(number, Date=day)
    await business.invoice("1043", supplier, "supplier", issued_on="2026-11-20")
    await business.invoice("1044", supplier, "supplier", issued_on="2026-11-14")
    await business.check_standing()
    assert await business.in_view("ready", "supplier") == {"1043", "1044"}


async def test_an_invoice_whose_number_another_tool_has_used_for_the_same_customer_can_be_linked(
    business: ConnectedBusiness, xero: Xero, supplier: str
) -> None:
    ours = await business.invoice("KP-1", supplier)
    other = await business.invoice("KP-2", await business.company("Rata Joinery"))
    for number in ("kp-1", "KP-2"):
        await xero.enters(number, "ACCREC")
    assert await business.problems(ours) == ["looks_entered_already"]
    assert await business.problems(other) == ["invoice_number_taken"], "it is of another customer"

    different = await _answer(business.client, ours, "different")

    assert [problem["code"] for problem in different.json()["problems"]] == ["invoice_number_taken"]


async def test_of_several_documents_that_look_alike_a_person_chooses_one(
    business: ConnectedBusiness, xero: Xero, supplier: str
) -> None:
    bill = await business.invoice(None, supplier, "supplier")
    first, second = await xero.enters("A-1", Date="2026-11-19"), await xero.enters("A-2", Date="2026-11-21")
    (problem,) = (await _shown(business, bill))["problems"]
    assert {choice["code"] for choice in problem["choices"]} == {f"same:{first}", f"same:{second}", "different"}
    assert await _answer_all(business, "same", bill) == [(None, "refused", "several_alike")]
    unclear = await _answer(business.client, bill, "same")
    assert (unclear.status_code, unclear.json()["errors"][0]["code"]) == (422, "unknown_choice")

    linked = await _answer(business.client, bill, f"same:{second}")

    assert second in linked.json()["external_url"]


async def _history(business: ConnectedBusiness, xero: Xero, supplier: str) -> list[str]:
    """Nine invoices of before the first connection, and what an older tool has sent."""
    await business.execute("UPDATE document_cursors SET created_at = '2026-11-27T00:00:00Z'")
    renumbered = await business.invoice("KP-1", supplier, issued_on="2026-11-02")
    numbered = await business.invoice("KP-2", supplier, issued_on="2026-11-03")
    pair = [await business.invoice(f"KP-{n}", supplier, issued_on="2026-11-04") for n in (3, 4)]
    dearer = await business.invoice("KP-5", supplier, issued_on="2026-11-05")
    foreign = await business.invoice("KP-6", supplier, issued_on="2026-11-06", currency="AUD", amounts="no_tax")
    voided = await business.invoice("KP-7", supplier, issued_on="2026-11-07")
    absent = await business.invoice("KP-8", supplier, issued_on="2026-11-08")
    bill = await business.invoice("B-9", supplier, "supplier", issued_on="2026-11-09")
    await xero.enters("OLD-1", "ACCREC", Date="2026-11-02")
    await xero.enters("KP-2", "ACCREC", Date="2026-11-12")
    await xero.enters("OLD-3", "ACCREC", Date="2026-11-04")
    await xero.enters(
        "KP-5",
        "ACCREC",
        Date="2026-11-05",
        LineItems=[{"Description": "Skip", "Quantity": 1, "UnitAmount": 120, "AccountCode": "200"}],
    )
    await xero.enters("OLD-6", "ACCREC", Date="2026-11-06")
    await xero.void(await xero.enters("OLD-7", "ACCREC", Date="2026-11-07"))
    await xero.enters("Purchase 77", Date="2026-11-09")
    return [renumbered, numbered, *pair, dearer, foreign, voided, absent, bill]


async def test_on_the_first_day_what_an_older_tool_has_sent_is_linked_in_bulk_with_a_result_for_each(
    business: ConnectedBusiness, xero: Xero, supplier: str
) -> None:
    ids = await _history(business, xero, supplier)
    old = next(document["InvoiceID"] for document in business.in_xero() if document["InvoiceNumber"] == "OLD-1")
    held = await business.client.get(f"{API}/invoices/counts", params={"problem": "looks_entered_already"})
    assert held.json()["count"] == 6

    results = await _answer_all(business, "same", *ids)

    assert results == [
        ("KP-1", "done"),
        ("KP-2", "done"),
        ("KP-3", "refused", "several_alike"),
        ("KP-4", "refused", "several_alike"),
        ("KP-5", "refused", "totals_differ"),
        ("KP-6", "refused", "not_asked"),
        ("KP-7", "refused", "not_asked"),
        ("KP-8", "refused", "not_asked"),
        ("B-9", "done"),
    ]
    assert old in (await _shown(business, ids[0]))["external_url"]
    assert (await _answer(business.client, ids[2], "same")).json()["export_state"] == "exported"
    await business.check_standing()
    assert await business.problems(ids[3]) == [], "its document belongs to the other one now"
    by_hand = (await _answer(business.client, ids[4], "same")).json()
    assert [remark["detail"] for remark in by_hand["remarks"]] == ["Ours is 115.00, Xero has 138.00."]
    assert _writes(business) == []
    assert len(business.in_xero(NZ_TENANT)) == 7


async def test_a_document_of_a_contact_that_was_merged_is_found_at_the_contact_that_stands(
    business: ConnectedBusiness, xero: Xero, supplier: str
) -> None:
    async with business.controls() as controls:
        made = await controls.post(
            "/_ctl/seed", json={"tenant": NZ_TENANT, "contacts": [{"Name": "Napier Skips (old)"}]}
        )
        before = Xero(business, made.json()[0]["ContactID"])
        await before.enters("20476")
        merged = await controls.post(f"/_ctl/contacts/{before.contact_id}/merge", json={"into": xero.contact_id})
        assert merged.status_code == 200, merged.text
    await business.read_contacts()
    bill = await business.invoice("20476", supplier, "supplier")
    await business.check_standing()
    assert await business.problems(bill) == ["looks_entered_already"]
