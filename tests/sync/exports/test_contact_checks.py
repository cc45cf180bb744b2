"""A contact that was archived, merged or removed in Xero after it was linked."""

from typing import Any

from sandbox.faults import Fault
from sandbox.seeds import NZ_TENANT
from tests.sync.connected_business import ConnectedBusiness

_PUT_INVOICES, _PUT_CONTACTS = "/api.xro/2.0/Invoices", "/api.xro/2.0/Contacts"


def _contacts(business: ConnectedBusiness) -> dict[str, dict[str, Any]]:
    contacts: dict[str, dict[str, Any]] = business.stand_in.world.ledgers[NZ_TENANT].contacts
    return contacts


def _contact_of(business: ConnectedBusiness, number: str) -> str:
    """The name of the contact that has the document of this number in Xero."""
    (document,) = [document for document in business.in_xero() if document["InvoiceNumber"] == number]
    return str(_contacts(business)[document["_ContactID"]]["Name"])


async def _in_xeros_screens(business: ConnectedBusiness, path: str, **body: Any) -> None:
    async with business.controls() as controls:
        assert (await controls.post(f"/_ctl/contacts/{path}", json=body)).is_success


async def _export(business: ConnectedBusiness, *invoice_ids: str) -> dict[str, Any]:
    export_id = await business.export(*invoice_ids)
    await business.drain()
    return await business.run(export_id)


async def test_the_next_invoice_of_a_merged_contact_goes_to_the_contact_it_was_merged_into(
    business: ConnectedBusiness,
) -> None:
    created, known = await business.company("Tui Cafe"), await business.company("Southern Cross Dental")
    await _export(business, await business.invoice("INV-1", created), await business.invoice("INV-2", known))
    await _in_xeros_screens(business, "Tui Cafe/merge", into="Corner Bakery Co")
    await _in_xeros_screens(business, "Southern Cross Dental/merge", into="Corner Bakery Co")
    run = await _export(business, await business.invoice("INV-3", created), await business.invoice("INV-4", known))
    assert (run["state"], run["exported"]) == ("done", 2)
    assert {_contact_of(business, number) for number in ("INV-3", "INV-4")} == {"Corner Bakery Co"}
    contact = await business.contact(created)
    (remark,) = contact["remarks"]
    assert (contact["sync_state"], contact["problems"], remark["code"]) == ("changed", [], "contact_differs")
    assert "the name Corner Bakery Co in Xero and Tui Cafe here" in remark["detail"]

    await _export(business, await business.invoice("INV-5", known))
    assert _contact_of(business, "INV-5") == "Corner Bakery Co"
    assert len(business.calls("PUT", _PUT_INVOICES)) == 4, "one refusal, then the links lead to the right contact"


async def test_an_archived_contact_is_refused_once_it_has_been_read_again_and_goes_when_it_is_restored(
    business: ConnectedBusiness,
) -> None:
    contact = await business.company("Tui Cafe")
    await _export(business, await business.invoice("INV-1", contact))
    await _in_xeros_screens(business, "Tui Cafe/archive")
    invoice = await business.invoice("INV-2", contact)
    run = await _export(business, invoice)
    (item,) = await business.items(run["id"])
    assert (item["state"], [problem["code"] for problem in item["problems"]]) == ("rejected", ["contact_archived"])
    assert item["problems"][0]["fix"]["href"] == f"/contacts/{contact}#link"
    assert (await business.contact(contact))["sync_state"] == "failed"

    await _in_xeros_screens(business, "Tui Cafe", ContactStatus="ACTIVE")
    run = await _export(business, invoice)
    assert run["state"] == "done"
    assert _contact_of(business, "INV-2") == "Tui Cafe"
    assert len(business.calls("PUT", _PUT_CONTACTS)) == 1


async def test_a_contact_that_xero_no_longer_has_is_matched_again_and_the_others_of_the_batch_go(
    business: ConnectedBusiness,
) -> None:
    lost, kept = await business.company("Tui Cafe"), await business.company("Corner Bakery Co")
    await _export(business, await business.invoice("INV-1", lost), await business.invoice("INV-2", kept))
    books = _contacts(business)
    gone = next(key for key, contact in books.items() if contact["Name"] == "Tui Cafe")
    ledger = business.stand_in.world.ledgers[NZ_TENANT]
    ledger.invoices = {key: document for key, document in ledger.invoices.items() if document["_ContactID"] != gone}
    del books[gone]
    run = await _export(business, await business.invoice("INV-3", lost), await business.invoice("INV-4", kept))
    assert (run["state"], run["exported"]) == ("done", 2)
    assert (_contact_of(business, "INV-3"), _contact_of(business, "INV-4")) == ("Tui Cafe", "Corner Bakery Co")
    assert len(business.calls("PUT", _PUT_CONTACTS)) == 2
    (stored,) = await business.execute("SELECT count(*) AS links FROM contact_links")
    assert stored.links == 2


async def test_a_call_that_xero_goes_on_refusing_as_not_found_is_not_sent_for_ever(
    business: ConnectedBusiness,
) -> None:
    contact = await business.company("Corner Bakery Co")
    fault = {"kind": "status", "status": 404, "text": "It cannot be found", "count": None}
    business.stand_in.faults.waiting.append(Fault.model_validate({"method": "PUT", "path": "Invoices", **fault}))
    run = await _export(business, await business.invoice("INV-1", contact))
    (item,) = await business.items(run["id"])
    assert (item["state"], item["problems"][0]["code"]) == ("rejected", "unknown_xero_error")
    assert len(business.calls("PUT", _PUT_INVOICES)) == 2
