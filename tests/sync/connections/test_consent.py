"""Coming back from Xero: only the browser that left may, once and soon, and never into somebody else's books."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from fastapi import FastAPI

from sandbox.app import StandIn
from sandbox.seeds import AU_TENANT, NZ_TENANT
from tests.callers import Caller
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness


@pytest.fixture
def fresh(app: FastAPI, client: Caller, stand_in: StandIn) -> ConnectedBusiness:
    """A business that was never connected."""
    return ConnectedBusiness(app, client, stand_in)


async def _begin(business: ConnectedBusiness) -> str:
    return str((await business.client.post(f"{API}/connections/xero/authorizations")).json()["authorize_url"])


async def _organisations(business: ConnectedBusiness) -> list[dict[str, Any]]:
    return list((await business.client.get(f"{API}/connections/xero/organisations")).json()["items"])


async def _choose(business: ConnectedBusiness, tenant: str) -> int:
    chosen = await business.client.put(f"{API}/connections/xero/organisation", json={"organisation_id": tenant})
    return chosen.status_code


async def test_another_browser_cannot_bring_a_consent_back(fresh: ConnectedBusiness, neighbour: Caller) -> None:
    landed = await fresh.come_back(await _begin(fresh), client=neighbour, tenant=NZ_TENANT)
    assert landed.endswith("?problem=consent_expired")
    assert (await neighbour.get(f"{API}/connections/xero")).json()["state"] == "not_connected"
    assert (await fresh.connection())["state"] == "connecting"


async def test_a_consent_is_good_once(fresh: ConnectedBusiness) -> None:
    url = await _begin(fresh)
    assert (await fresh.come_back(url, tenant=NZ_TENANT)).endswith("/settings/connections/xero")
    assert (await fresh.come_back(url, tenant=AU_TENANT)).endswith("?problem=consent_expired")
    assert (await fresh.connection())["organisation_name"] == "Kauri Plumbing Ltd"


async def test_a_consent_is_good_for_ten_minutes(fresh: ConnectedBusiness, clock: time_machine.Traveller) -> None:
    url = await _begin(fresh)
    clock.shift(timedelta(minutes=10, seconds=1))
    assert (await fresh.come_back(url, tenant=NZ_TENANT)).endswith("?problem=consent_expired")
    assert (await fresh.connection())["state"] == "not_connected"


@pytest.mark.parametrize("query", ["", "?code=abc", "?state=guessed&code=abc", "?state=%00&code=abc", "?error=x"])
async def test_a_callback_nobody_asked_for_leads_back_to_the_app(fresh: ConnectedBusiness, query: str) -> None:
    landed = await fresh.client.get(f"{API}/connections/xero/callback{query}")
    assert landed.status_code == 302
    assert landed.headers["location"].endswith("?problem=consent_expired")


async def test_who_does_not_allow_access_is_told_so(fresh: ConnectedBusiness) -> None:
    state = (await _begin(fresh)).split("state=")[1].split("&")[0]
    landed = await fresh.client.get(f"{API}/connections/xero/callback?error=access_denied&state={state}")
    assert landed.headers["location"].endswith("?problem=access_denied")


async def test_an_organisation_belongs_to_one_business(
    business: ConnectedBusiness, neighbour: Caller, app: FastAPI, stand_in: StandIn
) -> None:
    other = ConnectedBusiness(app, neighbour, stand_in)
    assert (await other.connect()).endswith("?problem=organisation_taken")
    assert (await other.connection())["state"] == "not_connected"


async def test_of_two_businesses_that_come_back_at_once_with_one_organisation_one_is_connected(
    fresh: ConnectedBusiness, neighbour: Caller, app: FastAPI, stand_in: StandIn
) -> None:
    landed = await asyncio.gather(fresh.connect(), ConnectedBusiness(app, neighbour, stand_in).connect())
    assert sorted(one.rpartition("/")[2] for one in landed) == ["xero", "xero?problem=organisation_taken"]


async def test_of_several_organisations_the_user_chooses_one(fresh: ConnectedBusiness) -> None:
    await fresh.connect(multi="1")
    assert (await fresh.connection())["state"] == "connecting"
    assert {one["organisation_id"] for one in await _organisations(fresh)} == {NZ_TENANT, AU_TENANT}
    assert await _choose(fresh, "99999999-9999-4999-8999-999999999999") == 422
    assert await _choose(fresh, AU_TENANT) == 200
    assert (await fresh.connection())["organisation_name"] == "Wattle Electrical Pty Ltd"
    assert await _organisations(fresh) == []


async def test_another_organisation_than_before_is_not_taken_up_unasked(business: ConnectedBusiness) -> None:
    await business.connect(tenant=AU_TENANT)
    assert (await business.connection())["organisation_choice_due"]
    assert [one["is_present"] for one in await _organisations(business)] == [False]
    assert await _choose(business, AU_TENANT) == 200
    assert (await business.connection())["organisation_name"] == "Wattle Electrical Pty Ltd"


async def test_invoices_meant_for_one_organisation_never_reach_another(
    business: ConnectedBusiness, clock: time_machine.Traveller
) -> None:
    export_id = await business.export(await business.invoice("INV-1", await business.company("Hana Parata")))
    await business.connect(tenant=AU_TENANT)
    await _choose(business, AU_TENANT)
    await business.refresh_ledger()
    for _ in range(3):
        await business.drain()
        clock.shift(timedelta(minutes=2))
    run = await business.run(export_id)
    assert (run["state"], run["waiting_for"], run["waiting"]) == ("waiting", "connection", 1)
    assert business.in_xero(AU_TENANT) == []
    await business.connect(tenant=NZ_TENANT)
    assert await _choose(business, NZ_TENANT) == 200
    await business.refresh_ledger()
    await business.drain()
    assert (await business.run(export_id))["state"] == "done"
    assert len(business.in_xero(NZ_TENANT)) == 1


async def test_connecting_as_another_xero_user_leaves_no_tokens_of_the_first_behind(
    business: ConnectedBusiness,
) -> None:
    await business.connect(user="somebody.else")
    assert (await business.connection())["state"] == "connected"
    assert len(await business.execute("SELECT id FROM grants")) == 1
