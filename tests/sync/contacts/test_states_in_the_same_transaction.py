"""What is shown of a contact is right as soon as something was decided or edited."""

from typing import Any

from api.records.contacts.service import SyncState
from api.sync.contacts.decisions.refreshing import restate_in
from sandbox.faults import Fault
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness
from tests.sync.contacts.pushes.pushing import Pusher


async def _conflicting(business: ConnectedBusiness) -> tuple[Pusher, str]:
    """A contact whose e-mail address was changed on both sides."""
    pusher = Pusher(business)
    contact_id = await business.company("Tui Cafe", email="hi@tui.example", phone="04 555 0142")
    await pusher.push()
    await pusher.edit_in_xero(contact_id, EmailAddress="theirs@tui.example")
    await pusher.change(contact_id, email="ours@tui.example")
    await pusher.push()
    assert (await business.contact(contact_id))["sync_state"] == "unsure"
    return pusher, contact_id


def _state(contact: dict[str, Any]) -> tuple[str, list[str]]:
    return contact["sync_state"], [problem["code"] for problem in contact["problems"]]


async def test_an_edit_does_not_answer_which_of_two_changes_counts(business: ConnectedBusiness) -> None:
    pusher, contact_id = await _conflicting(business)
    edited = await pusher.change(contact_id, phone="04 555 0199")
    assert _state(edited) == ("unsure", ["contact_conflict"])
    push = await pusher.push()
    assert (push["updated"], push["unsure"]) == (0, 1)
    phones = {slot["PhoneType"]: slot["PhoneNumber"] for slot in (await pusher.in_xero(contact_id))["Phones"]}
    assert phones["DEFAULT"] == "04 555 0199", "what was changed here alone is sent"


async def test_an_edit_to_what_xero_has_ends_the_conflict_without_a_call(business: ConnectedBusiness) -> None:
    pusher, contact_id = await _conflicting(business)
    await pusher.change(contact_id, email="theirs@tui.example")
    pusher.forget_calls()
    await restate_in(business.gateways, business.business_id, SyncState.UNSURE)
    assert _state(await business.contact(contact_id)) == ("in_step", [])
    assert pusher.calls() == []


async def test_a_decision_about_a_contact_answers_the_question_of_its_namesake_at_once(
    business: ConnectedBusiness,
) -> None:
    first, second = await business.company("Tui Cafe"), await business.company("Tui Cafe")
    await Pusher(business).push()
    assert [_state(await business.contact(each))[0] for each in (first, second)] == ["unsure", "unsure"]

    decision = {"new": True, "xero_name": "Tui Cafe (Napier)"}
    reply = await business.client.put(f"{API}/contacts/{first}/link", json=decision)

    assert reply.status_code == 200, reply.text
    assert [_state(await business.contact(each)) for each in (first, second)] == [("not_sent", [])] * 2


async def test_a_decision_for_the_same_link_keeps_a_conflict(business: ConnectedBusiness) -> None:
    pusher, contact_id = await _conflicting(business)
    body = {"xero_contact_id": await pusher.xero_id(contact_id)}
    assert (await business.client.put(f"{API}/contacts/{contact_id}/link", json=body)).status_code == 200
    assert _state(await business.contact(contact_id)) == ("unsure", ["contact_conflict"])


async def test_the_name_of_a_contact_that_is_being_created_is_its_own(business: ConnectedBusiness) -> None:
    tui = await business.company("Tui Cafe", address={"city": "Napier"})
    lost = {"method": "PUT", "path": "Contacts", "kind": "timeout", "when": "after", "seconds": 0}
    business.stand_in.faults.waiting.append(Fault.model_validate(lost))
    await business.export(await business.invoice("INV-1", tui))
    await business.drain()
    await business.read_contacts()
    link = (await business.client.get(f"{API}/contacts/{tui}/link")).json()
    assert link["new_name"] == "Tui Cafe"


async def test_a_name_that_xero_would_refuse_is_not_counted_as_a_change_of_names(business: ConnectedBusiness) -> None:
    pusher = Pusher(business)
    await business.person("Mere", "Hohepa")
    await business.person("Hana", "Rewi")
    await pusher.push()
    pusher.type_in("Hohepa, Mere")
    await business.read_contacts()
    reply = await business.client.get(f"{API}/contact-pushes/name-changes", params={"person_name_format": "last_first"})
    assert reply.json() == {"count": 1}


async def test_a_push_refuses_fields_that_it_would_ignore(business: ConnectedBusiness) -> None:
    refused = await business.client.post(f"{API}/contact-pushes", json={"contact_ids": [], "all": True})
    assert (refused.status_code, [each["pointer"] for each in refused.json()["errors"]]) == (
        422,
        ["#/contact_ids", "#/all"],
    )
    assert {each["code"] for each in refused.json()["errors"]} == {"unknown_field"}
    assert (await business.client.post(f"{API}/contact-pushes", json={})).status_code == 202
