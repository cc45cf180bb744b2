"""What Xero refused by its name is not sent again while nothing has changed; it is shown as needing a look."""

from datetime import timedelta

import pytest

from sandbox import contacts
from sandbox.seeds import NZ_TENANT
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness
from tests.sync.contacts.pushes.pushing import Pusher


async def _renamed_to_a_taken_name(business: ConnectedBusiness, pusher: Pusher) -> str:
    """A contact whose new name Xero has refused, because somebody typed a contact of that name into Xero."""
    contact_id = await business.company("Tui Cafe")
    await pusher.push()
    pusher.type_in("Tui Group")
    await pusher.change(contact_id, name="Tui Group")
    assert (await pusher.push())["failed"] == 1
    pusher.forget_calls()
    return contact_id


async def test_a_refused_name_is_not_sent_again_and_needs_a_look(business: ConnectedBusiness, pusher: Pusher) -> None:
    contact_id = await _renamed_to_a_taken_name(business, pusher)

    push = await pusher.push()

    assert (push["state"], push["total"], push["failed"]) == ("done_with_errors", 1, 1)
    assert "POST" not in pusher.calls(), "nothing has changed since Xero refused it"
    (item,) = await pusher.items(push["id"])
    assert [problem["code"] for problem in item["problems"]] == ["contact_name_taken"]
    assert item["problems"][0]["fix"]["href"] == f"/contacts/{contact_id}#link"
    assert "already assigned" in item["problems"][0]["xero_message"]
    shown = await business.contact(contact_id)
    assert (shown["sync_state"], shown["problems"][0]["code"]) == ("failed", "contact_name_taken")


@pytest.mark.parametrize("what", ["ours", "theirs", "the other", "decision"])
async def test_a_refused_name_is_sent_again_when_something_has_changed(
    business: ConnectedBusiness, pusher: Pusher, what: str
) -> None:
    contact_id = await _renamed_to_a_taken_name(business, pusher)
    (other,) = pusher.named("Tui Group")
    match what:
        case "ours":
            await pusher.change(contact_id, phone="04 555 0142")
        case "theirs":
            await pusher.edit_in_xero(contact_id, EmailAddress="hi@tui.example")
        case "the other":
            ledger, now = business.stand_in.world.ledgers[NZ_TENANT], business.stand_in.world.now()
            contacts.store(ledger, {**other, "Name": "Tui Group Holdings"}, now)
        case "decision":
            body = {"xero_contact_id": await pusher.xero_id(contact_id)}
            assert (await business.client.put(f"{API}/contacts/{contact_id}/link", json=body)).status_code == 200

    push = await pusher.push()

    assert pusher.calls().count("POST") == 1
    assert (push["updated"], push["failed"]) == ((1, 0) if what == "the other" else (0, 1))


async def test_a_contact_that_xero_refused_to_create_is_neither_pushed_nor_exported_again_as_it_is(
    business: ConnectedBusiness, pusher: Pusher
) -> None:
    long_ago = business.stand_in.world.now() - timedelta(days=9)
    await pusher.push()  # so that the mirror does not see what is typed in with an old date
    ledger = business.stand_in.world.ledgers[NZ_TENANT]
    await business.read_contacts()
    hidden = contacts.store(ledger, {**contacts.blank(), "Name": "Tui Cafe"}, long_ago)
    contact_id = await business.company("Tui Cafe")
    assert (await pusher.push())["failed"] == 1
    pusher.forget_calls()

    push = await pusher.push()
    export_id = await business.export(await business.invoice("I-1", contact_id))
    await business.drain()

    assert (push["total"], push["failed"]) == (1, 1)
    assert (await business.run(export_id))["rejected"] == 1
    assert "PUT" not in pusher.calls()
    link = (await business.client.get(f"{API}/contacts/{contact_id}/link")).json()
    assert link["problem"]["code"] == "contact_name_taken"

    del ledger.contacts[hidden["ContactID"]]
    decided = await business.client.put(f"{API}/contacts/{contact_id}/link", json={"new": True})
    assert decided.status_code == 200, decided.text
    assert (await pusher.push())["created"] == 1


async def test_a_payer_reference_that_is_taken_and_nothing_else_counts_as_unchanged(
    business: ConnectedBusiness, pusher: Pusher
) -> None:
    contact_id = await business.company("Tui Cafe")
    await pusher.push()
    pusher.type_in("Somebody else", AccountNumber="PAY-1")
    await business.prefer(send_payer_reference=True)
    await pusher.change(contact_id, payer_reference="PAY-1")

    push = await pusher.push()

    assert (push["state"], push["updated"], push["unchanged"]) == ("done", 0, 1)
    (item,) = await pusher.items(push["id"], result="unchanged")
    assert (item["fields"], [problem["code"] for problem in item["problems"]]) == ([], ["payer_reference_taken"])
