"""What both sides have is stored with each link, so that a push knows what was changed since."""

from typing import Any

from api.platform.ids import decode
from sandbox import contacts
from sandbox.seeds import NZ_TENANT
from tests.sync.connected_business import ConnectedBusiness


async def _link(business: ConnectedBusiness, contact_id: str) -> Any:
    (row,) = await business.execute("SELECT * FROM contact_links WHERE contact_id = :id", id=decode("con", contact_id))
    return row


def _typed_in(business: ConnectedBusiness, name: str, **fields: Any) -> str:
    """The id of a contact that somebody types into Xero."""
    ledger, now = business.stand_in.world.ledgers[NZ_TENANT], business.stand_in.world.now()
    return str(contacts.store(ledger, {**contacts.blank(), "Name": name, **fields}, now)["ContactID"])


async def _export(business: ConnectedBusiness, number: str, contact_id: str) -> None:
    await business.export(await business.invoice(number, contact_id))
    await business.drain()


async def test_the_base_of_a_created_contact_is_what_was_sent(business: ConnectedBusiness) -> None:
    contact_id = await business.company("Tui Cafe", email="hi@tui.example", address={"line1": "PO Box 9"})
    await _export(business, "I-1", contact_id)
    base = (await _link(business, contact_id)).base
    assert base["ours"] == base["theirs"]
    assert base["ours"] == {"name": "Tui Cafe", "email": "hi@tui.example", "address": "PO Box 9\n\n\n\n\n"}


async def test_the_base_of_a_contact_linked_by_name_is_what_each_side_has(business: ConnectedBusiness) -> None:
    _typed_in(business, "Tui Cafe", EmailAddress="other@tui.example")
    contact_id = await business.company("Tui Cafe", email="hi@tui.example")
    await _export(business, "I-1", contact_id)
    base = (await _link(business, contact_id)).base
    assert (base["ours"]["email"], base["theirs"]["email"]) == ("hi@tui.example", "other@tui.example")


async def test_a_merge_in_xero_keeps_the_base(business: ConnectedBusiness) -> None:
    contact_id = await business.company("Tui Cafe", email="hi@tui.example")
    await _export(business, "I-1", contact_id)
    before = await _link(business, contact_id)
    target = _typed_in(business, "Tui Group", EmailAddress="group@tui.example")
    ledger = business.stand_in.world.ledgers[NZ_TENANT]
    merged = ledger.contacts[str(before.xero_contact_id)]
    contacts.store(
        ledger, {**merged, "ContactStatus": "ARCHIVED", "MergedToContactID": target}, business.stand_in.world.now()
    )
    await _export(business, "I-2", contact_id)
    await business.drain()
    after = await _link(business, contact_id)
    assert str(after.xero_contact_id) == target
    assert after.base == before.base
