"""A question about a contact stays until a person answers it or the reason for it is gone."""

from typing import Any
from uuid import uuid4

import pytest

from sandbox import contacts
from sandbox.seeds import NZ_TENANT
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness


def _contacts(business: ConnectedBusiness) -> dict[str, Any]:
    return business.stand_in.world.ledgers[NZ_TENANT].contacts


async def _asked_about(business: ConnectedBusiness) -> tuple[str, str, str]:
    """A person who is asked about, because Xero has the name with another e-mail address.

    Gives the contact, its invoice, and the contact in Xero.
    """
    ledger, xero_id = business.stand_in.world.ledgers[NZ_TENANT], str(uuid4())
    theirs = {"ContactID": xero_id, "Name": "John Smith", "EmailAddress": "john@otago.example"}
    ledger.contacts[xero_id] = {**contacts.blank(), **theirs, "UpdatedDateUTC": business.stand_in.world.now()}
    john = await business.person("John", "Smith", email="js@north.example")
    invoice = await business.invoice("INV-1", john)
    await _export(business, invoice)
    assert (await business.contact(john))["sync_state"] == "unsure"
    return john, invoice, xero_id


async def _export(business: ConnectedBusiness, invoice: str) -> dict[str, Any]:
    export_id = await business.export(invoice)
    await business.drain()
    return await business.run(export_id)


async def _link(business: ConnectedBusiness, contact_id: str) -> dict[str, Any]:
    return dict((await business.client.get(f"{API}/contacts/{contact_id}/link")).json())


@pytest.mark.parametrize("edit", [{}, {"phone": "04 555 0142"}], ids=["not edited", "edited"])
async def test_another_way_of_naming_persons_does_not_answer_the_question(
    business: ConnectedBusiness, edit: dict[str, Any]
) -> None:
    john, invoice, xero_id = await _asked_about(business)
    await business.prefer(person_name_format="last_first")
    await business.restate_contacts()
    if edit:
        await business.client.patch(f"{API}/contacts/{john}", json=edit)
    before = len(_contacts(business))

    assert (await _export(business, invoice))["rejected"] == 1
    await business.client.post(f"{API}/contact-pushes")
    await business.drain()

    assert len(_contacts(business)) == before, "no second contact was created"
    link = await _link(business, john)
    assert (link["state"], [each["xero_contact"]["id"] for each in link["candidates"]]) == ("unsure", [xero_id])
    assert (await business.contact(john))["sync_state"] == "unsure"

    reply = await business.client.put(f"{API}/contacts/{john}/link", json={"new": True})
    assert reply.status_code == 200, reply.text
    assert (await _export(business, invoice))["exported"] == 1
    assert [each["Name"] for each in _contacts(business).values() if "Smith" in each["Name"]] == [
        "John Smith",
        "Smith, John",
    ]


async def test_the_question_ends_when_its_reason_in_xero_is_gone(business: ConnectedBusiness) -> None:
    john, invoice, xero_id = await _asked_about(business)
    await business.prefer(person_name_format="last_first")
    renamed = {**_contacts(business)[xero_id], "Name": "John Smith Painting"}
    _contacts(business)[xero_id] = {**renamed, "UpdatedDateUTC": business.stand_in.world.now()}

    assert (await _export(business, invoice))["exported"] == 1
    assert (await business.contact(john))["sync_state"] == "in_step"


async def test_another_name_of_the_contact_is_another_question(business: ConnectedBusiness) -> None:
    john, invoice, _ = await _asked_about(business)
    await business.client.patch(f"{API}/contacts/{john}", json={"last_name": "Smythe"})

    assert (await _export(business, invoice))["exported"] == 1
