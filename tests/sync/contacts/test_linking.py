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
from tests.sync.shop import Shop

_CONTACTS = "/api.xro/2.0/Contacts"


def _contacts(shop: Shop, name: str) -> list[dict[str, Any]]:
    contacts = shop.stand_in.world.ledgers[NZ_TENANT].contacts.values()
    return [one for one in contacts if one["Name"].casefold() == name.casefold()]


def _change(shop: Shop, name: str, **fields: Any) -> None:
    """Somebody edits a contact in Xero."""
    ledger = shop.stand_in.world.ledgers[NZ_TENANT]
    (contact,) = _contacts(shop, name)
    ledger.contacts[contact["ContactID"]] = {**contact, **fields, "UpdatedDateUTC": shop.stand_in.world.now()}


def _spoil(shop: Shop, **fault: object) -> None:
    shop.stand_in.faults.waiting.append(Fault.model_validate({"method": "PUT", "path": "Contacts", **fault}))


async def _ensure(shop: Shop, *ids: str) -> Linked:
    return await ensure_contacts(await shop.gateway(), [decode("con", one) for one in ids])


async def test_a_contact_xero_knows_by_name_is_linked_and_left_as_it_is(shop: Shop) -> None:
    ours = await shop.company("hana PARATA", email="other@example.nz")
    (before,) = _contacts(shop, "Hana Parata")
    linked = await _ensure(shop, ours)
    assert linked.ids == {decode("con", ours): UUID(before["ContactID"])}
    assert _contacts(shop, "Hana Parata") == [before]


async def test_fifty_contacts_are_created_in_one_call_and_never_again(shop: Shop) -> None:
    ours = [await shop.company(f"New Customer {number}") for number in range(50)]
    assert len((await _ensure(shop, *ours)).ids) == 50
    assert len((await _ensure(shop, *ours)).ids) == 50
    assert len(shop.calls("PUT", _CONTACTS)) == 1
    assert len(shop.calls("GET", _CONTACTS)) == 1


async def test_a_contact_whose_reply_was_lost_is_found_by_our_number(shop: Shop, clock: time_machine.Traveller) -> None:
    ours = await shop.company("Tui Cafe")
    _spoil(shop, kind="timeout", when="after")
    with pytest.raises(XeroUnknownOutcome):
        await _ensure(shop, ours)
    _change(shop, "Tui Cafe", Name="Tui Café & Bar")  # so that only the number can tell
    linked = await _ensure(shop, ours)
    assert linked.ids == {decode("con", ours): UUID(_contacts(shop, "Tui Café & Bar")[0]["ContactID"])}
    assert len(shop.calls("PUT", _CONTACTS)) == 1


async def test_a_contact_somebody_types_into_xero_at_the_same_moment_is_linked_not_overwritten(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = await shop.company("Tui Cafe", email="ours@example.nz")
    transport = shop.gateways.http._transport
    call = transport.handle_async_request

    async def overtaken(request):
        if request.method == "PUT":
            seed = {"contacts": [{"Name": "TUI CAFE", "EmailAddress": "typed@example.nz"}]}
            async with shop.controls() as controls:
                assert (await controls.post("/_ctl/seed", json=seed)).status_code == 200
        return await call(request)

    monkeypatch.setattr(transport, "handle_async_request", overtaken)
    linked = await _ensure(shop, ours)
    (typed,) = _contacts(shop, "Tui Cafe")
    assert linked.ids == {decode("con", ours): UUID(typed["ContactID"])}
    assert typed["EmailAddress"] == "typed@example.nz"


async def test_of_two_of_ours_with_one_name_the_second_is_told_so(shop: Shop) -> None:
    first, second = await shop.company("Tui Cafe"), await shop.company("TUI cafe")
    linked = await _ensure(shop, first, second)
    assert list(linked.ids) == [decode("con", first)]
    assert linked.refused[decode("con", second)].code == "contact_name_taken"
    assert (await _ensure(shop, second)).refused[decode("con", second)].code == "contact_name_taken"


async def test_an_archived_contact_with_our_number_is_not_made_anew(shop: Shop) -> None:
    ours = await shop.company("Tui Cafe")
    await _ensure(shop, ours)
    _change(shop, "Tui Cafe", ContactStatus="ARCHIVED")
    await shop.execute("DELETE FROM contact_links")
    linked = await _ensure(shop, ours)
    assert linked.refused[decode("con", ours)].code == "contact_archived"
    assert len(_contacts(shop, "Tui Cafe")) == 1


async def test_a_payer_reference_that_another_contact_has_is_left_out_and_told(shop: Shop) -> None:
    await shop.prefer(send_payer_reference=True)
    ours = await shop.company("Tui Cafe", payer_reference="KOW-01")
    _change(shop, "Fern Cottage", AccountNumber="KOW-01")
    _change(shop, "Fern Holiday Homes", AccountNumber="KOW-01")  # two of them: it identifies nobody
    linked = await _ensure(shop, ours)
    (created,) = _contacts(shop, "Tui Cafe")
    assert linked.ids == {decode("con", ours): UUID(created["ContactID"])}
    assert not created.get("AccountNumber")
    (row,) = await shop.execute("SELECT sync_state, problem FROM contacts")
    assert (row.sync_state, row.problem["code"]) == ("in_step", "payer_reference_taken")


async def test_a_contact_xero_refuses_does_not_hold_up_the_others(shop: Shop) -> None:
    ours = [await shop.company(f"New Customer {number}") for number in range(20)]
    _spoil(shop, kind="status", status=400, text="Bad data", body_contains='"New Customer 7"', count=None)
    linked = await _ensure(shop, *ours)
    assert len(linked.ids) == 19
    assert linked.refused[decode("con", ours[7])].messages == ("Bad data",)
    assert len(shop.calls("PUT", _CONTACTS)) <= 11, "twenty singles would eat the minute"


async def test_a_contact_xero_fails_on_again_and_again_is_given_up_and_the_others_are_made(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    ours = [await shop.company(f"New Customer {number}") for number in range(5)]
    _spoil(shop, kind="status", status=500, body_contains='"New Customer 2"', count=None)
    linked = Linked()
    for _ in range(60):
        try:
            linked = await _ensure(shop, *ours)
            break
        except XeroBusy as busy:
            clock.shift(timedelta(seconds=busy.retry_after or 5))
        except XeroUnknownOutcome:
            clock.shift(timedelta(seconds=2))
    assert len(linked.ids) == 4
    assert linked.refused[decode("con", ours[2])].code == "contact_refused"
    assert len(shop.calls("PUT", _CONTACTS)) < 20, "it has to wait longer each time"


async def test_a_limit_of_xeros_does_not_make_fifty_contacts_fifty_calls(
    shop: Shop, clock: time_machine.Traveller
) -> None:
    ours = [await shop.company(f"New Customer {number}") for number in range(5)]
    for _ in range(3):
        _spoil(shop, kind="rate_limit", retry_after=20)
        with pytest.raises(XeroBusy):
            await _ensure(shop, *ours)
        clock.shift(timedelta(seconds=21))
    assert len((await _ensure(shop, *ours)).ids) == 5
    assert len(shop.calls("PUT", _CONTACTS)) == 4
