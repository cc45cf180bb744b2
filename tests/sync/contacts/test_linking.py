"""Every contact of a batch is in Xero once before its invoices are."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine

from api.platform.ids import decode
from api.sync.contacts.service import Linked, ensure_contacts
from api.xero.errors import XeroBusy, XeroUnknownOutcome
from sandbox.faults import Fault
from sandbox.seeds import NZ_TENANT
from tests.sync.connected_business import ConnectedBusiness

_CONTACTS = "/api.xro/2.0/Contacts"


def _contacts(business: ConnectedBusiness, name: str) -> list[dict[str, Any]]:
    contacts = business.stand_in.world.ledgers[NZ_TENANT].contacts.values()
    return [one for one in contacts if one["Name"].casefold() == name.casefold()]


def _change(business: ConnectedBusiness, name: str, **fields: Any) -> None:
    """Somebody edits a contact in Xero."""
    ledger = business.stand_in.world.ledgers[NZ_TENANT]
    (contact,) = _contacts(business, name)
    ledger.contacts[contact["ContactID"]] = {**contact, **fields, "UpdatedDateUTC": business.stand_in.world.now()}


def _spoil(business: ConnectedBusiness, **fault: object) -> None:
    business.stand_in.faults.waiting.append(Fault.model_validate({"method": "PUT", "path": "Contacts", **fault}))


async def _ensure(business: ConnectedBusiness, *ids: str) -> Linked:
    return await ensure_contacts(await business.gateway(), [decode("con", one) for one in ids])


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


async def test_a_contact_whose_reply_was_lost_is_found_by_our_number(
    business: ConnectedBusiness, clock: time_machine.Traveller
) -> None:
    ours = await business.company("Tui Cafe")
    _spoil(business, kind="timeout", when="after")
    with pytest.raises(XeroUnknownOutcome):
        await _ensure(business, ours)
    _change(business, "Tui Cafe", Name="Tui Café & Bar")  # so that only the number can tell
    linked = await _ensure(business, ours)
    assert linked.ids == {decode("con", ours): UUID(_contacts(business, "Tui Café & Bar")[0]["ContactID"])}
    assert len(business.calls("PUT", _CONTACTS)) == 1


async def test_a_contact_somebody_types_into_xero_at_the_same_moment_is_linked_not_overwritten(
    business: ConnectedBusiness, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = await business.company("Tui Cafe", email="ours@example.nz")
    transport = business.gateways.http._transport
    call = transport.handle_async_request

    async def overtaken(request):
        if request.method == "PUT":
            seed = {"contacts": [{"Name": "TUI CAFE", "EmailAddress": "typed@example.nz"}]}
            async with business.controls() as controls:
                assert (await controls.post("/_ctl/seed", json=seed)).status_code == 200
        return await call(request)

    monkeypatch.setattr(transport, "handle_async_request", overtaken)
    linked = await _ensure(business, ours)
    (typed,) = _contacts(business, "Tui Cafe")
    assert linked.ids == {decode("con", ours): UUID(typed["ContactID"])}
    assert typed["EmailAddress"] == "typed@example.nz"


async def test_of_two_of_ours_with_one_name_the_second_is_told_so(business: ConnectedBusiness) -> None:
    first, second = await business.company("Tui Cafe"), await business.company("TUI cafe")
    linked = await _ensure(business, first, second)
    assert list(linked.ids) == [decode("con", first)]
    assert linked.refused[decode("con", second)].code == "contact_name_taken"
    assert (await _ensure(business, second)).refused[decode("con", second)].code == "contact_name_taken"


async def test_an_archived_contact_with_our_number_is_not_made_anew(business: ConnectedBusiness) -> None:
    ours = await business.company("Tui Cafe")
    await _ensure(business, ours)
    _change(business, "Tui Cafe", ContactStatus="ARCHIVED")
    await business.execute("DELETE FROM contact_links")
    linked = await _ensure(business, ours)
    assert linked.refused[decode("con", ours)].code == "contact_archived"
    assert len(_contacts(business, "Tui Cafe")) == 1


async def test_a_payer_reference_that_another_contact_has_is_left_out_and_told(business: ConnectedBusiness) -> None:
    await business.prefer(send_payer_reference=True)
    ours = await business.company("Tui Cafe", payer_reference="KOW-01")
    _change(business, "Fern Cottage", AccountNumber="KOW-01")
    _change(business, "Fern Holiday Homes", AccountNumber="KOW-01")  # two of them: it identifies nobody
    linked = await _ensure(business, ours)
    (created,) = _contacts(business, "Tui Cafe")
    assert linked.ids == {decode("con", ours): UUID(created["ContactID"])}
    assert not created.get("AccountNumber")
    (row,) = await business.execute("SELECT sync_state, problem FROM contacts")
    assert (row.sync_state, row.problem["code"]) == ("in_step", "payer_reference_taken")


async def test_a_contact_xero_refuses_does_not_hold_up_the_others(business: ConnectedBusiness) -> None:
    ours = [await business.company(f"New Customer {number}") for number in range(20)]
    _spoil(business, kind="status", status=400, text="Bad data", body_contains='"New Customer 7"', count=None)
    linked = await _ensure(business, *ours)
    assert len(linked.ids) == 19
    assert linked.refused[decode("con", ours[7])].messages == ("Bad data",)
    assert len(business.calls("PUT", _CONTACTS)) <= 11, "twenty singles would eat the minute"


async def test_a_contact_xero_fails_on_again_and_again_is_given_up_and_the_others_are_made(
    business: ConnectedBusiness, clock: time_machine.Traveller
) -> None:
    ours = [await business.company(f"New Customer {number}") for number in range(5)]
    _spoil(business, kind="status", status=500, body_contains='"New Customer 2"', count=None)
    linked = Linked()
    for _ in range(60):
        try:
            linked = await _ensure(business, *ours)
            break
        except XeroBusy as busy:
            clock.shift(timedelta(seconds=busy.retry_after or 5))
        except XeroUnknownOutcome:
            clock.shift(timedelta(seconds=2))
    assert len(linked.ids) == 4
    assert linked.refused[decode("con", ours[2])].code == "contact_refused"
    assert len(business.calls("PUT", _CONTACTS)) < 20, "it has to wait longer each time"


async def test_a_limit_of_xeros_does_not_make_fifty_contacts_fifty_calls(
    business: ConnectedBusiness, clock: time_machine.Traveller
) -> None:
    ours = [await business.company(f"New Customer {number}") for number in range(5)]
    for _ in range(3):
        _spoil(business, kind="rate_limit", retry_after=20)
        with pytest.raises(XeroBusy):
            await _ensure(business, *ours)
        clock.shift(timedelta(seconds=21))
    assert len((await _ensure(business, *ours)).ids) == 5
    assert len(business.calls("PUT", _CONTACTS)) == 4
