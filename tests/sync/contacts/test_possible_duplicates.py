"""Contacts in Xero that may be the same as one to be created are named before it is created, and never linked."""

from typing import Any
from uuid import UUID

from api.sync.contacts.likenesses import Likenesses, likeness_of
from sandbox import contacts
from sandbox.seeds import NZ_TENANT
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness
from tests.sync.contacts.sides import our, their


def _type_in(business: ConnectedBusiness, name: str, **fields: Any) -> str:
    ledger, now = business.stand_in.world.ledgers[NZ_TENANT], business.stand_in.world.now()
    return str(contacts.store(ledger, {**contacts.blank(), "Name": name, **fields}, now)["ContactID"])


async def _check(business: ConnectedBusiness, *contact_ids: str) -> dict[str, dict[str, Any]]:
    """What the check of an invoice of each of these contacts says, by contact."""
    ids = [await business.invoice(f"I-{number}", each) for number, each in enumerate(contact_ids)]
    body = {"selection": {"mode": "ids", "ids": ids}}
    reply = await business.client.post(f"{API}/export-checks", json=body)
    assert reply.status_code == 200, reply.text
    assert reply.json()["ready"] == len(ids), "a possible duplicate holds nothing"
    return {each["contact_id"]: each for each in reply.json()["contacts"]}


async def test_the_check_names_possible_duplicates_of_a_contact_that_is_to_be_created(
    business: ConnectedBusiness,
) -> None:
    by_email = _type_in(business, "Southern Drains", EmailAddress="office@kea.example")
    by_name = _type_in(business, "Kea Bulders Limited")
    _type_in(business, "Somebody Else")
    kea = await business.company("Kea Builders Limited", email="Office@kea.example")
    known = await business.company("Somebody Else")
    await business.read_contacts()

    checked = await _check(business, kea, known)

    assert (checked[kea]["how"], checked[kea]["goes_to"]) == ("new", "Kea Builders Limited")
    assert checked[kea]["possible_duplicates"] == [
        {"xero_contact_id": by_email, "name": "Southern Drains", "agrees": ["email"]},
        {"xero_contact_id": by_name, "name": "Kea Bulders Limited", "agrees": []},
    ]
    assert (checked[known]["how"], checked[known]["possible_duplicates"]) == ("will_link", [])


async def test_possible_duplicates_follow_a_change_in_xero(business: ConnectedBusiness) -> None:
    drains = _type_in(business, "Southern Drains", EmailAddress="drains@southern.example")
    kea = await business.company("Kea Builders Limited", email="office@kea.example")
    await business.read_contacts()
    assert (await _check(business, kea))[kea]["possible_duplicates"] == []

    _type_in(business, "Southern Drains", EmailAddress="office@kea.example", ContactID=drains)
    await business.read_contacts()

    link = (await business.client.get(f"{API}/contacts/{kea}/link")).json()
    assert [each["xero_contact"]["id"] for each in link["possible_duplicates"]] == [drains]
    keys_of_contacts = "SELECT xero_contact_id, unnest(likeness_keys) FROM mirror_contacts"
    stored = "SELECT xero_contact_id, key FROM mirror_contact_keys"
    assert sorted(await business.execute(stored)) == sorted(await business.execute(keys_of_contacts))


async def test_a_contact_in_xero_that_belongs_to_another_of_ours_is_no_possible_duplicate(
    business: ConnectedBusiness,
) -> None:
    first = await business.company("Kea Builders Nelson", email="office@kea.example")
    export_id = await business.export(await business.invoice("I-first", first))
    await business.drain()
    assert (await business.run(export_id))["exported"] == 1
    second = await business.company("Kea Builders Napier", email="office@kea.example")
    assert (await _check(business, second))[second]["possible_duplicates"] == []


async def test_the_check_says_that_another_contact_has_the_payer_reference(business: ConnectedBusiness) -> None:
    await business.prefer(send_payer_reference=True)
    _type_in(business, "Holder", AccountNumber="PAY-1")
    await business.read_contacts()
    theirs = await business.company("Kea Builders", payer_reference="PAY-1")
    branches = [await business.company(f"Branch {number}", payer_reference="B-1") for number in range(2)]

    checked = await _check(business, theirs, *branches)

    remarks = {key: [remark["detail"] for remark in each["remarks"]] for key, each in checked.items()}
    assert remarks == {
        theirs: ["Will be sent without the payer reference PAY-1, which Holder has."],
        branches[0]: [],
        branches[1]: ["Will be sent without the payer reference B-1, which Branch 0 has."],
    }


async def test_of_very_many_contacts_that_begin_alike_the_nearest_are_shown(business: ConnectedBusiness) -> None:
    await business.read_contacts()
    await business.execute(
        """
        INSERT INTO mirror_contacts (id, business_id, organisation_id, xero_contact_id, name, name_key, plain_name,
            likeness_keys, phones, address_slots, phone_slots, status, is_customer, is_supplier)
        SELECT gen_random_uuid(), business_id, organisation_id, gen_random_uuid(), name, name, name,
            ARRAY['start:harb', 'words:' || name], '{}', '[]', '[]', 'ACTIVE', false, false
        FROM mirror_cursors, (SELECT 'harbour ' || md5(n::text) AS name FROM generate_series(1, 3000) AS n) AS names
        """
    )
    near = _type_in(business, "Harbour Apartmints")
    await business.read_contacts()
    ours = await business.company("Harbour Apartments")
    link = (await business.client.get(f"{API}/contacts/{ours}/link")).json()
    assert [each["xero_contact"]["id"] for each in link["possible_duplicates"]] == [near]


def test_of_thousands_of_names_that_begin_alike_the_near_one_is_given() -> None:
    names = ["Harbour Apartmints", *(f"Harbour {number:x} Trust" for number in range(4000))]
    theirs = [their(UUID(int=number), name=name) for number, name in enumerate(names, start=1)]
    likenesses = Likenesses(map(likeness_of, theirs))
    assert likenesses.of(likeness_of(our(name="Harbour Apartments"))) == (UUID(int=1),)


def test_an_index_for_known_questions_gives_the_same_possible_duplicates() -> None:
    names = ("Kea Bulders Ltd", "Builders Kea Limited", "Kea Builders Limted", "Kēā Builders Limited", "Tui Drains")
    theirs = [
        likeness_of(their(UUID(int=number), name=name, email=f"o{number}@kea.nz")) for number, name in enumerate(names)
    ]
    asked = [likeness_of(our(UUID(int=9), name="Kea Builders Limited", email=f"o{number}@kea.nz")) for number in (0, 4)]
    for contact in asked:
        assert Likenesses(theirs, asked).of(contact) == Likenesses(theirs).of(contact) != ()
