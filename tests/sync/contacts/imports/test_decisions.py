"""What a user decides about possible duplicates, and what changed since the preview."""

import pytest

from api.platform.ids import decode
from api.sync.contacts.imports.running import run_import
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


async def _link(business: ConnectedBusiness, contact_id: str) -> tuple[str, str]:
    """How the link of ours was decided, and what its contact is called in Xero."""
    ((decided_by, name),) = await business.execute(
        "SELECT link.decided_by, mirror.name"
        " FROM contact_links link JOIN mirror_contacts mirror USING (xero_contact_id) WHERE link.contact_id = :ours",
        ours=decode("con", contact_id),
    )
    return decided_by, name


@pytest.fixture
async def twins(business: ConnectedBusiness) -> ConnectedBusiness:
    """One of ours and two contacts of Xero that may be it."""
    only_these(business)
    await add_to_xero(
        business,
        {"Name": "Kowhai Dental Ltd", "EmailAddress": "accounts@kowhai.example"},
        {"Name": "Kowhai Dental Limited", "EmailAddress": "accounts@kowhai.example"},
    )
    return business


async def test_the_same_links_a_different_one_is_created_and_both_are_settled(twins: ConnectedBusiness) -> None:
    ours = await twins.company("Dental Practice Kowhai", email="accounts@kowhai.example")
    shown = await items(twins, (first := await preview(twins))["id"])
    assert {item["group"] for item in shown.values()} == {"possible_duplicate"}
    decisions = [
        {"item_id": shown["Kowhai Dental Ltd"]["id"], "decision": "same"},
        {"item_id": shown["Kowhai Dental Limited"]["id"], "decision": "different", "roles": ["supplier"]},
    ]
    done = await apply(twins, preview_id=first["id"], decisions=decisions)
    assert (done["linked"], done["imported"], done["undecided"]) == (1, 1, 0)
    assert await _link(twins, ours) == ("person", "Kowhai Dental Ltd")
    assert (await called(twins, "Kowhai Dental Limited"))["roles"] == ["supplier"]
    again = await apply(twins)
    assert (again["counts"]["unchanged"], again["imported"]) == (2, 0)


async def test_what_waits_can_be_decided_after_the_import(twins: ConnectedBusiness) -> None:
    await twins.company("Dental Practice Kowhai", email="accounts@kowhai.example")
    first = await preview(twins)
    waiting = await apply(twins, preview_id=first["id"])
    assert (waiting["undecided"], waiting["imported"]) == (2, 0)
    group = {"group": "possible_duplicate", "decision": "different"}
    done = await apply(twins, preview_id=waiting["id"], decision_for_group=group)
    assert (done["undecided"], done["imported"]) == (0, 2)
    assert done["preview_id"] == first["id"]
    assert len(await contacts(twins)) == 3


async def test_what_is_left_out_stays_out_and_can_be_imported_later(twins: ConnectedBusiness) -> None:
    first = await preview(twins)
    done = await apply(twins, preview_id=first["id"], decision_for_group={"group": "new", "decision": "leave_out"})
    assert (done["left_out"], done["imported"], await contacts(twins)) == (2, 0, [])
    assert (await apply(twins))["imported"] == 2


async def test_a_single_decision_wins_over_that_for_its_group(twins: ConnectedBusiness) -> None:
    first = await preview(twins)
    item_id = (await items(twins, first["id"]))["Kowhai Dental Ltd"]["id"]
    await apply(
        twins,
        preview_id=first["id"],
        decisions=[{"item_id": item_id, "decision": "different"}],
        decision_for_group={"group": "new", "decision": "leave_out"},
    )
    assert [contact["name"] for contact in await contacts(twins)] == ["Kowhai Dental Ltd"]


async def test_two_contacts_of_xero_are_never_the_same_of_ours(twins: ConnectedBusiness) -> None:
    ours = await twins.company("Dental Practice Kowhai", email="accounts@kowhai.example")
    first = await preview(twins)
    group = {"group": "possible_duplicate", "decision": "same"}
    done = await apply(twins, preview_id=first["id"], decision_for_group=group)
    assert (done["linked"], done["failed"]) == (1, 1)
    (failed,) = (await items(twins, done["id"], result="failed")).values()
    (problem,) = failed["problems"]
    assert (problem["code"], problem["fix"]["href"]) == ("contact_linked_elsewhere", f"/contacts/{ours}")


async def test_another_of_ours_can_be_chosen(twins: ConnectedBusiness) -> None:
    chosen = await twins.company("Old Surgery")
    first = await preview(twins)
    item = (await items(twins, first["id"]))["Kowhai Dental Ltd"]["id"]
    decisions = [{"item_id": item, "decision": "same", "contact_id": chosen}]
    done = await apply(twins, preview_id=first["id"], decisions=decisions)
    assert (done["linked"], done["imported"]) == (1, 1)
    assert await _link(twins, chosen) == ("person", "Kowhai Dental Ltd")


async def test_a_chosen_contact_that_was_deleted_since_is_a_problem_of_that_item(twins: ConnectedBusiness) -> None:
    chosen = await twins.company("Old Surgery")
    first = await preview(twins)
    item = (await items(twins, first["id"]))["Kowhai Dental Ltd"]["id"]
    decisions = [{"item_id": item, "decision": "same", "contact_id": chosen}]
    await twins.client.post(
        f"{API}/contact-imports", json={"mode": "apply", "preview_id": first["id"], "decisions": decisions}
    )
    assert (await twins.client.delete(f"{API}/contacts/{chosen}")).status_code == 204
    await run_import(twins.gateways, twins.business_id)
    (failed,) = (await items(twins, first["id"], result="failed")).values()
    assert [problem["code"] for problem in failed["problems"]] == ["contact_missing"]


async def test_a_contact_archived_after_the_preview_is_not_imported(twins: ConnectedBusiness) -> None:
    first = await preview(twins)
    await in_xero(twins, "Kowhai Dental Ltd", "archive")
    done = await apply(twins, preview_id=first["id"])
    assert (done["imported"], done["left_out"]) == (1, 1)
    (left_out,) = (await items(twins, done["id"], result="left_out")).values()
    assert [problem["code"] for problem in left_out["problems"]] == ["contact_not_active"]


async def test_a_contact_of_ours_entered_after_the_preview_is_linked_and_not_doubled(twins: ConnectedBusiness) -> None:
    first = await preview(twins)
    ours = await twins.company("kowhai  dental ltd")
    done = await apply(twins, preview_id=first["id"])
    assert (done["linked"], done["imported"]) == (1, 1)
    assert await _link(twins, ours) == ("name", "Kowhai Dental Ltd")


async def test_a_decision_about_what_a_contact_was_before_is_not_carried_out(twins: ConnectedBusiness) -> None:
    await twins.company("Dental Practice Kowhai", email="accounts@kowhai.example")
    first = await preview(twins)
    item = (await items(twins, first["id"]))["Kowhai Dental Ltd"]["id"]
    await in_xero(twins, "Kowhai Dental Ltd", Name="Kowhai Dental Wellington")
    decisions = [{"item_id": item, "decision": "same"}]
    done = await apply(twins, preview_id=first["id"], decisions=decisions)
    assert (done["linked"], done["undecided"]) == (0, 2)
    changed = (await items(twins, done["id"]))["Kowhai Dental Wellington"]
    assert [problem["code"] for problem in changed["problems"]] == ["contact_changed_in_xero"]
    decisions = [{"item_id": item, "decision": "same"}]
    assert (await apply(twins, preview_id=first["id"], decisions=decisions))["linked"] == 1


async def test_suppliers_alone_can_be_imported(business: ConnectedBusiness) -> None:
    only_these(business)
    await add_to_xero(business, {"Name": "Buys"}, {"Name": "Sells"}, {"Name": "Neither"})
    ledger = next(iter(business.stand_in.world.ledgers.values()))
    ids = {contact["Name"]: contact["ContactID"] for contact in ledger.contacts.values()}
    ledger.customer_ids.add(ids["Buys"])
    ledger.supplier_ids.add(ids["Sells"])
    await apply(business, roles=["supplier"])
    assert {row["name"]: row["roles"] for row in await contacts(business)} == {
        "Sells": ["supplier"],
        "Neither": ["supplier"],
    }
    await apply(business)
    assert (await called(business, "Buys"))["roles"] == ["customer"]
