"""A push creates new contacts and changes only what was changed here."""

from typing import Any

import pytest

from sandbox.seeds import NZ_TENANT
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness
from tests.sync.contacts.pushes.pushing import Pusher


def _slots(contact: dict[str, Any], kind: str) -> dict[str, dict[str, str]]:
    name = {"Phones": "PhoneType", "Addresses": "AddressType"}[kind]
    return {slot[name]: {key: value for key, value in slot.items() if value} for slot in contact[kind]}


async def test_new_contacts_of_every_role_are_created_and_only_the_changed_field_is_sent(
    business: ConnectedBusiness, pusher: Pusher
) -> None:
    contact_id = await business.company("Tui Cafe", email="hi@tui.example")
    for role in ("supplier", "contractor"):
        await business.company(f"A {role}", roles=[role])
    first = await pusher.push()
    assert (first["state"], first["total"], first["created"]) == ("done", 3, 3)

    await pusher.edit_in_xero(contact_id, TaxNumber="123-456-789")
    assert (await pusher.change(contact_id, email="new@tui.example"))["sync_state"] == "changed"
    second = await pusher.push()

    assert (second["state"], second["total"], second["updated"]) == ("done", 1, 1)
    contact = await pusher.in_xero(contact_id)
    assert (contact["EmailAddress"], contact["TaxNumber"]) == ("new@tui.example", "123-456-789")
    (item,) = await pusher.items(second["id"])
    expected = ({"id": contact_id, "name": "Tui Cafe"}, "updated", ["email"])
    assert (item["contact"], item["result"], item["fields"]) == expected
    assert await pusher.items(second["id"], result="failed") == []
    assert await business.notifications("contact_push.finished") == []


async def test_without_changes_xero_is_not_called(business: ConnectedBusiness, pusher: Pusher) -> None:
    await business.company("Tui Cafe")
    await pusher.push()
    pusher.forget_calls()
    push = await pusher.push()
    assert (push["state"], push["total"]) == ("done", 0)
    assert pusher.calls() == []


async def test_a_contact_that_xero_has_already_is_linked_and_never_written(
    business: ConnectedBusiness, pusher: Pusher
) -> None:
    xero_id = pusher.type_in("Tui Cafe", EmailAddress="theirs@tui.example")
    contact_id = await business.company("Tui Cafe", email="ours@tui.example", tax_number="12-345")
    push = await pusher.push()
    assert (push["state"], push["total"]) == ("done", 0)
    assert await pusher.xero_id(contact_id) == xero_id
    assert "POST" not in pusher.calls()
    assert "PUT" not in pusher.calls()

    await pusher.change(contact_id, phone="04 555 0142")
    await pusher.push()
    contact = await pusher.in_xero(contact_id)
    assert (contact["EmailAddress"], contact.get("TaxNumber")) == ("theirs@tui.example", None)
    assert _slots(contact, "Phones")["DEFAULT"]["PhoneNumber"] == "04 555 0142"


async def test_a_cleared_field_is_cleared_in_xero(business: ConnectedBusiness, pusher: Pusher) -> None:
    address = {"line1": "14 Rata Street", "city": "Wellington"}
    contact_id = await business.company("Tui Cafe", email="hi@tui.example", phone="04 555 0142", address=address)
    await pusher.push()
    await pusher.change(contact_id, email=None, phone=None, address=None)
    await pusher.push()
    contact = await pusher.in_xero(contact_id)
    assert contact["EmailAddress"] == ""
    assert _slots(contact, "Phones")["DEFAULT"] == {"PhoneType": "DEFAULT"}
    assert _slots(contact, "Addresses")["POBOX"] == {"AddressType": "POBOX"}
    assert (await business.contact(contact_id))["sync_state"] == "in_step"


async def test_other_slots_stay_as_xero_has_them(business: ConnectedBusiness, pusher: Pusher) -> None:
    contact_id = await business.company("Tui Cafe", phone="04 555 0142", address={"line1": "14 Rata Street"})
    await pusher.push()
    before = await pusher.in_xero(contact_id)
    phones = [
        {**slot, **({"PhoneNumber": "21 555 111", "PhoneCountryCode": "64"} if slot["PhoneType"] == "MOBILE" else {})}
        for slot in before["Phones"]
    ]
    addresses = [
        {
            **slot,
            **({"AddressLine1": "1 Shed Lane", "AttentionTo": "Goods in"} if slot["AddressType"] == "STREET" else {}),
        }
        for slot in before["Addresses"]
    ]
    await pusher.edit_in_xero(contact_id, Phones=phones, Addresses=addresses)
    await pusher.change(contact_id, phone="04 555 0199", address={"line1": "PO Box 9", "city": "Napier"})
    await pusher.push()
    after = await pusher.in_xero(contact_id)
    assert _slots(after, "Phones")["MOBILE"] == _slots({"Phones": phones}, "Phones")["MOBILE"]
    assert _slots(after, "Addresses")["STREET"] == _slots({"Addresses": addresses}, "Addresses")["STREET"]
    assert _slots(after, "Phones")["DEFAULT"]["PhoneNumber"] == "04 555 0199"
    assert _slots(after, "Addresses")["POBOX"]["City"] == "Napier"


async def test_a_field_changed_on_both_sides_stays_as_xero_has_it_until_somebody_decides(
    business: ConnectedBusiness, pusher: Pusher
) -> None:
    contact_id = await business.company("Tui Cafe", email="hi@tui.example", phone="04 555 0142")
    await pusher.push()
    await pusher.edit_in_xero(contact_id, EmailAddress="theirs@tui.example")
    await pusher.change(contact_id, email="ours@tui.example", phone="04 555 0199")
    push = await pusher.push()

    assert (push["state"], push["unsure"]) == ("done_with_errors", 1)
    contact = await pusher.in_xero(contact_id)
    assert contact["EmailAddress"] == "theirs@tui.example"
    assert _slots(contact, "Phones")["DEFAULT"]["PhoneNumber"] == "04 555 0199"
    shown = await business.contact(contact_id)
    (problem,) = shown["problems"]
    assert (shown["sync_state"], problem["code"]) == ("unsure", "contact_conflict")
    assert "theirs@tui.example in Xero and ours@tui.example here" in problem["detail"]
    (notification,) = await business.notifications("contact_push.finished")
    assert notification["message"] == "Contacts pushed to Xero: 1 needs a look."

    await pusher.change(contact_id, email="theirs@tui.example")
    push = await pusher.push()
    assert (push["state"], push["total"]) == ("done", 0)
    shown = await business.contact(contact_id)
    assert (shown["sync_state"], shown["problems"]) == ("in_step", [])


async def test_a_payer_reference_that_is_taken_is_a_remark_and_the_rest_is_sent(
    business: ConnectedBusiness, pusher: Pusher
) -> None:
    contact_id = await business.company("Tui Cafe", email="hi@tui.example")
    await pusher.push()
    pusher.type_in("Somebody else", AccountNumber="PAY-1")
    await business.prefer(send_payer_reference=True)
    await pusher.change(contact_id, payer_reference="PAY-1", email="new@tui.example")
    push = await pusher.push()

    assert (push["state"], push["updated"]) == ("done", 1)
    contact = await pusher.in_xero(contact_id)
    assert (contact["EmailAddress"], contact.get("AccountNumber")) == ("new@tui.example", None)
    shown = await business.contact(contact_id)
    assert [remark["code"] for remark in shown["remarks"]] == ["payer_reference_taken"]
    assert shown["sync_state"] == "in_step"
    (notification,) = await business.notifications("contact_push.finished")
    assert notification["message"] == "Contacts pushed to Xero: 1 needs a look."
    pusher.forget_calls()
    assert (await pusher.push())["total"] == 0
    assert pusher.calls() == []


async def test_switching_payer_references_on_sends_them_but_over_no_number_that_a_user_typed(
    business: ConnectedBusiness, pusher: Pusher
) -> None:
    first = await business.company("Tui Cafe", payer_reference="PAY-1")
    second = await business.company("Kea Builders", payer_reference="PAY-2")
    await pusher.push()
    await pusher.edit_in_xero(second, AccountNumber="X-77")
    await business.company("Moa Plumbing")
    await pusher.push()  # the mirror knows the number now
    await business.prefer(send_payer_reference=True)
    await pusher.push()
    assert (await pusher.in_xero(first))["AccountNumber"] == "PAY-1"
    assert (await pusher.in_xero(second))["AccountNumber"] == "X-77"


@pytest.mark.parametrize("kind", ["archived", "merged", "gone"])
async def test_a_changed_contact_that_is_no_longer_there(
    business: ConnectedBusiness, pusher: Pusher, kind: str
) -> None:
    contact_id = await business.company("Tui Cafe", email="hi@tui.example")
    await pusher.push()
    xero_id = await pusher.xero_id(contact_id)
    target = pusher.type_in("Tui Group", EmailAddress="group@tui.example")
    match kind:
        case "archived":
            await pusher.edit_in_xero(contact_id, ContactStatus="ARCHIVED")
        case "merged":
            await pusher.edit_in_xero(contact_id, ContactStatus="ARCHIVED", MergedToContactID=target)
        case "gone":
            del business.stand_in.world.ledgers[NZ_TENANT].contacts[xero_id]
    await pusher.change(contact_id, email="new@tui.example")
    push = await pusher.push(turns=6)
    shown = await business.contact(contact_id)
    match kind:
        case "archived":
            assert (push["failed"], shown["sync_state"]) == (1, "failed")
            assert [problem["code"] for problem in shown["problems"]] == ["contact_archived"]
        case "merged":
            assert (push["unsure"], await pusher.xero_id(contact_id)) == (1, target)
            assert (await pusher.in_xero(contact_id))["EmailAddress"] == "group@tui.example"
        case "gone":
            assert (push["state"], push["created"]) == ("done", 1)
            (created,) = pusher.named("Tui Cafe")
            assert created["EmailAddress"] == "new@tui.example"
    await pusher.push()
    assert len(pusher.named("Tui Cafe")) == 1


async def test_a_contact_that_xero_refuses_alone_holds_up_no_other(business: ConnectedBusiness, pusher: Pusher) -> None:
    ids = [await business.company(f"Company {number}") for number in range(4)]
    await pusher.push()
    pusher.type_in("Taken")
    for contact_id in ids[1:]:
        await pusher.change(contact_id, email="new@tui.example")
    await pusher.change(ids[0], name="Taken")
    push = await pusher.push()
    assert (push["state"], push["updated"], push["failed"]) == ("done_with_errors", 3, 1)
    shown = await business.contact(ids[0])
    assert (shown["sync_state"], shown["problems"][0]["code"]) == ("failed", "contact_name_taken")
    assert shown["external_url"] is not None
    assert (await pusher.change(ids[0], name="Not taken"))["sync_state"] == "changed"
    assert (await pusher.push())["updated"] == 1


async def test_a_bad_element_that_makes_xero_refuse_the_whole_call_is_isolated(
    business: ConnectedBusiness, pusher: Pusher
) -> None:
    ids = [await business.company(f"Company {number}") for number in range(5)]
    await pusher.push()
    for contact_id in ids:
        await pusher.change(contact_id, email="new@tui.example")
    bad = await pusher.xero_id(ids[2])
    pusher.spoil(kind="status", status=400, body_contains=bad, count=None, text="Bad")
    push = await pusher.push(turns=3)
    assert (push["state"], push["updated"], push["failed"]) == ("done_with_errors", 4, 1)


async def test_persons_are_renamed_when_their_names_are_written_another_way(
    business: ConnectedBusiness, pusher: Pusher
) -> None:
    ours = await business.person("Mere", "Hohepa")
    pusher.type_in("Hana Parata Trust")
    theirs = await business.company("Hana Parata Trust")
    await pusher.push()
    reply = await business.client.get(f"{API}/contact-pushes/name-changes", params={"person_name_format": "last_first"})
    assert reply.json() == {"count": 1}
    await business.prefer(person_name_format="last_first")
    push = await pusher.push()
    assert push["updated"] == 1
    assert (await pusher.in_xero(ours))["Name"] == "Hohepa, Mere"
    assert (await pusher.in_xero(theirs))["Name"] == "Hana Parata Trust"


async def test_an_unsure_contact_is_not_created_and_no_longer_asked_about_by_itself(
    business: ConnectedBusiness, pusher: Pusher
) -> None:
    pusher.type_in("John Smith", EmailAddress="other@smith.example")
    await business.person("John", "Smith", email="john@smith.example")
    push = await pusher.push()
    assert (push["unsure"], push["created"]) == (1, 0)
    assert len(pusher.named("John Smith")) == 1


async def test_a_change_back_is_no_change(business: ConnectedBusiness, pusher: Pusher) -> None:
    contact_id = await business.company("Tui Cafe", email="hi@tui.example")
    await pusher.push()
    assert (await pusher.change(contact_id, email="new@tui.example"))["sync_state"] == "changed"
    assert (await pusher.change(contact_id, email="hi@tui.example"))["sync_state"] == "in_step"


async def test_a_change_while_a_contact_is_being_sent_goes_with_the_next_push(
    business: ConnectedBusiness, pusher: Pusher
) -> None:
    contact_id = await business.company("Tui Cafe", email="hi@tui.example")
    await pusher.push()
    await pusher.change(contact_id, email="first@tui.example")
    pusher.spoil(kind="timeout", when="after", seconds=0)
    push_id = await pusher.start()
    await business.drain()
    await pusher.change(contact_id, email="second@tui.example")
    await business.execute("UPDATE write_attempts SET next_due = app_now() WHERE state = 'open'")
    await business.drain()
    assert (await pusher.read(push_id))["updated"] == 1
    assert (await business.contact(contact_id))["sync_state"] == "changed"
    await pusher.push()
    assert (await pusher.in_xero(contact_id))["EmailAddress"] == "second@tui.example"


async def test_a_change_whose_request_was_lost_is_not_sent_over_what_somebody_wrote_since(
    business: ConnectedBusiness, pusher: Pusher
) -> None:
    contact_id = await business.company("Tui Cafe", email="hi@tui.example")
    await pusher.push()
    await pusher.change(contact_id, email="ours@tui.example")
    pusher.spoil(kind="timeout", seconds=0)
    push_id = await pusher.start()
    await business.drain()
    await pusher.edit_in_xero(contact_id, EmailAddress="theirs@tui.example")
    await business.execute("UPDATE write_attempts SET next_due = app_now() WHERE state = 'open'")
    await business.drain()
    push = await pusher.read(push_id)
    assert (push["state"], push["unsure"]) == ("done_with_errors", 1)
    assert (await pusher.in_xero(contact_id))["EmailAddress"] == "theirs@tui.example"


async def test_a_push_takes_a_call_for_fifty_contacts_and_a_single_read(
    business: ConnectedBusiness, pusher: Pusher
) -> None:
    contacts = [
        {"external_id": f"C-{number}", "kind": "company", "name": f"Company {number}", "roles": ["supplier"]}
        for number in range(260)
    ]
    await business.client.post(f"{API}/contacts/batch", json={"items": contacts})
    push = await pusher.push(turns=2)
    assert (push["state"], push["created"]) == ("done", 260)
    changes = [{"external_id": f"C-{number}", "email": "new@example.nz"} for number in range(120)]
    await business.client.post(f"{API}/contacts/batch", json={"items": changes})
    pusher.forget_calls()
    push = await pusher.push()
    assert (push["state"], push["total"], push["updated"]) == ("done", 120, 120)
    assert sorted(pusher.calls()) == ["GET", "POST", "POST", "POST"]


@pytest.mark.parametrize("choice", ["keep_xeros", "send_ours"])
async def test_a_person_decides_which_of_two_changes_counts(
    business: ConnectedBusiness, pusher: Pusher, choice: str
) -> None:
    contact_id = await business.company("Tui Cafe", email="hi@tui.example")
    await pusher.push()
    await pusher.edit_in_xero(contact_id, EmailAddress="theirs@tui.example")
    await pusher.change(contact_id, email="ours@tui.example")
    await pusher.push()
    (problem,) = (await business.contact(contact_id))["problems"]
    assert [each["code"] for each in problem["choices"]] == ["keep_xeros", "send_ours"]

    address = f"{API}/contacts/{contact_id}/answers/contact_conflict"
    answered = await business.client.put(address, json={"choice": choice})
    assert (answered.status_code, answered.json()["sync_state"], answered.json()["problems"]) == (200, "changed", [])
    again = await business.client.put(address, json={"choice": choice})
    assert (again.status_code, again.json()["code"]) == (409, "nothing_undecided")
    push = await pusher.push()
    expected = {"keep_xeros": (0, "theirs@tui.example"), "send_ours": (1, "ours@tui.example")}
    assert (push["updated"], (await pusher.in_xero(contact_id))["EmailAddress"]) == expected[choice]


async def test_the_invoices_of_a_contact_that_was_changed_on_both_sides_are_sent(
    business: ConnectedBusiness, pusher: Pusher
) -> None:
    contact_id = await business.company("Tui Cafe", email="hi@tui.example")
    await pusher.push()
    await pusher.edit_in_xero(contact_id, EmailAddress="theirs@tui.example")
    await pusher.change(contact_id, email="ours@tui.example")
    await pusher.push()
    export_id = await business.export(await business.invoice("I-1", contact_id))
    await business.drain()
    assert (await business.run(export_id))["exported"] == 1
    assert (await business.contact(contact_id))["sync_state"] == "unsure"
