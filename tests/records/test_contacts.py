"""Contacts: creation, changes, validation, search, and their state in the ledger."""

from typing import Any

import pytest
from fastapi import FastAPI

from api.platform.ids import decode
from api.platform.problems import Problem
from api.records.contacts.service import ContactService, SyncMark, SyncState
from tests.callers import Caller
from tests.records.making import COMPANY, PERSON, business_of, content, errors, items, make

HERE = "/api/v1/contacts"


async def test_a_created_contact_is_readable_at_its_location(client: Caller) -> None:
    sent = {
        **COMPANY,
        "name": "Māori Arts 🌿 Ōtaki",
        "roles": ["supplier", "customer"],
        "email": "hi@otaki.co.nz",
        "phone": "06 555 0142",
        "tax_number": "123-456-789",
        "payer_reference": "OTA-1",
        "external_id": "C-1",
        "address": {
            "line1": "14 Rata St",
            "line2": None,
            "city": "Ōtaki",
            "region": None,
            "postal_code": "5512",
            "country": "New Zealand",
        },
    }

    made = await client.post(HERE, json=sent)
    read = await client.get(made.headers["Location"])

    assert made.status_code == 201
    assert read.json() == made.json()
    kept = {name: read.json()[name] for name in sent}
    assert kept == {**sent, "roles": ["customer", "supplier"]}
    assert (read.json()["display_name"], read.json()["sync_state"]) == ("Māori Arts 🌿 Ōtaki", "not_sent")


async def test_a_name_too_long_for_the_ledger_is_refused_with_the_limit(client: Caller) -> None:
    reply = await client.post(HERE, json={**COMPANY, "name": "n" * 300})

    assert errors(reply) == {("#/name", "string_too_long")}
    assert "255" in reply.json()["errors"][0]["detail"]


async def test_all_field_errors_of_a_contact_are_listed_and_nothing_is_stored(client: Caller) -> None:
    wrong = {
        "kind": "company",
        "first_name": "Mere",
        "roles": ["customer", "customer"],
        "email": "accounts at kowhai",
        "phone": "5" * 51,
        "payer_reference": "p" * 51,
        "address": {"city": "c" * 256, "country": "N2"},
        "fax": "1",
    }

    reply = await client.post(HERE, json=wrong)

    assert errors(reply) == {
        ("#/name", "required"),
        ("#/first_name", "wrong_kind"),
        ("#/roles", "duplicate_role"),
        ("#/email", "malformed_email"),
        ("#/phone", "string_too_long"),
        ("#/payer_reference", "string_too_long"),
        ("#/address/city", "string_too_long"),
        ("#/address/country", "country_malformed"),
        ("#/fax", "unknown_field"),
    }
    assert await items(client, "contacts") == []


async def test_values_that_the_ledger_refuses_are_refused(client: Caller) -> None:
    for wrong, error in (
        ({"kind": "person", "roles": ["customer"]}, ("#/last_name", "required")),
        ({**PERSON, "name": "Hohepa & Sons"}, ("#/name", "wrong_kind")),
        ({**COMPANY, "last_name": "Hohepa"}, ("#/last_name", "wrong_kind")),
        ({**COMPANY, "roles": []}, ("#/roles", "too_short")),
        ({**COMPANY, "roles": ["landlord"]}, ("#/roles/0", "literal_error")),
        ({**COMPANY, "name": "Kōwhai <Dental>"}, ("#/name", "angle_bracket")),
        ({**COMPANY, "name": "Kōwhai\x07Dental"}, ("#/name", "control_character")),
        ({**COMPANY, "name": " \u00a0 "}, ("#/name", "string_too_short")),
        ({**COMPANY, "name": "a\x00b"}, ("#/name", "control_character")),
        ({**COMPANY, "phone": "a\x00b"}, ("#/phone", "control_character")),
        ({**COMPANY, "email": "a\x00b@example.nz"}, ("#/email", "control_character")),
        ({**COMPANY, "address": {"city": "a\x00b"}}, ("#/address/city", "control_character")),
        ({**COMPANY, "email": "ünal@example.nz"}, ("#/email", "malformed_email")),
    ):
        assert errors(await client.post(HERE, json=wrong)) == {error}, wrong


async def test_a_lone_surrogate_is_refused(client: Caller) -> None:
    body = '{"kind": "company", "name": "broken \\ud83c", "roles": ["customer"]}'

    reply = await client.post(HERE, content=body, headers={"Content-Type": "application/json"})

    assert {pointer for pointer, _ in errors(reply)} == {"#/name"}


async def test_repeated_spaces_in_a_name_become_one_space(client: Caller) -> None:
    made = await make(client, "contacts", **{**COMPANY, "name": "  Kōwhai \t  Dental  "})

    assert made["name"] == "Kōwhai Dental"


async def test_a_person_needs_only_a_first_name(client: Caller) -> None:
    made = await make(client, "contacts", kind="person", first_name="Cher", roles=["customer"])

    assert made["display_name"] == "Cher"


async def test_the_display_name_of_a_person_follows_the_preference(client: Caller) -> None:
    person = await make(client, "contacts", **PERSON)
    assert person["display_name"] == "Mere Hohepa"

    await client.patch("/api/v1/preferences", json={"person_name_format": "last_first"}, headers={"If-Match": "*"})

    assert (await client.get(f"{HERE}/{person['id']}")).json()["display_name"] == "Hohepa, Mere"
    assert [row["display_name"] for row in await items(client, "contacts")] == ["Hohepa, Mere"]


async def test_a_change_affects_only_the_fields_it_sends_and_null_clears(client: Caller) -> None:
    address = {"line1": "14 Rata St", "city": "Wellington"}
    contact = await make(client, "contacts", **COMPANY, email="a@kowhai.nz", phone="04 555 0142", address=address)

    change = {"phone": None, "address": {"line1": "16 Rata St"}}
    reply = await client.patch(f"{HERE}/{contact['id']}", json=change)

    assert reply.status_code == 200
    expected = {**content(contact), "phone": None, "address": {**contact["address"], "line1": "16 Rata St"}}
    assert content(reply.json()) == expected
    assert (await client.get(f"{HERE}/{contact['id']}")).json() == reply.json()


async def test_a_company_becomes_a_person_only_with_the_names_of_a_person(client: Caller) -> None:
    contact = await make(client, "contacts", **COMPANY)
    address = f"{HERE}/{contact['id']}"

    half = await client.patch(address, json={"kind": "person"})
    whole = await client.patch(address, json={"kind": "person", "name": None, "last_name": "Kōwhai"})

    assert errors(half) == {("#/name", "wrong_kind"), ("#/last_name", "required")}
    assert (whole.status_code, whole.json()["display_name"]) == (200, "Kōwhai")


async def test_required_fields_cannot_be_cleared(client: Caller) -> None:
    contact = await make(client, "contacts", **COMPANY)

    reply = await client.patch(f"{HERE}/{contact['id']}", json={"kind": None, "roles": None})

    assert {pointer for pointer, _ in errors(reply)} == {"#/kind", "#/roles"}


async def test_contacts_are_searched_by_part_of_name_email_or_payer_reference(client: Caller) -> None:
    await make(client, "contacts", **COMPANY, payer_reference="KOW-01")
    await make(client, "contacts", **PERSON)
    await make(client, "contacts", kind="company", name="100% Plumbing", roles=["supplier"], email="office@hundred.nz")

    for q, expected in (
        ("KŌWHAI", ["Kōwhai Dental Ltd"]),
        ("ental l", ["Kōwhai Dental Ltd"]),
        ("mere hoh", ["Mere Hohepa"]),
        ("hohepa, mere", ["Mere Hohepa"]),
        ("%", ["100% Plumbing"]),
        ("0% p", ["100% Plumbing"]),
        ("_", []),
        ("OFFICE@", ["100% Plumbing"]),
        ("kow-0", ["Kōwhai Dental Ltd"]),
        ("'; DROP TABLE contacts", []),
    ):
        assert [row["display_name"] for row in await items(client, "contacts", q=q)] == expected, q


async def test_contacts_are_listed_by_role(client: Caller) -> None:
    await make(client, "contacts", **COMPANY)
    await make(client, "contacts", kind="company", name="Pipes & Co", roles=["supplier", "contractor"])

    assert [row["name"] for row in await items(client, "contacts", role="contractor")] == ["Pipes & Co"]
    assert (await client.get(HERE, params={"role": "landlord"})).status_code == 422


async def test_pages_list_every_contact_once_in_the_order_of_names(client: Caller) -> None:
    for name in ("delta", "Alpha", "charlie", "Écho", "bravo"):
        await make(client, "contacts", kind="company", name=name, roles=["customer"])

    seen: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(3):
        page = (await client.get(HERE, params={"limit": 2, **cursor})).json()
        seen += [row["name"] for row in page["items"]]
        cursor = {"cursor": page["next_cursor"]}

    assert seen == ["Alpha", "bravo", "charlie", "delta", "Écho"]
    assert page["next_cursor"] is None


@pytest.mark.parametrize(
    ("change", "state", "problems"),
    [
        ({"email": "mere@kowhai.nz"}, "not_sent", []),
        ({"last_name": "Hohepa-Rangi"}, "not_sent", []),
        ({"payer_reference": "HOH-2"}, "not_sent", []),
        ({"tax_number": "123-456-789"}, "not_sent", []),
        ({"address": {"city": "Ōtaki"}}, "unsure", ["contact_unsure"]),
        ({"first_name": "Mere"}, "unsure", ["contact_unsure"]),
    ],
    ids=str,
)
async def test_only_a_change_of_what_a_contact_is_recognised_by_ends_the_doubt_about_it(
    client: Caller, app: FastAPI, change: dict[str, Any], state: str, problems: list[str]
) -> None:
    contact = await make(client, "contacts", **PERSON)
    unsure = Problem("contact_unsure", "It isn't certain who this is", "Mere Hohepa has another address.")
    async with app.state.database.work(business_of(client)) as work:
        service, contact_id = ContactService(work), decode("con", contact["id"])
        await service.mark({contact_id: SyncMark(SyncState.UNSURE, problems=[unsure])})

    changed = (await client.patch(f"{HERE}/{contact['id']}", json=change)).json()

    assert (changed["sync_state"], [problem["code"] for problem in changed["problems"]]) == (state, problems)


async def test_a_change_sets_the_sync_state_to_changed_and_an_equal_value_does_not(
    client: Caller, app: FastAPI
) -> None:
    contact = await make(client, "contacts", **COMPANY, phone="04 555 0142")
    address = f"{HERE}/{contact['id']}"
    async with app.state.database.work(business_of(client)) as work:
        contact_id = decode("con", contact["id"])
        url = "https://ledger.example/c/1"
        await ContactService(work).mark({contact_id: SyncMark(SyncState.IN_STEP, url)})

    same = await client.patch(address, json={"phone": "04 555 0142"})
    other = await client.patch(address, json={"phone": "04 555 0143"})

    assert (same.json()["sync_state"], same.json()["external_url"]) == ("in_step", "https://ledger.example/c/1")
    assert other.json()["sync_state"] == "changed"
    assert len(await items(client, "contacts", sync_state="changed")) == 1
    assert await items(client, "contacts", sync_state="in_step") == []


_URL = "https://ledger.example/c/1"


@pytest.mark.parametrize(
    ("before", "url", "change", "after"),
    [
        ("in_step", _URL, {"email": "new@kowhai.nz"}, "changed"),
        ("failed", _URL, {"email": "new@kowhai.nz"}, "changed"),
        ("failed", None, {"address": {"city": "Napier"}}, "not_sent"),
        ("failed", _URL, {"roles": ["supplier"]}, "failed"),
        ("unsure", _URL, {"address": {"city": "Napier"}}, "changed"),
        ("unsure", _URL, {"roles": ["supplier"]}, "unsure"),
        ("not_sent", None, {"email": "new@kowhai.nz"}, "not_sent"),
    ],
    ids=str,
)
async def test_a_change_of_what_the_ledger_has_is_due_to_be_sent(
    client: Caller, app: FastAPI, before: str, url: str | None, change: dict[str, Any], after: str
) -> None:
    contact = await make(client, "contacts", **COMPANY)
    async with app.state.database.work(business_of(client)) as work:
        await ContactService(work).mark({decode("con", contact["id"]): SyncMark(SyncState(before), url)})

    changed = await client.patch(f"{HERE}/{contact['id']}", json=change)

    assert changed.json()["sync_state"] == after


async def test_a_change_back_to_what_the_ledger_has_is_no_change(client: Caller, app: FastAPI) -> None:
    contact = await make(client, "contacts", **COMPANY, address={"line1": "14 Rata Street"})
    async with app.state.database.work(business_of(client)) as work:
        await ContactService(work).mark({decode("con", contact["id"]): SyncMark(SyncState.IN_STEP, _URL)})

    states = [
        (await client.patch(f"{HERE}/{contact['id']}", json=change)).json()["sync_state"]
        for change in (
            {"address": {"city": "Napier"}},
            {"phone": "04 555 0142"},
            {"address": {"city": None}},
            {"phone": None},
        )
    ]

    assert states == ["changed", "changed", "changed", "in_step"]


async def test_an_external_id_belongs_to_one_contact_of_a_business(client: Caller, neighbour: Caller) -> None:
    await make(client, "contacts", **COMPANY, external_id="C-1")
    other = await make(client, "contacts", **PERSON, external_id="C-2")

    twice = await client.post(HERE, json={**COMPANY, "external_id": "C-1"})
    moved = await client.patch(f"{HERE}/{other['id']}", json={"external_id": "C-1"})
    kept = await client.patch(f"{HERE}/{other['id']}", json={"external_id": "C-2"})

    for refused in (twice, moved):
        assert (refused.status_code, refused.json()["code"]) == (409, "external_id_taken")
        assert refused.json()["errors"][0]["pointer"] == "#/external_id"
    assert kept.status_code == 200
    assert (await make(neighbour, "contacts", **COMPANY, external_id="C-1"))["external_id"] == "C-1"


async def test_a_contact_with_jobs_cannot_be_deleted(client: Caller) -> None:
    contact = await make(client, "contacts", **COMPANY)
    job = await make(client, "jobs", number="J1", contact_id=contact["id"])
    address = f"{HERE}/{contact['id']}"

    refused = await client.delete(address)
    await client.delete(f"/api/v1/jobs/{job['id']}")
    gone = await client.delete(address)

    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    assert "1 job." in refused.json()["detail"]
    assert gone.status_code == 204
    assert (await client.get(address)).status_code == 404
