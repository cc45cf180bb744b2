"""What an import refuses, and how an import waits, goes on or ends."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest

from api.sync.contacts.imports.running import run_import
from sandbox.faults import Fault
from sandbox.seeds import AU_TENANT, NZ_TENANT
from tests.callers import Caller
from tests.clock import Clock
from tests.records.making import API, errors
from tests.sync.connected_business import ConnectedBusiness
from tests.sync.contacts.imports.importing import (
    add_to_xero,
    apply,
    ask,
    contacts,
    follow,
    in_xero,
    items,
    only_these,
    preview,
    switch,
)

_UNKNOWN_ITEM = "cii_01jeecwz2h6z28dd1fm9d2r7kx"
_UNKNOWN_CONTACT = "con_01jeecwz2h6z28dd1fm9d2r7kx"


async def test_without_a_connection_nothing_is_imported(client: Caller) -> None:
    for reply in (
        await client.post(f"{API}/contact-imports", json={"mode": "preview"}),
        await client.get(f"{API}/contact-imports/offer"),
        await client.put(f"{API}/contact-imports/offer", json={"put_off": True}),
    ):
        assert (reply.status_code, reply.json()["code"]) == (409, "not_connected")
        assert reply.json()["fix"]["href"] == "/settings/connections/xero"


async def test_while_an_import_runs_another_one_is_refused_with_the_way_to_the_first(
    business: ConnectedBusiness,
) -> None:
    first = (await ask(business, "preview")).json()["id"]
    second = await ask(business, "apply")
    assert (second.status_code, second.json()["code"]) == (409, "import_running")
    assert second.headers["location"] == f"{API}/contact-imports/{first}"
    assert second.json()["fix"]["href"] == f"/contacts/import?id={first}"
    await run_import(business.gateways, business.business_id)
    assert (await ask(business, "apply")).status_code == 202


async def test_a_preview_of_another_business_is_unknown_in_a_path_and_in_a_body(
    business: ConnectedBusiness, neighbour: Caller
) -> None:
    theirs = await preview(business)
    assert (await neighbour.get(f"{API}/contact-imports/{theirs['id']}")).status_code == 404
    assert (await neighbour.get(f"{API}/contact-imports/{theirs['id']}/items")).status_code == 404
    other = ConnectedBusiness(business.app, neighbour, business.stand_in)
    await other.connect(AU_TENANT)
    assert errors(await ask(other, "apply", preview_id=theirs["id"])) == {("#/preview_id", "unknown_preview")}


async def test_a_preview_of_another_organisation_or_an_unfinished_one_is_refused(business: ConnectedBusiness) -> None:
    old = await preview(business)
    await switch(business, AU_TENANT)
    reply = await ask(business, "apply", preview_id=old["id"])
    assert errors(reply) == {("#/preview_id", "preview_of_other_organisation")}
    unfinished = (await ask(business, "preview")).json()["id"]
    await business.client.delete(f"{API}/connections/xero")
    await run_import(business.gateways, business.business_id)
    assert (await follow(business, unfinished))["problem"]["code"] == "not_connected"
    await switch(business, AU_TENANT)
    assert errors(await ask(business, "apply", preview_id=unfinished)) == {("#/preview_id", "preview_not_done")}


async def test_every_wrong_decision_is_named_with_its_place(business: ConnectedBusiness) -> None:
    await business.company("Fern Cottage Ltd", email="shared@example.org")
    await apply(business)
    await add_to_xero(business, {"Name": "New in Xero"})
    shown = await items(business, (first := await preview(business))["id"])
    new, known = shown["New in Xero"]["id"], shown["Hana Parata"]["id"]
    asks = shown["Fern Cottage"]["id"]
    decisions: list[dict[str, Any]] = [
        {"item_id": _UNKNOWN_ITEM, "decision": "same"},
        {"item_id": known, "decision": "leave_out"},
        {"item_id": new, "decision": "same"},
        {"item_id": new, "decision": "leave_out"},
        {"item_id": asks, "decision": "same", "contact_id": _UNKNOWN_CONTACT},
        {"item_id": asks, "decision": "different", "contact_id": (await contacts(business))[0]["id"]},
    ]
    reply = await ask(business, "apply", preview_id=first["id"], decisions=decisions)
    assert errors(reply) == {
        ("#/decisions/0/item_id", "unknown_item"),
        ("#/decisions/1/item_id", "nothing_to_decide"),
        ("#/decisions/2/contact_id", "contact_needed"),
        ("#/decisions/3/item_id", "decided_twice"),
        ("#/decisions/4/contact_id", "unknown_contact"),
        ("#/decisions/5/item_id", "decided_twice"),
        ("#/decisions/5/contact_id", "contact_unused"),
    }
    assert (await items(business, first["id"]))["New in Xero"]["decision"] is None
    group = {"group": "new", "decision": "same"}
    reply = await ask(business, "apply", preview_id=first["id"], decision_for_group=group)
    assert errors(reply) == {("#/decision_for_group/decision", "contact_needed")}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"mode": "preview", "decision_for_group": {"group": "new", "decision": "leave_out"}}, "apply_only"),
        ({"mode": "apply", "decisions": [{"item_id": _UNKNOWN_ITEM, "decision": "same"}]}, "preview_needed"),
        ({"mode": "apply", "decision_for_group": {"group": "new", "decision": "leave_out"}}, "preview_needed"),
    ],
)
async def test_what_does_not_belong_to_the_mode_is_refused(
    business: ConnectedBusiness, body: dict[str, Any], code: str
) -> None:
    reply = await business.client.post(f"{API}/contact-imports", json=body)
    assert {error for _, error in errors(reply)} == {code}


async def test_an_import_waits_while_xero_is_busy_and_goes_on(business: ConnectedBusiness, clock: Clock) -> None:
    business.stand_in.faults.waiting.append(Fault(kind="rate_limit", path="Contacts", retry_after=40))
    started = (await ask(business, "apply")).json()["id"]
    await run_import(business.gateways, business.business_id)
    waiting = await follow(business, started)
    assert (waiting["state"], waiting["waiting_for"], waiting["poll_after_ms"]) == ("waiting", "rate", 5000)
    assert waiting["resume_at"] is not None
    clock.shift(timedelta(seconds=60))
    await run_import(business.gateways, business.business_id)
    assert (await follow(business, started))["imported"] == 30


async def test_an_import_waits_for_a_lost_connection_and_goes_on_after_reconnecting(
    business: ConnectedBusiness, clock: Clock
) -> None:
    started = (await ask(business, "apply")).json()["id"]
    async with business.controls() as controls:
        await controls.post("/_ctl/tokens/revoke")
    clock.shift(timedelta(minutes=31))
    await run_import(business.gateways, business.business_id)
    assert (await follow(business, started))["waiting_for"] == "connection"
    clock.shift(timedelta(seconds=61))
    await run_import(business.gateways, business.business_id)
    assert (await follow(business, started))["waiting_for"] == "connection"
    await switch(business, NZ_TENANT)
    clock.shift(timedelta(seconds=61))
    await run_import(business.gateways, business.business_id)
    assert (await follow(business, started))["state"] == "done"


async def test_an_import_ends_when_another_organisation_is_connected(business: ConnectedBusiness) -> None:
    started = (await ask(business, "apply")).json()["id"]
    await switch(business, AU_TENANT)
    await run_import(business.gateways, business.business_id)
    ended = await follow(business, started)
    assert (ended["state"], ended["problem"]["code"]) == ("failed", "import_of_other_organisation")
    assert await contacts(business) == []


async def test_a_refusal_of_xero_ends_an_import_with_xeros_words(business: ConnectedBusiness) -> None:
    business.stand_in.faults.waiting.append(Fault(kind="status", status=400, path="Contacts", text="No thanks"))
    started = (await ask(business, "apply")).json()["id"]
    await run_import(business.gateways, business.business_id)
    ended = await follow(business, started)
    assert (ended["state"], ended["problem"]["code"]) == ("failed", "contacts_refused_by_xero")


async def test_a_contact_that_an_export_is_creating_is_not_linked(business: ConnectedBusiness) -> None:
    only_these(business)
    ours = await business.company("Tui Cafe")
    business.stand_in.faults.waiting.append(Fault(kind="timeout", method="PUT", path="Contacts", count=None))
    await business.export(await business.invoice("INV-1", ours))
    await business.drain()
    await add_to_xero(business, {"Name": "Tui Cafe"})
    done = await apply(business)
    assert (done["failed"], done["imported"], done["linked"]) == (1, 0, 0)
    (failed,) = (await items(business, done["id"], result="failed")).values()
    (problem,) = failed["problems"]
    assert (problem["code"], problem["fix"]["href"]) == ("contact_in_creation", f"/contacts/{ours}")


async def test_a_contact_edited_between_two_pages_of_the_first_read_is_seen(business: ConnectedBusiness) -> None:
    async with business.controls() as controls:
        await controls.post("/_ctl/seed", json={"contact_count": 1_005})
    ledger = next(iter(business.stand_in.world.ledgers.values()))
    first = ledger.contacts[min(ledger.contacts)]["Name"]
    await in_xero(business, first, "between-pages", fields={"Name": "Edited while it was read"})
    done = await preview(business)
    assert done["read"] == 1_035
    calls = business.calls("GET", "/api.xro/2.0/Contacts")
    pages = [parse_qs(call["query"])["page"][0] for call in calls]
    assert pages[:3] == ["1", "2", "1"]
    names = await business.execute("SELECT xero ->> 'name' FROM contact_import_items")
    assert ("Edited while it was read",) in {tuple(row) for row in names}
    assert (first,) not in {tuple(row) for row in names}
