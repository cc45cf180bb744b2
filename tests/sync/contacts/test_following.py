"""What happens to contacts of ours when their contacts in Xero are changed by others, as soon as Xero is read."""

from typing import Any
from uuid import uuid4

import pytest
from fastapi import FastAPI

from sandbox import contacts
from sandbox.app import StandIn
from sandbox.seeds import NZ_TENANT
from tests.callers import Caller
from tests.records.making import API, items
from tests.sync.connected_business import ConnectedBusiness


def _type_in(business: ConnectedBusiness, name: str, **fields: Any) -> str:
    """Somebody adds a contact in Xero; gives its id."""
    ledger, xero_id = business.stand_in.world.ledgers[NZ_TENANT], str(uuid4())
    contact = {**contacts.blank(), "ContactID": xero_id, "Name": name, **fields}
    ledger.contacts[xero_id] = {**contact, "UpdatedDateUTC": business.stand_in.world.now()}
    return xero_id


def _edit(business: ConnectedBusiness, name: str, **fields: Any) -> None:
    """Somebody edits a contact in Xero."""
    ledger = business.stand_in.world.ledgers[NZ_TENANT]
    (contact,) = [each for each in ledger.contacts.values() if each["Name"] == name]
    ledger.contacts[contact["ContactID"]] = {**contact, **fields, "UpdatedDateUTC": business.stand_in.world.now()}


async def _in_xeros_screens(business: ConnectedBusiness, path: str, **body: Any) -> None:
    async with business.controls() as controls:
        assert (await controls.post(f"/_ctl/contacts/{path}", json=body)).is_success


async def _export(business: ConnectedBusiness, *invoice_ids: str) -> dict[str, Any]:
    export_id = await business.export(*invoice_ids)
    await business.drain()
    return await business.run(export_id)


async def _exported(business: ConnectedBusiness, name: str, **fields: Any) -> str:
    """A company that an export has created in Xero."""
    contact = await business.company(name, **fields)
    await _export(business, await business.invoice(f"INV {name}", contact))
    return contact


async def _link(business: ConnectedBusiness, contact_id: str) -> dict[str, Any]:
    return dict((await business.client.get(f"{API}/contacts/{contact_id}/link")).json())


async def _codes(business: ConnectedBusiness, contact_id: str) -> tuple[str, list[str], list[str]]:
    """State, problems and remarks of a contact."""
    contact = await business.contact(contact_id)
    codes = [[each["code"] for each in contact[kind]] for kind in ("problems", "remarks")]
    return contact["sync_state"], codes[0], codes[1]


async def test_an_archived_contact_holds_its_invoices_before_they_are_sent_and_a_restored_one_frees_them(
    business: ConnectedBusiness,
) -> None:
    tui = await _exported(business, "Tui Cafe")
    invoice = await business.invoice("INV-2", tui)
    await _in_xeros_screens(business, "Tui Cafe/archive")
    await business.read_contacts()
    assert await _codes(business, tui) == ("failed", ["contact_archived"], [])
    assert (await _link(business, tui))["state"] == "archived"
    check = (
        await business.client.post(f"{API}/export-checks", json={"selection": {"mode": "ids", "ids": [invoice]}})
    ).json()
    assert (check["contacts"][0]["how"], check["invoices"][0]["problems"][0]["code"]) == (
        "archived",
        "contact_archived",
    )
    calls = len(business.calls("PUT", "/api.xro/2.0/Invoices"))
    assert (await _export(business, invoice))["rejected"] == 1
    assert len(business.calls("PUT", "/api.xro/2.0/Invoices")) == calls, "Xero need not refuse it"

    await _in_xeros_screens(business, "Tui Cafe", ContactStatus="ACTIVE")
    await business.read_contacts()
    contact = await business.contact(tui)
    assert (contact["sync_state"], contact["problems"], bool(contact["external_url"])) == ("in_step", [], True)
    assert (await business.client.get(f"{API}/invoices/{invoice}")).json()["problems"] == []
    assert (await _export(business, invoice))["exported"] == 1
    history = await items(business.client, f"contacts/{tui}/history")
    assert [event["what"] for event in history][:2] == [
        "The contact was restored in Xero.",
        "The contact was archived in Xero.",
    ]


async def test_the_link_of_a_merged_contact_follows_and_says_what_differs(business: ConnectedBusiness) -> None:
    tui = await _exported(business, "Tui Cafe")
    await _in_xeros_screens(business, "Tui Cafe/merge", into="Corner Bakery Co")
    await business.read_contacts()
    link = await _link(business, tui)
    assert (link["state"], link["decided_by"], link["xero_contact"]["name"]) == ("linked", "merge", "Corner Bakery Co")
    assert await _codes(business, tui) == ("changed", [], ["contact_differs"])
    assert (
        "the name Corner Bakery Co in Xero and Tui Cafe here" in (await business.contact(tui))["remarks"][0]["detail"]
    )


async def test_a_contact_that_ours_was_merged_into_is_given_to_no_other_contact(business: ConnectedBusiness) -> None:
    tui = await _exported(business, "Tui Cafe")
    await _in_xeros_screens(business, "Tui Cafe/merge", into="Corner Bakery Co")
    await business.read_contacts()
    target = (await _link(business, tui))["xero_contact"]["id"]
    other = await business.company("Another Ltd")

    refused = await business.client.put(f"{API}/contacts/{other}/link", json={"xero_contact_id": target})

    assert (refused.status_code, refused.json()["code"]) == (409, "contact_taken")
    assert "Tui Cafe" in refused.json()["detail"]


async def test_what_another_business_linked_in_the_same_organisation_is_linked_here_as_well(
    business: ConnectedBusiness, neighbour: Caller, app: FastAPI, stand_in: StandIn
) -> None:
    await _exported(business, "Tui Cafe")
    assert (await business.client.delete(f"{API}/connections/xero")).is_success
    other = ConnectedBusiness(app, neighbour, stand_in)
    await other.connect()
    await other.refresh_ledger()
    await other.prefer(default_income_code="200", default_expense_code="310")

    contact = await other.company("Tui Cafe")
    run = await _export(other, await other.invoice("INV-9", contact))

    assert (run["state"], run["exported"]) == ("done", 1)
    assert (await _link(other, contact))["decided_by"] == "name"


async def test_a_contact_that_xero_no_longer_has_is_forgotten_and_matched_again(business: ConnectedBusiness) -> None:
    tui = await _exported(business, "Tui Cafe")
    ledger = business.stand_in.world.ledgers[NZ_TENANT]
    (gone,) = [key for key, contact in ledger.contacts.items() if contact["Name"] == "Tui Cafe"]
    ledger.invoices = {key: each for key, each in ledger.invoices.items() if each["_ContactID"] != gone}
    del ledger.contacts[gone]
    await business.refresh_contact(tui)
    assert await _codes(business, tui) == ("not_sent", [], [])
    link = await _link(business, tui)
    assert (link["state"], link["xero_contact"]) == ("none", None)
    (event, *_) = await items(business.client, f"contacts/{tui}/history")
    assert event["what"] == "Xero no longer has the contact; it is matched again."
    assert (await _export(business, await business.invoice("INV-2", tui)))["exported"] == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"Name": "Tui Cafe & Bar"}, "the name Tui Cafe & Bar in Xero and Tui Cafe here"),
        ({"EmailAddress": "new@tui.example"}, "the e-mail address new@tui.example in Xero and old@tui.example here"),
    ],
)
async def test_a_contact_edited_in_xero_says_what_differs_until_it_is_the_same_again(
    business: ConnectedBusiness, fields: dict[str, str], words: str
) -> None:
    tui = await _exported(business, "Tui Cafe", email="old@tui.example")
    assert await _codes(business, tui) == ("in_step", [], [])
    _edit(business, "Tui Cafe", **fields)
    await business.read_contacts()
    assert await _codes(business, tui) == ("changed", [], ["contact_differs"])
    assert words in (await business.contact(tui))["remarks"][0]["detail"]
    _edit(business, fields.get("Name", "Tui Cafe"), Name="Tui Cafe", EmailAddress="old@tui.example")
    await business.read_contacts()
    assert await _codes(business, tui) == ("in_step", [], [])


async def test_another_format_of_persons_names_says_at_once_what_differs(business: ConnectedBusiness) -> None:
    hana = await business.person("Hana", "Parata")
    await _export(business, await business.invoice("INV-1", hana))
    assert (await _codes(business, hana))[0] == "in_step"
    await business.prefer(person_name_format="last_first")
    await business.restate_contacts()
    assert await _codes(business, hana) == ("changed", [], ["contact_differs"])
    detail = (await business.contact(hana))["remarks"][0]["detail"]
    assert "the name Hana Parata in Xero and Parata, Hana here" in detail


async def test_an_unsure_contact_is_freed_as_soon_as_xero_leaves_no_doubt(business: ConnectedBusiness) -> None:
    for email in ("a@tui.example", "b@tui.example"):
        _type_in(business, "Tui Cafe", EmailAddress=email)
    tui = await business.company("Tui Cafe")
    invoice = await business.invoice("INV-1", tui)
    assert (await _export(business, invoice))["rejected"] == 1
    assert (await _codes(business, tui))[:2] == ("unsure", ["contact_unsure"])
    ledger = business.stand_in.world.ledgers[NZ_TENANT]
    first = next(key for key, each in ledger.contacts.items() if each.get("EmailAddress") == "a@tui.example")
    ledger.contacts[first] |= {"Name": "Tui Bar", "UpdatedDateUTC": business.stand_in.world.now()}
    await business.read_contacts()
    assert await _codes(business, tui) == ("not_sent", [], [])
    assert (await business.client.get(f"{API}/invoices/{invoice}")).json()["problems"] == []


async def test_a_value_changed_on_both_sides_waits_for_a_decision(business: ConnectedBusiness) -> None:
    tui = await _exported(business, "Tui Cafe", email="old@tui.example")
    await business.client.patch(f"{API}/contacts/{tui}", json={"email": "ours@tui.example"})
    _edit(business, "Tui Cafe", EmailAddress="theirs@tui.example")
    await business.read_contacts()
    assert (await _codes(business, tui))[:2] == ("unsure", ["contact_conflict"])
    await business.client.patch(f"{API}/contacts/{tui}", json={"email": "theirs@tui.example"})
    await business.read_contacts()
    assert (await _codes(business, tui))[1] == []
