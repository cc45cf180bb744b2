"""A consent comes back only to the browser session that started it, once, within ten minutes, to its own business."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from joserfc.jwk import RSAKey

from api.sync.connections import consent
from api.sync.connections.offers import with_facts
from api.sync.connections.service import Offer
from sandbox import tokens
from sandbox.app import StandIn
from sandbox.faults import Fault
from sandbox.seeds import AU_TENANT, NZ_TENANT
from tests.callers import Caller
from tests.clock import Clock
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


async def _choose(business: ConnectedBusiness, tenant: str, **more: str) -> int:
    chosen = await _answer_to_choice(business, tenant, **more)
    return chosen.status_code


async def _answer_to_choice(business: ConnectedBusiness, tenant: str, **more: str) -> httpx2.Response:
    body = {"organisation_id": tenant, **more}
    return await business.client.put(f"{API}/connections/xero/organisation", json=body)


async def test_the_session_of_another_user_cannot_finish_a_consent(fresh: ConnectedBusiness, neighbour: Caller) -> None:
    landed = await fresh.come_back(await _begin(fresh), client=neighbour, tenant=NZ_TENANT)
    assert landed.endswith("?problem=consent_expired")
    assert (await neighbour.get(f"{API}/connections/xero")).json()["state"] == "not_connected"
    assert (await fresh.connection())["state"] == "connecting"


async def test_a_consent_can_be_finished_once(fresh: ConnectedBusiness) -> None:
    url = await _begin(fresh)
    assert (await fresh.come_back(url, tenant=NZ_TENANT)).endswith("/settings/connections/xero")
    assert (await fresh.come_back(url, tenant=AU_TENANT)).endswith("?problem=consent_expired")
    assert (await fresh.connection())["organisation_name"] == "Kauri Plumbing Ltd"


async def test_a_consent_can_be_finished_within_ten_minutes(fresh: ConnectedBusiness, clock: Clock) -> None:
    url = await _begin(fresh)
    clock.shift(timedelta(minutes=10, seconds=1))
    assert (await fresh.come_back(url, tenant=NZ_TENANT)).endswith("?problem=consent_expired")
    assert (await fresh.connection())["state"] == "not_connected"


@pytest.mark.parametrize("query", ["", "?code=abc", "?state=guessed&code=abc", "?state=%00&code=abc", "?error=x"])
async def test_a_callback_without_a_consent_redirects_to_the_app(fresh: ConnectedBusiness, query: str) -> None:
    landed = await fresh.client.get(f"{API}/connections/xero/callback{query}")
    assert landed.status_code == 302
    assert landed.headers["location"].endswith("?problem=consent_expired")


async def test_a_refused_access_redirects_to_the_app_with_its_problem(fresh: ConnectedBusiness) -> None:
    state = (await _begin(fresh)).split("state=")[1].split("&")[0]
    landed = await fresh.client.get(f"{API}/connections/xero/callback?error=access_denied&state={state}")
    assert landed.headers["location"].endswith("?problem=access_denied")


async def test_a_code_of_another_server_is_not_sent_to_xero(fresh: ConnectedBusiness) -> None:
    state = (await _begin(fresh)).split("state=")[1].split("&")[0]
    query = {"state": state, "code": "abc", "iss": "https://evil.example"}
    landed = await fresh.client.get(f"{API}/connections/xero/callback", params=query)
    assert landed.headers["location"].endswith("?problem=consent_failed")
    assert fresh.calls("POST", "/connect/token") == []


async def test_a_sign_in_that_xero_did_not_sign_connects_nothing_and_is_undone(
    fresh: ConnectedBusiness, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    forger = RSAKey.generate_key(2048, {"kid": "stand-in", "use": "sig", "alg": "RS256"}, private=True)
    published = {"keys": [forger.as_dict(private=False)]}
    monkeypatch.setattr("sandbox.tokens.public_keys", lambda: published)
    assert (await fresh.connect()).endswith("?problem=consent_failed")
    assert (await fresh.connection())["state"] == "not_connected"
    assert _at_xero(stand_in) == []


async def test_an_organisation_belongs_to_one_business(
    business: ConnectedBusiness, neighbour: Caller, app: FastAPI, stand_in: StandIn
) -> None:
    other = ConnectedBusiness(app, neighbour, stand_in)
    assert (await other.connect()).endswith("?problem=organisation_taken")
    assert (await other.connection())["state"] == "not_connected"


@pytest.mark.parametrize("state", ["needs_reconnect", "removed"])
async def test_a_connection_that_xero_ended_keeps_no_other_business_from_the_organisation(
    business: ConnectedBusiness, neighbour: Caller, app: FastAPI, stand_in: StandIn, state: str
) -> None:
    await business.execute("UPDATE connections SET state = :state", state=state)
    other = ConnectedBusiness(app, neighbour, stand_in)
    assert (await other.connect()).endswith("/settings/connections/xero")
    assert (await other.connection())["state"] == "connected"
    assert (await business.connect()).endswith("?problem=organisation_taken")


async def test_two_businesses_that_connect_one_organisation_at_once_do_not_both_get_it(
    fresh: ConnectedBusiness, neighbour: Caller, app: FastAPI, stand_in: StandIn
) -> None:
    landed = await asyncio.gather(fresh.connect(), ConnectedBusiness(app, neighbour, stand_in).connect())
    assert sorted(url.rpartition("/")[2] for url in landed) == ["xero", "xero?problem=organisation_taken"]


async def test_of_several_organisations_the_user_chooses_one(fresh: ConnectedBusiness) -> None:
    await fresh.connect(multi="1")
    assert (await fresh.connection())["state"] == "connecting"
    assert {row["organisation_id"] for row in await _organisations(fresh)} == {NZ_TENANT, AU_TENANT}
    assert await _choose(fresh, "99999999-9999-4999-8999-999999999999") == 422
    assert await _choose(fresh, AU_TENANT) == 200
    assert (await fresh.connection())["organisation_name"] == "Wattle Electrical Pty Ltd"
    assert await _organisations(fresh) == []


async def test_another_organisation_than_before_is_connected_only_after_a_choice(business: ConnectedBusiness) -> None:
    await business.connect(tenant=AU_TENANT)
    assert (await business.connection())["organisation_choice_due"]
    assert [row["is_present"] for row in await _organisations(business)] == [False]
    assert await _choose(business, AU_TENANT) == 200
    assert (await business.connection())["organisation_name"] == "Wattle Electrical Pty Ltd"


async def test_two_organisations_to_choose_from_show_what_xero_says_of_them(fresh: ConnectedBusiness) -> None:
    books = fresh.stand_in.world.ledgers
    books[AU_TENANT].organisation["Name"] = books[NZ_TENANT].organisation["Name"]
    await fresh.connect(multi="1")
    facts = {
        row["organisation_id"]: (row["short_code"], row["country_code"], row["currency"], row["created"][:4])
        for row in await _organisations(fresh)
    }
    assert facts == {NZ_TENANT: ("!NzDm1", "NZ", "NZD", "2024"), AU_TENANT: ("!AuDm1", "AU", "AUD", "2024")}


async def test_an_organisation_that_cannot_be_read_is_offered_by_its_name(fresh: ConnectedBusiness) -> None:
    fresh.stand_in.faults.waiting.append(Fault(kind="unavailable", method="GET", path="Organisation", count=None))
    await fresh.connect(multi="1")
    assert {row["short_code"] for row in await _organisations(fresh)} == {None}
    assert await _choose(fresh, AU_TENANT) == 200


async def test_switching_away_from_an_organisation_with_documents_needs_the_name_of_the_new_one(
    business: ConnectedBusiness,
) -> None:
    await business.export(await business.invoice("INV-1", await business.company("Hana Parata")))
    await business.drain()
    await business.connect(tenant=AU_TENANT)

    refused = await _answer_to_choice(business, AU_TENANT)
    assert (refused.status_code, refused.json()["code"]) == (409, "other_organisation")
    assert "went to Kauri Plumbing Ltd" in refused.json()["detail"]
    assert "Wattle Electrical Pty Ltd" in refused.json()["detail"]
    assert await _choose(business, AU_TENANT, confirm_switch="Kauri Plumbing Ltd") == 409
    assert (await business.connection())["organisation_name"] == "Kauri Plumbing Ltd"

    assert await _choose(business, AU_TENANT, confirm_switch=" wattle electrical pty ltd ") == 200
    assert (await business.connection())["organisation_name"] == "Wattle Electrical Pty Ltd"


async def test_invoices_of_one_organisation_are_never_sent_to_another(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await business.export(await business.invoice("INV-1", await business.company("Hana Parata")))
    await business.connect(tenant=AU_TENANT)
    assert await _choose(business, AU_TENANT, confirm_switch="Wattle Electrical Pty Ltd") == 200
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


async def test_connecting_as_another_xero_user_deletes_the_tokens_of_the_first(
    business: ConnectedBusiness,
) -> None:
    await business.connect(user="somebody.else")
    assert (await business.connection())["state"] == "connected"
    assert len(await business.execute("SELECT id FROM grants")) == 1


def _at_xero(stand_in: StandIn) -> list[str]:
    """The organisations that Xero lists as connected."""
    return [each.tenant_id for each in stand_in.world.identity.connections if not each.removed]


async def test_an_admin_who_became_a_viewer_meanwhile_connects_nothing_and_leaves_nothing_at_xero(
    fresh: ConnectedBusiness, stand_in: StandIn
) -> None:
    url = await _begin(fresh)
    await fresh.execute("UPDATE memberships SET role = 'viewer' WHERE business_id = :id", id=fresh.business_id)

    assert (await fresh.come_back(url, tenant=NZ_TENANT)).endswith("?problem=consent_not_permitted")

    assert (await fresh.connection())["state"] == "not_connected"
    assert await fresh.execute("SELECT id FROM grants") == []
    assert _at_xero(stand_in) == []
    assert len(fresh.calls("POST", "/connect/revocation")) == 1
    ((outcome,),) = await fresh.execute("SELECT outcome FROM audit_events WHERE action = 'connection.connected'")
    assert outcome == "refused"


async def test_for_an_admin_who_became_a_viewer_meanwhile_no_organisation_is_read(fresh: ConnectedBusiness) -> None:
    url = await _begin(fresh)
    await fresh.execute("UPDATE memberships SET role = 'viewer' WHERE business_id = :id", id=fresh.business_id)

    assert (await fresh.come_back(url, multi="1")).endswith("?problem=consent_not_permitted")

    assert fresh.calls("GET", "/api.xro/2.0/Organisation") == []


async def test_an_admin_who_becomes_a_viewer_while_organisations_are_read_connects_nothing(
    fresh: ConnectedBusiness, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def read_and_demote(*arguments: Any) -> list[Offer]:
        offers = await with_facts(*arguments)
        await fresh.execute("UPDATE memberships SET role = 'viewer' WHERE business_id = :id", id=fresh.business_id)
        return offers

    monkeypatch.setattr(consent, "with_facts", read_and_demote)
    url = await _begin(fresh)

    assert (await fresh.come_back(url, multi="1")).endswith("?problem=consent_not_permitted")

    assert (await fresh.connection())["state"] == "not_connected"
    assert await fresh.execute("SELECT id FROM grants") == []
    assert _at_xero(stand_in) == []


async def test_an_organisation_that_is_taken_keeps_its_connection_when_the_second_consent_is_undone(
    business: ConnectedBusiness, neighbour: Caller, app: FastAPI, stand_in: StandIn
) -> None:
    other = ConnectedBusiness(app, neighbour, stand_in)
    assert (await other.connect()).endswith("?problem=organisation_taken")
    assert _at_xero(stand_in) == [NZ_TENANT]
    assert business.calls("POST", "/connect/revocation") == []
    await (await business.gateway()).client().organisation()


async def test_a_consent_of_another_xero_user_for_a_taken_organisation_is_undone(
    business: ConnectedBusiness, neighbour: Caller, app: FastAPI, stand_in: StandIn
) -> None:
    other = ConnectedBusiness(app, neighbour, stand_in)
    assert (await other.connect(user="somebody.else")).endswith("?problem=organisation_taken")
    assert _at_xero(stand_in) == [NZ_TENANT]
    assert len(business.calls("POST", "/connect/revocation")) == 1
    await (await business.gateway()).client().organisation()


async def test_an_undone_consent_of_a_known_xero_user_ends_its_own_connection_and_no_other(
    business: ConnectedBusiness, neighbour: Caller, app: FastAPI, stand_in: StandIn
) -> None:
    other = ConnectedBusiness(app, neighbour, stand_in)
    url = await _begin(other)
    await other.execute("UPDATE memberships SET role = 'viewer' WHERE business_id = :id", id=other.business_id)
    assert (await other.come_back(url, tenant=AU_TENANT)).endswith("?problem=consent_not_permitted")
    assert _at_xero(stand_in) == [NZ_TENANT]
    assert business.calls("POST", "/connect/revocation") == []


async def test_a_refused_consent_without_the_id_of_its_consent_ends_no_earlier_connection(
    business: ConnectedBusiness, neighbour: Caller, app: FastAPI, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    await business.execute("UPDATE connections SET xero_connection_id = gen_random_uuid()")  # made elsewhere
    sign = tokens._sign
    event = "authentication_event_id"
    monkeypatch.setattr(tokens, "_sign", lambda claims: sign({name: claims[name] for name in claims if name != event}))
    other = ConnectedBusiness(app, neighbour, stand_in)
    url = await _begin(other)
    await other.execute("UPDATE memberships SET role = 'viewer' WHERE business_id = :id", id=other.business_id)
    assert (await other.come_back(url, tenant=AU_TENANT)).endswith("?problem=consent_not_permitted")
    assert NZ_TENANT in _at_xero(stand_in)


async def test_a_consent_that_cannot_be_undone_ends_all_the_same(fresh: ConnectedBusiness, stand_in: StandIn) -> None:
    url = await _begin(fresh)
    await fresh.execute("UPDATE memberships SET role = 'viewer' WHERE business_id = :id", id=fresh.business_id)
    stand_in.faults.waiting.append(Fault(kind="unavailable", method="DELETE", path="/connections/*", count=None))
    assert (await fresh.come_back(url, tenant=NZ_TENANT)).endswith("?problem=consent_not_permitted")
    assert await fresh.execute("SELECT id FROM grants") == []
