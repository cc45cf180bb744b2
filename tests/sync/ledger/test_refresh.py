"""What we know of the organisation: read whole or not at all, and never somebody else's."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from api.sync.ledger.refreshes.repository import LedgerRefreshRepository
from api.xero.client import XeroClient
from api.xero.wire import Item
from sandbox.faults import Fault
from sandbox.seeds import AU_TENANT
from tests.clock import Clock
from tests.records.making import API, make
from tests.sync.connected_business import ConnectedBusiness
from tests.sync.queues import sweep_ledgers


async def _control(business: ConnectedBusiness, path: str, **fields: Any) -> None:
    async with business.controls() as controls:
        reply = await controls.post(f"/_ctl/{path}", json=fields)
    assert reply.status_code == 200, reply.text


async def _refresh_again(business: ConnectedBusiness) -> None:
    assert (await business.client.post(f"{API}/ledger/refreshes")).status_code == 202
    await business.refresh_ledger()


async def _account_names(business: ConnectedBusiness) -> dict[str, str]:
    accounts = await business.client.get(f"{API}/ledger/accounts", params={"limit": 200})
    return {entry["code"]: entry["name"] for entry in accounts.json()["items"]}


async def test_a_second_refresh_while_one_is_open_is_the_first(business: ConnectedBusiness) -> None:
    first, second = [(await business.client.post(f"{API}/ledger/refreshes")).json() for _ in range(2)]
    assert first["id"] == second["id"]


async def test_what_is_asked_for_while_it_is_being_read_is_read_once_more(
    business: ConnectedBusiness, monkeypatch: pytest.MonkeyPatch
) -> None:
    items, has_changed = XeroClient.items, False

    async def items_after_a_change(client: XeroClient) -> tuple[Item, ...]:
        nonlocal has_changed
        if not has_changed:  # the accounts have been read by now
            has_changed = True
            await _control(business, "accounts/200", status="ARCHIVED")
            assert (await business.client.post(f"{API}/ledger/refreshes")).status_code == 202
        return await items(client)

    monkeypatch.setattr(XeroClient, "items", items_after_a_change)
    asked = (await business.client.post(f"{API}/ledger/refreshes")).json()
    await business.refresh_ledger()
    assert (await business.client.get(f"{API}/ledger/refreshes/{asked['id']}")).json()["state"] == "queued"
    await business.refresh_ledger()
    assert "200" not in await _account_names(business)
    assert (await business.client.get(f"{API}/ledger/refreshes/{asked['id']}")).json()["state"] == "done"


async def test_a_refresh_that_breaks_off_leaves_what_was_known_whole(business: ConnectedBusiness, clock: Clock) -> None:
    before = await _account_names(business)
    await _control(business, "accounts/200", name="Plumbing sales")
    business.stand_in.faults.waiting.append(Fault(kind="unavailable", method="GET", path="Items"))
    await _refresh_again(business)
    assert await _account_names(business) == before
    clock.shift(timedelta(seconds=31))
    await business.refresh_ledger()
    assert await _account_names(business) == before | {"200": "Plumbing sales"}


async def test_a_refresh_whose_worker_was_killed_is_taken_over_when_its_lease_ends(
    business: ConnectedBusiness, clock: Clock
) -> None:
    await _control(business, "accounts/200", name="Plumbing sales")
    assert (await business.client.post(f"{API}/ledger/refreshes")).status_code == 202
    async with business.gateways.database.work(business.business_id) as work:  # it takes the lease, then it is killed
        assert await LedgerRefreshRepository(work).claim(business.gateways.timing.lease) is not None
    await sweep_ledgers(business.gateways)
    assert (await _account_names(business))["200"] != "Plumbing sales"
    clock.shift(timedelta(seconds=16))
    await sweep_ledgers(business.gateways)
    assert (await _account_names(business))["200"] == "Plumbing sales"


async def test_a_worker_that_lost_its_lease_stores_nothing_that_it_read(
    business: ConnectedBusiness, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await _account_names(business)
    call = business.gateways.http._transport.handle_async_request

    async def overtaken(request: httpx2.Request) -> httpx2.Response:
        if request.url.path.endswith("/Items"):  # the last call of a refresh
            clock.shift_database(timedelta(seconds=16))
            async with business.gateways.database.work(business.business_id) as work:
                assert await LedgerRefreshRepository(work).claim(business.gateways.timing.lease) is not None
        return await call(request)

    monkeypatch.setattr(business.gateways.http._transport, "handle_async_request", overtaken)
    await _control(business, "accounts/200", name="Plumbing sales")
    await _refresh_again(business)
    assert await _account_names(business) == before
    assert await business.execute("SELECT 1 FROM ledger_refreshes WHERE state = 'running'")


async def test_a_refresh_that_fails_here_is_repeated_after_half_a_minute(
    business: ConnectedBusiness, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _control(business, "accounts/200", name="Plumbing sales")

    def fail(accounts: Any) -> Any:
        raise RuntimeError("a bug")

    monkeypatch.setattr("api.sync.ledger.mapping.account_rows", fail)
    with pytest.raises(RuntimeError):
        await _refresh_again(business)
    monkeypatch.undo()
    await sweep_ledgers(business.gateways)
    assert (await _account_names(business))["200"] != "Plumbing sales"
    clock.shift(timedelta(seconds=31))
    await sweep_ledgers(business.gateways)
    assert (await _account_names(business))["200"] == "Plumbing sales"


async def test_an_account_archived_in_xero_is_archived_here(business: ConnectedBusiness) -> None:
    await _control(business, "accounts/200", status="ARCHIVED")
    await _refresh_again(business)
    assert "200" not in await _account_names(business)
    ((state,),) = await business.execute("SELECT ledger_state FROM accounting_codes WHERE code = '200'")
    assert state == "archived"


async def test_a_cost_centre_follows_its_option_through_a_rename_in_xero(business: ConnectedBusiness) -> None:
    (category,) = (await business.client.get(f"{API}/ledger/tracking-categories")).json()["items"]
    await business.prefer(tracking_category_id=category["category_id"])
    north = await make(business.client, "cost-centers", name="North")
    await _refresh_again(business)
    await _control(business, "tracking-options/North", name="Northern")
    await _refresh_again(business)
    center = (await business.client.get(f"{API}/cost-centers/{north['id']}")).json()
    assert (center["name"], center["match"], center["option_name"]) == ("North", "matched", "Northern")


async def test_fixing_spellings_gives_a_name_to_one_of_ours_and_stops_at_no_other(business: ConnectedBusiness) -> None:
    (category,) = (await business.client.get(f"{API}/ledger/tracking-categories")).json()["items"]
    await business.prefer(tracking_category_id=category["category_id"])
    for name in ("north", "NORTH", "south"):
        await make(business.client, "cost-centers", name=name)
    corrected = await business.client.post(f"{API}/cost-centers/matches")
    assert corrected.status_code == 200, corrected.text
    assert sorted(entry["name"] for entry in corrected.json()["items"] if entry["match"] == "matched") == [
        "North",
        "South",
    ]


async def test_fixing_spellings_leaves_a_guess_to_a_person(business: ConnectedBusiness) -> None:
    (category,) = (await business.client.get(f"{API}/ledger/tracking-categories")).json()["items"]
    await business.prefer(tracking_category_id=category["category_id"])
    for name in ("East-side", "East side", "Nroth", "Sout"):
        await make(business.client, "cost-centers", name=name)
    items = (await business.client.post(f"{API}/cost-centers/matches")).json()["items"]
    assert {(each["name"], each["match"], each["option_name"], each["renamed"]) for each in items} == {
        ("East-side", "spelled_differently", "Eastside", False),
        ("Eastside", "matched", "Eastside", True),
        ("Nroth", "missing", None, False),
        ("Sout", "spelled_differently", "South", False),
    }


async def test_a_first_refresh_that_failed_is_tried_again_and_the_export_goes_on(
    business: ConnectedBusiness, clock: Clock
) -> None:
    await business.execute("DELETE FROM ledger_refreshes")
    await business.execute("DELETE FROM ledger_organisations")
    export_id = await business.export(await business.invoice("INV-1", await business.company("Hana Parata")))
    business.stand_in.faults.waiting.append(Fault(kind="status", status=400, method="GET", path="Accounts"))
    await business.refresh_ledger()
    await business.drain()
    assert (await business.run(export_id))["waiting_for"] == "xero"
    clock.shift(timedelta(minutes=6))
    await business.refresh_ledger()
    await business.drain()
    assert (await business.run(export_id))["state"] == "done"


async def test_a_check_does_not_go_by_the_books_of_the_organisation_before(business: ConnectedBusiness) -> None:
    await _control(business, "lock-dates", period="2027-01-01")
    await _refresh_again(business)
    invoice = await business.invoice("INV-1", await business.company("Hana Parata"))
    selection = {"selection": {"mode": "ids", "ids": [invoice]}}
    locked = (await business.client.post(f"{API}/export-checks", json=selection)).json()
    assert [entry["code"] for entry in locked["groups"]] == ["period_locked"]
    await business.connect(tenant=AU_TENANT)
    await business.client.put(f"{API}/connections/xero/organisation", json={"organisation_id": AU_TENANT})
    assert (await business.client.post(f"{API}/export-checks", json=selection)).json()["ready"] == 1
