"""Importing contacts: a preview, decisions, the import, and a second one that changes nothing."""

from typing import Any

import pytest

from sandbox.seeds import NZ_TENANT
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness
from tests.sync.contacts.imports.importing import (
    add_to_xero,
    apply,
    called,
    contacts,
    in_xero,
    items,
    only_these,
    preview,
)


async def test_a_preview_groups_every_active_contact_and_stores_nothing(business: ConnectedBusiness) -> None:
    await business.person("Hana", "Parata", email="hana.parata@example.com")
    await business.company("Fern Cottage Ltd", email="SHARED@example.org")
    done = await preview(business)
    assert done["counts"] == {"new": 27, "matched": 1, "possible_duplicate": 2, "unchanged": 0, "archived": 0}
    assert (done["read"], done["imported"], done["poll_after_ms"]) == (30, 0, None)
    shown = await items(business, done["id"])
    hana = shown["Hana Parata"]
    assert (hana["group"], hana["contact"]["name"], hana["evidence"]) == ("matched", "Hana Parata", ["name", "email"])
    cottage = shown["Fern Cottage"]
    assert (cottage["group"], cottage["contact"]["name"]) == ("possible_duplicate", "Fern Cottage Ltd")
    assert "email" in cottage["evidence"]
    assert "Closed Café" not in shown, "archived in Xero"
    assert len(await contacts(business)) == 2


async def test_an_import_creates_and_links_and_leaves_possible_duplicates_waiting(business: ConnectedBusiness) -> None:
    ours = await business.person("Hana", "Parata", email="hana.parata@example.com")
    await business.company("Fern Cottage Ltd", email="shared@example.org")
    done = await apply(business, preview_id=(await preview(business))["id"])
    assert (done["imported"], done["linked"], done["undecided"], done["failed"]) == (27, 1, 2, 0)
    assert len(await contacts(business)) == 29
    assert (await business.contact(ours))["sync_state"] == "in_step"
    tom = await called(business, "Tom Whitfield")
    assert (tom["kind"], tom["first_name"], tom["roles"], tom["email"]) == (
        "person",
        "Tom",
        ["customer"],
        "tom.whitfield@example.com",
    )
    assert tom["sync_state"] == "in_step"
    assert tom["external_url"].startswith("https://go.xero.com/app/")
    (message,) = [row["message"] for row in await business.notifications("contact_import.finished")]
    assert (
        message
        == "27 contacts have been imported from Xero. 1 contact has been linked. 2 possible duplicates wait for you."
    )


async def test_a_second_import_changes_nothing(business: ConnectedBusiness) -> None:
    await apply(business)
    before = await contacts(business)
    done = await apply(business)
    assert (done["imported"], done["linked"], done["undecided"]) == (0, 0, 0)
    assert done["counts"] == {"new": 0, "matched": 0, "possible_duplicate": 0, "unchanged": 30, "archived": 0}
    assert await contacts(business) == before


async def test_a_contact_linked_and_archived_in_xero_is_shown_as_archived(business: ConnectedBusiness) -> None:
    await apply(business)
    await in_xero(business, "Tom Whitfield", "archive")
    done = await apply(business)
    assert (done["counts"]["archived"], done["counts"]["unchanged"], done["imported"]) == (1, 29, 0)
    (archived,) = (await items(business, done["id"], group="archived")).values()
    assert (archived["contact"]["name"], archived["xero_contact"]["is_archived"]) == ("Tom Whitfield", True)


async def test_a_contact_merged_in_xero_stays_ours(business: ConnectedBusiness) -> None:
    await apply(business)
    await add_to_xero(business, {"Name": "Whitfield Family Trust"})
    await in_xero(business, "Tom Whitfield", "merge", into="Whitfield Family Trust")
    done = await apply(business)
    assert (done["imported"], done["linked"], done["counts"]["archived"]) == (0, 0, 0)
    trust = (await items(business, done["id"], group="unchanged"))["Whitfield Family Trust"]
    assert trust["contact"]["name"] == "Tom Whitfield"


@pytest.mark.parametrize(
    ("xero", "ours", "remark"),
    [
        ({"Name": 'Fish & Chips "The Pier"'}, {"name": 'Fish & Chips "The Pier"', "kind": "company"}, None),
        ({"Name": "Kōwhai \u200bCafé\ufeff"}, {"name": "Kōwhai Café"}, None),
        ({"Name": "Bracket <Builders> Ltd"}, {"name": "Bracket Builders Ltd"}, "name_changed_by_import"),
        ({"Name": "\u200b"}, {"name": "Contact without a name"}, "name_changed_by_import"),
        (
            {"Name": "Rangi, Aroha", "FirstName": "Aroha", "LastName": "Rangi"},
            {"kind": "person", "first_name": "Aroha", "last_name": "Rangi"},
            None,
        ),
        (
            {"Name": "aroha rangi", "FirstName": "Aroha ", "LastName": "Rangi"},
            {"kind": "person", "first_name": "Aroha", "last_name": "Rangi"},
            None,
        ),
        ({"Name": "Rangi Roofing", "FirstName": "Aroha", "LastName": "Rangi"}, {"kind": "company"}, None),
        ({"Name": "Tui", "EmailAddress": "tui(at)example.org"}, {"email": None}, "field_not_imported"),
        ({"Name": "Tui", "EmailAddress": "tui@exämple.nz\x07"}, {"email": None}, "field_not_imported"),
        ({"Name": "Tui", "TaxNumber": "9" * 60}, {"tax_number": None}, "field_not_imported"),
        (
            {"Name": "Tui", "Phones": [{"PhoneType": "MOBILE", "PhoneNumber": "021 555", "PhoneCountryCode": "64"}]},
            {"phone": "+64 021 555"},
            None,
        ),
        (
            {"Name": "Tui", "Addresses": [{"AddressType": "STREET", "AddressLine1": "1 Rātā St", "Country": "NZ 1"}]},
            {
                "address": {
                    "line1": "1 Rātā St",
                    "line2": None,
                    "city": None,
                    "region": None,
                    "postal_code": None,
                    "country": None,
                }
            },
            "field_not_imported",
        ),
    ],
)
async def test_no_contact_is_lost_for_a_value_that_we_do_not_take(
    business: ConnectedBusiness, xero: dict[str, Any], ours: dict[str, Any], remark: str | None
) -> None:
    only_these(business)
    await add_to_xero(business, {"Name": "Placeholder"})
    ledger = business.stand_in.world.ledgers[NZ_TENANT]
    ((contact_id, contact),) = ledger.contacts.items()
    ledger.contacts[contact_id] = {**contact, **xero}  # older than the rules that Xero has now
    done = await apply(business)
    assert done["imported"] == 1
    (contact,) = await contacts(business)
    assert {name: contact[name] for name in ours} == ours
    codes = [entry["code"] for entry in contact["remarks"] if entry["code"] != "contact_differs"]
    assert codes == ([remark] if remark else [])
    for entry in contact["remarks"]:
        assert entry["fix"]["href"].startswith(f"/contacts/{contact['id']}#")
    assert (await apply(business))["counts"]["unchanged"] == 1


async def test_the_offer_is_open_put_off_and_done(business: ConnectedBusiness) -> None:
    path = f"{API}/contact-imports/offer"
    assert (await business.client.get(path)).json() == {"state": "open"}
    assert (await business.client.put(path, json={"put_off": True})).json() == {"state": "put_off"}
    assert (await business.client.put(path, json={"put_off": False})).json() == {"state": "open"}
    await business.client.put(path, json={"put_off": True})
    await preview(business)
    assert (await business.client.get(path)).json() == {"state": "put_off"}
    await apply(business)
    assert (await business.client.put(path, json={"put_off": True})).json() == {"state": "done"}


async def test_the_connection_shows_when_contacts_were_last_imported(business: ConnectedBusiness) -> None:
    async def last() -> dict[str, Any]:
        shown = (await business.client.get(f"{API}/connections/xero")).json()["last_sync"]
        return next(entry for entry in shown if entry["kind"] == "contact_import")

    await preview(business)
    assert await last() == {"kind": "contact_import", "at": None, "next_at": None}
    done = await apply(business)
    assert (await last())["at"] == done["finished_at"]
