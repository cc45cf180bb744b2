"""Whatever is on both sides: nothing is lost, nothing is doubled, and a second import changes nothing."""

from random import Random
from typing import Any

import pytest

from sandbox import contacts as stand_in_contacts
from sandbox.seeds import NZ_TENANT
from tests.records.making import make
from tests.sync.connected_business import ConnectedBusiness
from tests.sync.contacts.imports.importing import apply, contacts, only_these

_NAMES = ("Kōwhai Dental Ltd", "Kowhai Dental Ltd", "Tui Cafe", "tui  café", "John Smith", "Smith, John", "Rātā & Sons")
_EMAILS = (None, None, "a@example.nz", "b@example.nz")


def _fill_xero(business: ConnectedBusiness, random: Random) -> None:
    only_these(business)
    ledger = business.stand_in.world.ledgers[NZ_TENANT]
    for _ in range(random.randint(5, 12)):
        row: dict[str, Any] = {"Name": random.choice(_NAMES), "EmailAddress": random.choice(_EMAILS) or ""}
        if row["Name"] in ("John Smith", "Smith, John"):
            row |= {"FirstName": "John", "LastName": "Smith"}
        status = random.choice(("ACTIVE", "ACTIVE", "ACTIVE", "ARCHIVED"))
        stand_in_contacts.store(
            ledger, stand_in_contacts.blank() | row | {"ContactStatus": status}, business.stand_in.world.now()
        )


async def _fill_ours(business: ConnectedBusiness, random: Random) -> None:
    for _ in range(random.randint(0, 6)):
        name, email = random.choice(_NAMES), random.choice(_EMAILS)
        names = {"first_name": "John", "last_name": "Smith"} if "Smith" in name else {"name": name}
        kind = "person" if "Smith" in name else "company"
        await make(business.client, "contacts", kind=kind, roles=["customer"], email=email, **names)


@pytest.mark.parametrize("seed", range(6))
async def test_a_second_import_changes_nothing(business: ConnectedBusiness, seed: int) -> None:
    random = Random(seed)
    _fill_xero(business, random)
    await _fill_ours(business, random)
    before = len(await contacts(business))
    active = [
        row for row in business.stand_in.world.ledgers[NZ_TENANT].contacts.values() if row["ContactStatus"] == "ACTIVE"
    ]
    first = await apply(business)
    assert first["imported"] + first["linked"] + first["undecided"] == len(active) == first["read"]
    between = await contacts(business)
    assert len(between) == before + first["imported"]
    second = await apply(business)
    assert (second["imported"], second["linked"], second["undecided"]) == (0, 0, first["undecided"])
    assert second["counts"]["unchanged"] == first["imported"] + first["linked"]
    assert await contacts(business) == between
    pairs = await business.execute("SELECT contact_id, xero_contact_id FROM contact_links WHERE state = 'linked'")
    assert len({contact for contact, _ in pairs}) == len({xero for _, xero in pairs}) == len(pairs)
