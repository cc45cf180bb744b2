"""Reading the contacts of an organisation: a reading that was interrupted goes on at its page."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest

from api.sync.contacts import following
from api.xero import paging
from api.xero.errors import XeroBusy
from sandbox import contacts
from sandbox.faults import Fault
from sandbox.seeds import NZ_TENANT
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness

_CONTACTS = "/api.xro/2.0/Contacts"


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAGE_SIZE", 10)


def _in_xero(business: ConnectedBusiness) -> dict[str, Any]:
    return business.stand_in.world.ledgers[NZ_TENANT].contacts


def _pages(business: ConnectedBusiness) -> list[tuple[str, bool]]:
    """The pages that were asked for, each with whether only changes were."""
    calls = business.calls("GET", _CONTACTS)
    return [(parse_qs(call["query"])["page"][0], "if-modified-since" in call["headers"]) for call in calls]


async def _interrupted_at_page(business: ConnectedBusiness, page: int) -> None:
    fault = {"method": "GET", "path": "Contacts", "kind": "rate_limit", "query_contains": f"page={page}&"}
    business.stand_in.faults.waiting.append(Fault.model_validate(fault))
    with pytest.raises(XeroBusy):
        await business.read_contacts()
    business.stand_in.world.calls.clear()
    await business.execute("DELETE FROM spent_calls")
    await business.execute("UPDATE budgets SET blocked_until = NULL")


async def _mirrored(business: ConnectedBusiness) -> set[str]:
    rows = await business.execute("SELECT xero_contact_id FROM mirror_contacts")
    return {str(row.xero_contact_id) for row in rows}


async def test_a_whole_reading_goes_on_at_the_page_where_it_was_interrupted(business: ConnectedBusiness) -> None:
    pages = -(-len(_in_xero(business)) // 10)
    assert pages > 2
    await _interrupted_at_page(business, 2)
    assert len(await _mirrored(business)) == 10

    await business.read_contacts()

    assert _pages(business) == [*((str(page), False) for page in range(2, pages + 1)), ("1", True)]
    assert await _mirrored(business) == set(_in_xero(business))


async def test_a_reading_whose_list_became_shorter_meanwhile_begins_at_its_first_page(
    business: ConnectedBusiness,
) -> None:
    await _interrupted_at_page(business, 2)
    first = min(_in_xero(business))
    del _in_xero(business)[first]

    await business.read_contacts()

    assert set(_in_xero(business)) <= await _mirrored(business)
    assert ("1", False) in _pages(business)


async def test_a_reading_of_many_changes_goes_on_as_well(business: ConnectedBusiness) -> None:
    await business.read_contacts()
    ledger, now = business.stand_in.world.ledgers[NZ_TENANT], business.stand_in.world.now() + timedelta(seconds=1)
    for number in range(35):
        contacts.store(ledger, {**contacts.blank(), "Name": f"Changed {number:02}"}, now)
    business.stand_in.world.calls.clear()
    await _interrupted_at_page(business, 3)

    await business.read_contacts()

    changes = [page for page, is_change in _pages(business) if is_change]
    assert changes[:3] == ["1", "3", "4"], "page 1 shows that there are several; then it goes on where it stopped"
    assert await _mirrored(business) == set(_in_xero(business))


async def test_all_contacts_are_followed_after_a_whole_reading_in_portions(
    business: ConnectedBusiness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "_AT_ONCE", 2)
    ours = [await business.company(f"Company {number}") for number in range(5)]
    export_id = await business.export(*[await business.invoice(f"I-{each}", each) for each in ours])
    for _ in range(2):  # a turn has eight calls, and these pages are small
        await business.drain()
    assert (await business.run(export_id))["exported"] == 5
    for contact in _in_xero(business).values():
        if contact["Name"].startswith("Company"):
            contact["ContactStatus"] = "ARCHIVED"
    await business.execute("DELETE FROM mirror_cursors")

    await business.read_contacts()

    links = [(await business.client.get(f"{API}/contacts/{each}/link")).json() for each in ours]
    assert [link["state"] for link in links] == ["archived"] * 5
    assert [(await business.contact(each))["sync_state"] for each in ours] == ["failed"] * 5


async def test_postgresql_knows_how_many_contacts_there_are_once_they_were_read(business: ConnectedBusiness) -> None:
    await business.read_contacts()
    ((planned, stored),) = await business.execute(
        "SELECT c.reltuples, (SELECT count(*) FROM mirror_contacts) FROM pg_class c WHERE c.relname = 'mirror_contacts'"
    )
    assert planned == stored > 0
