"""Every contact of a batch is in Xero once before its invoices are."""

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from api.platform.db.work import UnitOfWork
from api.platform.ids import decode
from api.sync.connections.service import XeroGateway
from api.sync.contacts.linking import Refused
from api.sync.contacts.service import ContactCreation, ContactLinkService, place_contacts, position, read_for_linking
from api.sync.writes.sending import send
from api.sync.writes.service import (
    Attempt,
    WriteKind,
    commit_attempt,
    leased,
    open_attempts,
    queue_writes,
    recover,
)
from api.xero.errors import XeroBusy, XeroUnknownOutcome
from sandbox import contacts
from sandbox.faults import Fault
from sandbox.seeds import NZ_TENANT
from tests.clock import Clock
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness

_CONTACTS = "/api.xro/2.0/Contacts"


def _contacts(business: ConnectedBusiness, name: str) -> list[dict[str, Any]]:
    everybody = business.stand_in.world.ledgers[NZ_TENANT].contacts.values()
    return [contact for contact in everybody if contact["Name"].casefold() == name.casefold()]


def _change(business: ConnectedBusiness, name: str, **fields: Any) -> None:
    """Somebody edits a contact in Xero."""
    ledger = business.stand_in.world.ledgers[NZ_TENANT]
    (contact,) = _contacts(business, name)
    ledger.contacts[contact["ContactID"]] = {**contact, **fields, "UpdatedDateUTC": business.stand_in.world.now()}


def _spoil(business: ConnectedBusiness, **fault: object) -> None:
    business.stand_in.faults.waiting.append(Fault.model_validate({"method": "PUT", "path": "Contacts", **fault}))


def _before_each_write(business: ConnectedBusiness, monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """Somebody is faster than the call that creates our contacts."""
    transport = business.gateways.http._transport
    call = transport.handle_async_request

    async def overtaken(request: httpx2.Request) -> httpx2.Response:
        if request.method == "PUT":
            act()
        return await call(request)

    monkeypatch.setattr(transport, "handle_async_request", overtaken)


def _type_in(business: ConnectedBusiness, name: str, changed: datetime | None = None, **fields: Any) -> None:
    """Somebody adds a contact in Xero."""
    ledger, contact_id = business.stand_in.world.ledgers[NZ_TENANT], str(uuid4())
    contact = {**contacts.blank(), "ContactID": contact_id, "Name": name, **fields}
    ledger.contacts[contact_id] = {**contact, "UpdatedDateUTC": changed or business.stand_in.world.now()}


@dataclass
class Placed:
    """Where contacts are in Xero, or why not."""

    ids: dict[UUID, UUID]
    refused: Refused


async def _ensure(business: ConnectedBusiness, *ids: str, refused: Refused | None = None) -> Placed:
    """What an export does about contacts before it sends their invoices; an error ends its turn.

    Contacts that are `refused` already are left out.
    """
    refused = {} if refused is None else refused
    gateway = await business.gateway()
    contact_ids = [contact_id for contact_id in (decode("con", each) for each in ids) if contact_id not in refused]

    async def note(work: UnitOfWork, more: Refused) -> None:
        refused.update(more)

    creation = ContactCreation(note)
    async with business.gateways.database.work(business.business_id) as work:
        await queue_writes(work, business.business_id)
    async with leased(business.gateways.database, business.business_id, business.gateways.timing) as lease:
        assert lease is not None
        async with gateway.work() as work:
            attempts = await open_attempts(work)
        await recover(gateway, lease, {WriteKind.CREATE_CONTACTS: creation}, attempts)
        async with gateway.work() as work:
            ready = [contact_id for contact_id in contact_ids if contact_id not in refused]
            wanted, doubted = await ContactLinkService(work).without_place(gateway.organisation_id, ready)
        if wanted:
            await _read_for_linking(gateway, doubted)
            async with gateway.work() as work:
                refused.update(await place_contacts(work, gateway.organisation_id, wanted))
        while (attempt := await _next(gateway, creation, contact_ids)) is not None:
            await send(gateway, lease, creation, attempt)
    async with gateway.work() as work:
        return Placed(await ContactLinkService(work).linked(gateway.organisation_id, contact_ids), refused)


async def _read_for_linking(gateway: XeroGateway, doubted: Collection[UUID]) -> None:
    async with gateway.work() as work:
        reading = await position(work, gateway.organisation_id)
    await read_for_linking(gateway, reading, doubted)


async def _next(gateway: XeroGateway, creation: ContactCreation, contact_ids: list[UUID]) -> Attempt | None:
    async with gateway.work() as work:
        batch = await creation.next_batch(work, gateway, contact_ids)
        return await commit_attempt(work, gateway, WriteKind.CREATE_CONTACTS, batch) if batch else None


async def test_a_contact_xero_knows_by_name_is_linked_and_left_as_it_is(business: ConnectedBusiness) -> None:
    ours = await business.company("hana PARATA", email="other@example.nz")
    (before,) = _contacts(business, "Hana Parata")
    linked = await _ensure(business, ours)
    assert linked.ids == {decode("con", ours): UUID(before["ContactID"])}
    assert _contacts(business, "Hana Parata") == [before]


async def test_fifty_contacts_are_created_in_one_call_and_never_again(business: ConnectedBusiness) -> None:
    ours = [await business.company(f"New Customer {number}") for number in range(50)]
    assert len((await _ensure(business, *ours)).ids) == 50
    assert len((await _ensure(business, *ours)).ids) == 50
    assert len(business.calls("PUT", _CONTACTS)) == 1
    assert len(business.calls("GET", _CONTACTS)) == 1


async def test_a_contact_whose_reply_was_lost_is_found_by_our_number(business: ConnectedBusiness, clock: Clock) -> None:
    ours = await business.company("Tui Cafe")
    _spoil(business, kind="timeout", when="after")
    with pytest.raises(XeroUnknownOutcome):
        await _ensure(business, ours)
    _change(business, "Tui Cafe", Name="Tui Café & Bar")  # so that only the number can tell
    clock.shift(timedelta(seconds=5))
    linked = await _ensure(business, ours)
    assert linked.ids == {decode("con", ours): UUID(_contacts(business, "Tui Café & Bar")[0]["ContactID"])}
    assert len(business.calls("PUT", _CONTACTS)) == 1


async def test_a_contact_somebody_types_into_xero_at_the_same_moment_is_linked_not_overwritten(
    business: ConnectedBusiness, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = await business.company("Tui Cafe", email="ours@example.nz")
    _before_each_write(business, monkeypatch, lambda: _type_in(business, "TUI CAFE", EmailAddress="typed@example.nz"))
    linked = await _ensure(business, ours)
    (typed,) = _contacts(business, "Tui Cafe")
    assert linked.ids == {decode("con", ours): UUID(typed["ContactID"])}
    assert typed["EmailAddress"] == "typed@example.nz"


@pytest.mark.parametrize("together", [True, False])
async def test_two_of_ours_with_one_name_wait_until_one_of_them_has_another(
    business: ConnectedBusiness, together: bool
) -> None:
    first, second = await business.company("Tui Cafe"), await business.company("TUI\u200b cafe")
    runs = [(first, second)] if together else [(second,), (first,)]
    refused = [(await _ensure(business, *run)).refused for run in runs]
    codes = {contact: [problem.code for problem in problems] for run in refused for contact, problems in run.items()}
    assert codes == {decode("con", contact): ["contact_unsure"] for contact in (first, second)}
    assert _contacts(business, "Tui Cafe") == []
    assert (await business.contact(first))["sync_state"] == "unsure"

    await business.client.patch(f"{API}/contacts/{second}", json={"name": "Tui Cafe Ōtaki"})
    assert len((await _ensure(business, first, second)).ids) == 2
    third = await business.company("Tui Cafe")
    linked = await _ensure(business, first, third)
    assert list(linked.ids) == [decode("con", first)]
    assert [problem.code for problem in linked.refused[decode("con", third)]] == ["contact_unsure"]


@pytest.mark.parametrize("spelling", ["Harbourview\u200b Apartments Ltd", "\ufeffHarbourview  APARTMENTS Ltd"])
async def test_a_name_with_invisible_characters_is_the_same_name(business: ConnectedBusiness, spelling: str) -> None:
    (theirs,) = _contacts(business, "Harbourview Apartments Ltd")
    ours = await business.company(spelling)
    assert (await _ensure(business, ours)).ids == {decode("con", ours): UUID(theirs["ContactID"])}
    assert business.calls("PUT", _CONTACTS) == []


async def test_a_company_linked_by_name_says_which_details_are_different_in_xero(business: ConnectedBusiness) -> None:
    ours = await business.company("Corner Bakery Co", email="bread@example.nz")
    assert (await _ensure(business, ours)).refused == {}
    contact = await business.contact(ours)
    assert contact["sync_state"] == "changed"
    (remark,) = contact["remarks"]
    assert (remark["code"], remark["source"], contact["problems"]) == ("contact_differs", "check", [])
    detail = "Corner Bakery Co has the e-mail address accounts3@example.org in Xero and bread@example.nz here."
    assert remark["detail"] == detail


async def test_a_person_of_the_same_name_with_another_email_address_is_not_linked(business: ConnectedBusiness) -> None:
    ours = await business.person("Hana", "Parata", email="hana@north.example")
    linked = await _ensure(business, ours)
    assert linked.ids == {}
    contact = await business.contact(ours)
    (problem,) = contact["problems"]
    assert (contact["sync_state"], problem["code"], problem["source"]) == ("unsure", "contact_unsure", "check")
    assert "hana.parata@example.com in Xero and hana@north.example here" in problem["detail"]
    assert problem["fix"] == {"label": "Open the contact", "href": f"/contacts/{ours}#link"}
    assert business.calls("PUT", _CONTACTS) == []

    await business.client.patch(f"{API}/contacts/{ours}", json={"email": "Hana.Parata@example.com"})
    (theirs,) = _contacts(business, "Hana Parata")
    assert (await _ensure(business, ours)).ids == {decode("con", ours): UUID(theirs["ContactID"])}
    assert (await business.contact(ours))["sync_state"] == "in_step"


async def test_a_persons_phone_in_xero_decides_against_another_email_address(business: ConnectedBusiness) -> None:
    (theirs,) = _contacts(business, "Hana Parata")
    slot = {"PhoneType": "MOBILE", "PhoneCountryCode": "64", "PhoneAreaCode": "21", "PhoneNumber": "555 0142"}
    _change(business, "Hana Parata", Phones=[slot])
    ours = await business.person("Hana", "Parata", email="hana@north.example", phone="021 555-0142")
    assert (await _ensure(business, ours)).ids == {decode("con", ours): UUID(theirs["ContactID"])}


async def test_a_name_that_xero_refuses_and_a_look_up_does_not_show_is_refused_as_taken(
    business: ConnectedBusiness, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = await business.company("Tui Cafe")
    long_ago = business.stand_in.world.now() - timedelta(days=9)
    _before_each_write(business, monkeypatch, lambda: _type_in(business, "Tui Cafe", long_ago))
    (problem,) = (await _ensure(business, ours)).refused[decode("con", ours)]
    assert (problem.code, problem.source) == ("contact_name_taken", "xero")
    assert "is already assigned to another contact" in (problem.xero_message or "")
    contact = await business.contact(ours)
    assert (contact["sync_state"], contact["problems"]) == ("failed", [problem.as_row()])


async def test_two_of_ours_that_xero_has_merged_stay_linked_to_the_one_contact(business: ConnectedBusiness) -> None:
    ours = [await business.company(name) for name in ("Tui Cafe", "Corner Bakery Co")]
    await _ensure(business, *ours)
    (kept,) = _contacts(business, "Corner Bakery Co")
    _change(business, "Tui Cafe", ContactStatus="ARCHIVED", MergedToContactID=kept["ContactID"])
    for _ in range(2):
        await business.execute("UPDATE contact_links SET state = 'doubted'")
        linked = await _ensure(business, *ours)
        assert linked.ids == dict.fromkeys((decode("con", contact) for contact in ours), UUID(kept["ContactID"]))


async def test_an_archived_contact_with_our_number_is_not_created_again(business: ConnectedBusiness) -> None:
    ours = await business.company("Tui Cafe")
    await _ensure(business, ours)
    _change(business, "Tui Cafe", ContactStatus="ARCHIVED")
    await business.execute("DELETE FROM contact_links")
    linked = await _ensure(business, ours)
    assert [problem.code for problem in linked.refused[decode("con", ours)]] == ["contact_archived"]
    assert len(_contacts(business, "Tui Cafe")) == 1


async def test_a_payer_reference_that_another_contact_has_is_left_out_and_the_contact_says_so(
    business: ConnectedBusiness,
) -> None:
    await business.prefer(send_payer_reference=True)
    ours = await business.company("Tui Cafe", payer_reference="KOW-01")
    _change(business, "Fern Cottage", AccountNumber="kow-01")
    linked = await _ensure(business, ours)
    (created,) = _contacts(business, "Tui Cafe")
    assert linked.ids == {decode("con", ours): UUID(created["ContactID"])}
    assert not created.get("AccountNumber")
    contact = await business.contact(ours)
    assert (contact["sync_state"], contact["problems"]) == ("in_step", [])
    (remark,) = contact["remarks"]
    assert (remark["code"], remark["source"]) == ("payer_reference_taken", "check")
    assert remark["detail"] == "Sent without the payer reference KOW-01, which Fern Cottage has."
    assert remark["pointer"] == "#/payer_reference"
    assert len(business.calls("PUT", _CONTACTS)) == 1


@pytest.mark.parametrize("runs", [[(0, 1), (2,)], [(2,), (1, 0)], [(0,), (1,), (2,)]])
async def test_branches_with_one_payer_reference_are_all_created_in_every_order_and_number_of_runs(
    business: ConnectedBusiness, runs: list[tuple[int, ...]]
) -> None:
    await business.prefer(send_payer_reference=True)
    names = [f"Bunnings {place}" for place in ("Napier", "Nelson", "Gore")]
    branches = [await business.company(name, payer_reference="BUNN-01") for name in names]
    for run in runs:
        assert (await _ensure(business, *(branches[number] for number in run))).refused == {}
    created = [contact for name in names for contact in _contacts(business, name)]
    assert [contact.get("AccountNumber") or None for contact in created] == ["BUNN-01", None, None]
    remarks = [[remark["code"] for remark in (await business.contact(branch))["remarks"]] for branch in branches]
    assert remarks == [[], ["payer_reference_taken"], ["payer_reference_taken"]]


async def test_a_payer_reference_that_is_taken_between_look_and_call_is_left_out_as_well(
    business: ConnectedBusiness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await business.prefer(send_payer_reference=True)
    ours = await business.company("Tui Cafe", payer_reference="KOW-01")
    _before_each_write(business, monkeypatch, lambda: _change(business, "Fern Cottage", AccountNumber="KOW-01"))
    assert len((await _ensure(business, ours)).ids) == 1
    (created,) = _contacts(business, "Tui Cafe")
    assert not created.get("AccountNumber")
    (remark,) = (await business.contact(ours))["remarks"]
    assert (remark["code"], remark["source"]) == ("payer_reference_taken", "xero")
    assert "Account Number already exists" in remark["xero_message"]


async def test_a_contact_xero_refuses_does_not_hold_up_the_others(business: ConnectedBusiness) -> None:
    ours = [await business.company(f"New Customer {number}") for number in range(20)]
    _spoil(business, kind="status", status=400, text="Bad data", body_contains='"New Customer 7"', count=None)
    linked = await _ensure(business, *ours)
    assert len(linked.ids) == 19
    (problem,) = linked.refused[decode("con", ours[7])]
    assert (problem.code, problem.source, problem.xero_message) == ("contact_refused", "xero", "Bad data")
    assert len(business.calls("PUT", _CONTACTS)) <= 11, "twenty singles would eat the minute"


async def test_a_contact_xero_fails_on_again_and_again_is_given_up_and_the_others_are_made(
    business: ConnectedBusiness, clock: Clock
) -> None:
    ours = [await business.company(f"New Customer {number}") for number in range(5)]
    _spoil(business, kind="status", status=500, body_contains='"New Customer 2"', count=None)
    refused: Refused = {}
    for _ in range(60):
        with suppress(XeroUnknownOutcome):
            placed = await _ensure(business, *ours, refused=refused)
            if len(placed.ids) + len(refused) == len(ours):
                break
        clock.shift(timedelta(minutes=1))
    assert len(placed.ids) == 4
    assert [problem.code for problem in refused[decode("con", ours[2])]] == ["contact_refused"]
    assert len(business.calls("PUT", _CONTACTS)) < 10, "two for all of them, five singly, one replay"


async def test_a_contact_that_was_changed_while_it_was_sent_is_shown_as_changed(
    business: ConnectedBusiness, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = await business.company("Tui Cafe")
    transport = business.gateways.http._transport
    call = transport.handle_async_request

    async def meanwhile(request: httpx2.Request) -> httpx2.Response:
        if request.method == "PUT":
            await business.client.patch(f"{API}/contacts/{ours}", json={"phone": "04 555 0199"})
        return await call(request)

    monkeypatch.setattr(transport, "handle_async_request", meanwhile)
    await _ensure(business, ours)
    assert (await business.contact(ours))["sync_state"] == "changed"


async def test_a_limit_of_xeros_does_not_make_fifty_contacts_fifty_calls(
    business: ConnectedBusiness, clock: Clock
) -> None:
    ours = [await business.company(f"New Customer {number}") for number in range(5)]
    for _ in range(3):
        _spoil(business, kind="rate_limit", retry_after=20)
        with pytest.raises(XeroBusy):
            await _ensure(business, *ours)
        clock.shift(timedelta(seconds=21))
    assert len((await _ensure(business, *ours)).ids) == 5
    assert len(business.calls("PUT", _CONTACTS)) == 4


async def test_a_contact_that_somebody_types_in_long_after_the_decision_to_create_it_is_linked(
    business: ConnectedBusiness, clock: Clock
) -> None:
    ours = await business.company("Tui Cafe")
    gateway = await business.gateway()
    await _read_for_linking(gateway, [])
    async with gateway.work() as work:
        await place_contacts(work, gateway.organisation_id, [decode("con", ours)])
    clock.shift(timedelta(minutes=11))
    _type_in(business, "Tui Cafe")

    linked = await _ensure(business, ours)

    (typed,) = _contacts(business, "Tui Cafe")
    assert linked.ids == {decode("con", ours): UUID(typed["ContactID"])}
    assert business.calls("PUT", _CONTACTS) == []
