"""A person decides which contact in Xero a contact is, and its invoices go there."""

from typing import Any
from uuid import UUID, uuid4

from sandbox import contacts
from sandbox.faults import Fault
from sandbox.seeds import AU_TENANT, NZ_TENANT
from tests.records.making import API, items
from tests.sync.connected_business import ConnectedBusiness

_OTAGO = "john.smith@otago.example"


def _type_in(business: ConnectedBusiness, name: str, **fields: Any) -> str:
    """Somebody adds a contact in Xero; gives its id."""
    ledger, xero_id = business.stand_in.world.ledgers[NZ_TENANT], str(uuid4())
    contact = {**contacts.blank(), "ContactID": xero_id, "Name": name, **fields}
    ledger.contacts[xero_id] = {**contact, "UpdatedDateUTC": business.stand_in.world.now()}
    return xero_id


def _named(business: ConnectedBusiness, name: str) -> list[dict[str, Any]]:
    everybody = business.stand_in.world.ledgers[NZ_TENANT].contacts.values()
    return [contact for contact in everybody if contact["Name"] == name]


async def _link(business: ConnectedBusiness, contact_id: str) -> dict[str, Any]:
    reply = await business.client.get(f"{API}/contacts/{contact_id}/link")
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


async def _decide(business: ConnectedBusiness, contact_id: str, status: int = 200, **decision: Any) -> dict[str, Any]:
    reply = await business.client.put(f"{API}/contacts/{contact_id}/link", json=decision)
    assert reply.status_code == status, reply.text
    return dict(reply.json())


async def _export(business: ConnectedBusiness, *invoice_ids: str) -> dict[str, Any]:
    export_id = await business.export(*invoice_ids)
    await business.drain()
    return await business.run(export_id)


async def _check(business: ConnectedBusiness, *invoice_ids: str) -> dict[str, Any]:
    selection = {"selection": {"mode": "ids", "ids": list(invoice_ids)}}
    return dict((await business.client.post(f"{API}/export-checks", json=selection)).json())


async def _three_john_smiths(business: ConnectedBusiness) -> tuple[list[str], list[str]]:
    """Three of ours and one in Xero, with an invoice each; none has been decided. Gives contacts and invoices."""
    _type_in(business, "John Smith", EmailAddress=_OTAGO)
    smiths = [
        await business.person("John", "Smith", email=f"js{number}@north.example", address={"city": city})
        for number, city in enumerate(("Napier", "Nelson", "Gore"))
    ]
    invoices = [await business.invoice(f"INV-{number}", smith) for number, smith in enumerate(smiths)]
    run = await _export(business, *invoices)
    assert (run["rejected"], run["exported"]) == (3, 0)
    return smiths, invoices


async def test_of_three_john_smiths_a_person_decides_and_the_next_export_sends_all(business: ConnectedBusiness) -> None:
    smiths, invoices = await _three_john_smiths(business)
    (theirs,) = _named(business, "John Smith")
    link = await _link(business, smiths[0])
    assert (link["state"], link["problem"]["code"], link["like_these"]) == ("unsure", "contact_unsure", 2)
    assert link["problem"]["fix"]["href"] == f"/contacts/{smiths[0]}#link"
    (candidate,) = link["candidates"]
    assert (candidate["xero_contact"]["id"], candidate["agrees"]) == (theirs["ContactID"], ["name"])
    assert candidate["taken_by"] is None
    (difference,) = [each for each in candidate["differs"] if each["field"] == "email"]
    assert (difference["ours"], difference["theirs"]) == ("js0@north.example", _OTAGO)
    assert link["new_name"] == "John Smith (Napier)"

    decided = await _decide(business, smiths[0], xero_contact_id=theirs["ContactID"])
    assert (decided["state"], decided["decided_by"], decided["decided_by_user"]) == ("linked", "person", "Mere Hohepa")
    assert (decided["evidence"], decided["problem"]) == (["name"], None)
    assert decided["decided_at"] is not None
    for smith, name in zip(smiths[1:], ("John Smith (Nelson)", "John Smith (Gore)"), strict=True):
        assert (await _link(business, smith))["new_name"] == name
        assert (await _decide(business, smith, new=True, xero_name=name))["state"] == "creating"

    check = await _check(business, *invoices)
    assert (check["ready"], [entry["how"] for entry in check["contacts"]]) == (3, ["linked", "new", "new"])
    run = await _export(business, *invoices)
    assert (run["state"], run["exported"]) == ("done", 3)
    assert [len(_named(business, f"John Smith ({city})")) for city in ("Napier", "Nelson", "Gore")] == [0, 1, 1]
    assert len(_named(business, "John Smith")) == 1


async def test_a_decision_takes_the_contact_problem_from_the_invoices_that_waited(business: ConnectedBusiness) -> None:
    smiths, invoices = await _three_john_smiths(business)
    address = f"{API}/invoices/{invoices[0]}"
    assert [each["code"] for each in (await business.client.get(address)).json()["problems"]] == ["contact_unsure"]
    await _decide(business, smiths[0], new=True, xero_name="John Smith (Napier)")
    assert (await business.client.get(address)).json()["problems"] == []
    other = (await business.client.get(f"{API}/invoices/{invoices[1]}")).json()
    assert [each["code"] for each in other["problems"]] == ["contact_unsure"], "nobody has decided about that contact"
    contact = await business.contact(smiths[0])
    assert (contact["sync_state"], contact["problems"]) == ("not_sent", [])


async def test_the_same_answer_for_all_gives_each_new_contact_a_name_of_its_own(business: ConnectedBusiness) -> None:
    smiths, invoices = await _three_john_smiths(business)
    await _decide(business, smiths[0], new=True, xero_name="John Smith (Ahuriri)", same_for_all_like_these=True)
    names = [(await _link(business, smith))["new_name"] for smith in smiths]
    assert names == ["John Smith (Ahuriri)", "John Smith (Nelson)", "John Smith (Gore)"]
    run = await _export(business, *invoices)
    assert (run["state"], run["exported"]) == ("done", 3)
    assert [len(_named(business, name)) for name in names] == [1, 1, 1]


async def test_the_same_answer_for_all_is_about_contacts_of_the_same_name(business: ConnectedBusiness) -> None:
    smiths, _ = await _three_john_smiths(business)
    others = [await business.company("Kauri Homes Ltd", email=f"{number}@kauri.example") for number in range(2)]
    await _export(business, *[await business.invoice(f"K-{number}", other) for number, other in enumerate(others)])
    assert (await _link(business, smiths[0]))["like_these"] == 2

    await _decide(business, smiths[0], new=True, xero_name="John Smith (Ahuriri)", same_for_all_like_these=True)

    assert [(await _link(business, other))["state"] for other in others] == ["unsure", "unsure"]


async def test_the_same_answer_for_all_links_each_person_to_the_only_contact_of_its_name(
    business: ConnectedBusiness,
) -> None:
    people = [await business.person(first, "Ngata", email=f"{first}@here.example") for first in ("Aroha", "Tama")]
    theirs = [_type_in(business, f"{first} Ngata", EmailAddress="else@where.example") for first in ("Aroha", "Tama")]
    invoices = [await business.invoice(f"INV-{number}", person) for number, person in enumerate(people)]
    await _export(business, *invoices)
    decided = await _decide(business, people[0], xero_contact_id=theirs[0], same_for_all_like_these=True)
    assert decided["xero_contact"]["id"] == theirs[0]
    assert (await _link(business, people[1]))["xero_contact"]["id"] == theirs[1]
    assert (await _export(business, *invoices))["exported"] == 2


async def test_bad_decisions_are_refused_with_the_field_or_a_fix(business: ConnectedBusiness) -> None:
    smiths, _ = await _three_john_smiths(business)
    (theirs,) = _named(business, "John Smith")
    unknown = await _decide(business, smiths[0], 422, xero_contact_id=str(uuid4()))
    assert [(each["code"], each["pointer"]) for each in unknown["errors"]] == [
        ("unknown_xero_contact", "#/xero_contact_id")
    ]
    (foreign, *_rest) = business.stand_in.world.ledgers[AU_TENANT].contacts
    assert (await _decide(business, smiths[0], 422, xero_contact_id=foreign))["code"] == "invalid"

    taken = await _decide(business, smiths[0], 409, new=True)
    assert (taken["code"], taken["fix"]["href"]) == ("xero_name_taken", f"/contacts/{smiths[0]}#link")
    await _decide(business, smiths[0], xero_contact_id=theirs["ContactID"])
    owned = await _decide(business, smiths[1], 409, xero_contact_id=theirs["ContactID"])
    assert (owned["code"], owned["fix"]["href"]) == ("contact_taken", f"/contacts/{smiths[0]}#link")
    assert "belongs to your contact John Smith" in owned["detail"]
    await _decide(business, smiths[1], new=True, xero_name="John Smith (2)")
    promised = await _decide(business, smiths[2], 409, new=True, xero_name="JOHN\u00a0Smith (2)")
    assert promised["code"] == "xero_name_taken"

    for body in ({}, {"new": True, "xero_contact_id": str(uuid4())}, {"new": False, "xero_name": "X"}):
        assert (await _decide(business, smiths[0], 422, **body))["code"] == "invalid"


async def test_an_archived_contact_and_one_made_for_ours_are_refused(business: ConnectedBusiness) -> None:
    tui = await business.company("Tui Cafe")
    await _export(business, await business.invoice("INV-1", tui))
    (created,) = _named(business, "Tui Cafe")
    held = await _decide(business, tui, 409, new=True, xero_name="Tui Cafe 2")
    assert held["code"] == "contact_number_held"
    async with business.controls() as controls:
        assert (await controls.post("/_ctl/contacts/Tui Cafe/archive", json={})).is_success
    await business.refresh_contact(tui)
    assert (await _link(business, tui))["state"] == "archived"
    refused = await _decide(business, tui, 409, xero_contact_id=created["ContactID"])
    assert refused["code"] == "contact_archived"


async def test_without_a_connection_nothing_is_decided(business: ConnectedBusiness) -> None:
    tui = await business.company("Tui Cafe")
    await business.execute("UPDATE connections SET state = 'not_connected'")
    assert (await _decide(business, tui, 409, new=True))["code"] == "not_connected"
    assert (await business.client.delete(f"{API}/contacts/{tui}/link")).json()["code"] == "not_connected"
    assert (await business.client.post(f"{API}/contacts/{tui}/link/refreshes")).json()["code"] == "not_connected"


async def test_an_unlinked_contact_asks_instead_of_being_linked_again(business: ConnectedBusiness) -> None:
    bakery = await business.company("Corner Bakery Co")
    await _export(business, await business.invoice("INV-1", bakery))
    assert (await _link(business, bakery))["state"] == "linked"
    assert (await business.client.delete(f"{API}/contacts/{bakery}/link")).status_code == 204
    link = await _link(business, bakery)
    assert (link["state"], link["xero_contact"], link["decided_by"]) == ("unsure", None, None)
    assert "You unlinked Corner Bakery Co" in link["problem"]["detail"]
    second = await business.invoice("INV-2", bakery)
    assert (await _export(business, second))["rejected"] == 1
    (theirs,) = _named(business, "Corner Bakery Co")
    await _decide(business, bakery, xero_contact_id=theirs["ContactID"])
    assert (await _export(business, second))["exported"] == 1


async def test_possible_duplicates_are_shown_and_the_search_leads_to_any_contact(business: ConnectedBusiness) -> None:
    theirs = _type_in(business, "Māori Arts Trust", EmailAddress="arts@example.nz", AccountNumber="ARTS-7")
    ours = await business.company("Maori Arts Trust")
    await business.refresh_contact(ours)
    link = await _link(business, ours)
    assert (link["state"], link["candidates"]) == ("none", [])
    assert [each["xero_contact"]["id"] for each in link["possible_duplicates"]] == [theirs]
    for q in ("arts maori", "ARTS@example", "arts-7"):
        reply = await business.client.get(f"{API}/contacts/{ours}/link/candidates", params={"q": q})
        assert [row["xero_contact"]["id"] for row in reply.json()["items"]] == [theirs], q
    for q in ("arts_7", "arts@%.nz"):
        reply = await business.client.get(f"{API}/contacts/{ours}/link/candidates", params={"q": q})
        assert reply.json()["items"] == [], q
    await _decide(business, ours, xero_contact_id=theirs)
    assert (await _link(business, ours))["xero_contact"]["name"] == "Māori Arts Trust"


async def test_decisions_stand_in_the_history_of_the_contact_as_sentences(business: ConnectedBusiness) -> None:
    smiths, _ = await _three_john_smiths(business)
    (theirs,) = _named(business, "John Smith")
    await _decide(business, smiths[0], new=True, xero_name="John Smith (Napier)")
    await _decide(business, smiths[0], xero_contact_id=theirs["ContactID"])
    await business.client.delete(f"{API}/contacts/{smiths[0]}/link")
    history = await items(business.client, f"contacts/{smiths[0]}/history")
    assert [(event["what"], event["actor_name"]) for event in history] == [
        ("Unlinked from John Smith in Xero.", "Mere Hohepa"),
        ("Linked to John Smith in Xero.", "Mere Hohepa"),
        ("To be created in Xero as John Smith (Napier).", "Mere Hohepa"),
        ("Added the contact.", "Mere Hohepa"),
    ]


async def test_a_refresh_answers_at_once_and_a_worker_reads(business: ConnectedBusiness) -> None:
    tui = await business.company("Tui Cafe")
    reply = await business.client.post(f"{API}/contacts/{tui}/link/refreshes")
    assert (reply.status_code, reply.headers["location"]) == (202, f"{API}/contacts/{tui}/link")
    assert reply.json() == {"poll_after_ms": 1000}
    assert (await _link(business, tui))["checked_against"] is None
    theirs = _type_in(business, "TUI CAFE")
    await business.refresh_contact(tui)
    link = await _link(business, tui)
    assert (link["state"], UUID(link["candidates"][0]["xero_contact"]["id"])) == ("none", UUID(theirs))
    assert link["checked_against"] is not None


async def test_nothing_is_decided_while_the_contact_is_being_created(business: ConnectedBusiness) -> None:
    tui = await business.company("Tui Cafe")
    lost = {"method": "PUT", "path": "Contacts", "kind": "timeout", "when": "after"}
    business.stand_in.faults.waiting.append(Fault.model_validate(lost))
    await _export(business, await business.invoice("INV-1", tui))
    assert (await _link(business, tui))["state"] == "creating"
    assert (await _decide(business, tui, 409, new=True, xero_name="Tui"))["code"] == "contact_being_created"
    refused = await business.client.delete(f"{API}/contacts/{tui}/link")
    assert (refused.status_code, refused.json()["code"]) == (409, "contact_being_created")


async def test_a_contact_that_is_linked_in_another_organisation_says_so(business: ConnectedBusiness) -> None:
    tui = await business.company("Tui Cafe")
    await _export(business, await business.invoice("INV-1", tui))
    await business.execute("UPDATE contact_links SET organisation_id = gen_random_uuid()")
    link = await _link(business, tui)
    assert (link["state"], link["xero_contact"], link["new_name"]) == ("elsewhere", None, "Tui Cafe")
