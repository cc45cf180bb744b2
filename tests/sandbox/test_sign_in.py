"""Signing in at the stand-in goes as at Xero: consent, codes, tokens, connections."""

import base64
import hashlib
import json

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from sandbox.app import create_stand_in
from sandbox.seeds import AU_TENANT, NZ_TENANT
from tests.sandbox.visitor import CALLBACK, CLIENT, Clock, Visitor, answer_of

VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


async def decide(visitor: Visitor, decision: str, **fields: str | list[str]):
    asked = {"response_type": "code", "client_id": CLIENT[0], "redirect_uri": CALLBACK, "state": "s-1"}
    form = asked | {"scope": "openid accounting.contacts", "decision": decision} | fields
    return await visitor.post("/identity/connect/authorize", data=form)


async def test_the_page_says_what_it_is_and_offers_every_organisation(stranger: Visitor):
    page = await stranger.authorize()

    assert page.status_code == 200
    for words in ("Xero stand-in", "Kauri Plumbing Ltd", "Wattle Electrical Pty Ltd", "Allow access", "Cancel"):
        assert words in page.text
    assert page.headers["x-frame-options"] == "DENY"


async def test_cancel_goes_back_with_access_denied_and_the_state(stranger: Visitor):
    assert answer_of(await decide(stranger, "cancel")) == {"error": "access_denied", "state": "s-1"}


async def test_allowing_connects_the_organisation_that_was_picked(stranger: Visitor):
    back = answer_of(await decide(stranger, "allow", tenant=AU_TENANT))
    stranger.headers["Authorization"] = f"Bearer {(await stranger.exchange(back['code'])).json()['access_token']}"

    assert back["state"] == "s-1"
    assert [row["tenantName"] for row in (await stranger.get("/connections")).json()] == ["Wattle Electrical Pty Ltd"]


async def test_allowing_without_an_organisation_asks_again(stranger: Visitor):
    page = await decide(stranger, "allow")

    assert page.status_code == 400
    assert "Choose an organisation first." in page.text


async def test_several_organisations_can_be_ticked_when_the_app_asks_for_several(stranger: Visitor):
    assert 'type="checkbox"' in (await stranger.authorize(multi="1")).text
    back = answer_of(await decide(stranger, "allow", multi="1", tenant=[NZ_TENANT, AU_TENANT]))
    stranger.headers["Authorization"] = f"Bearer {(await stranger.exchange(back['code'])).json()['access_token']}"

    assert len((await stranger.get("/connections")).json()) == 2


@pytest.mark.parametrize("fields", [{"client_id": "someone-else"}, {"redirect_uri": "https://evil.example/cb"}])
async def test_a_wrong_client_or_address_is_told_on_the_page_and_never_redirected(stranger: Visitor, fields):
    page = await stranger.authorize(auto="1", **fields)

    assert page.status_code == 400
    assert "unauthorized_client" in page.text


async def test_a_registered_address_must_match_to_the_byte():
    registered = "https://app.example.test/callback"
    async with Visitor(create_stand_in(redirect_uris=(registered,))) as visitor:
        assert (await visitor.authorize(auto="1", redirect_uri=registered)).status_code == 302
        assert (await visitor.authorize(auto="1", redirect_uri=registered + "/")).status_code == 400
        assert (await visitor.authorize(auto="1", redirect_uri=CALLBACK)).status_code == 400


@pytest.mark.parametrize("scope", ["accounting.transactions", "openid made.up", ""])
async def test_scopes_that_new_apps_may_not_ask_are_refused(stranger: Visitor, scope):
    assert answer_of(await stranger.authorize(auto="1", scope=scope)) == {"error": "invalid_scope", "state": "s-1"}


async def test_a_code_works_once(stranger: Visitor):
    code = answer_of(await stranger.authorize(auto="1"))["code"]

    assert (await stranger.exchange(code)).status_code == 200
    again = await stranger.exchange(code)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})


async def test_a_code_is_dead_after_five_minutes(stranger: Visitor, clock: Clock):
    code = answer_of(await stranger.authorize(auto="1"))["code"]
    clock.advance(minutes=5, seconds=1)

    assert (await stranger.exchange(code)).json() == {"error": "invalid_grant"}


async def test_the_exchange_wants_the_same_redirect_address_to_the_byte(stranger: Visitor):
    code = answer_of(await stranger.authorize(auto="1"))["code"]

    assert (await stranger.exchange(code, redirect_uri=CALLBACK + "/")).json() == {"error": "invalid_grant"}


@pytest.mark.parametrize(("verifier", "status"), [(VERIFIER, 200), ("w" * 64, 400), ("", 400), ("short", 400)])
async def test_a_challenge_must_be_met_by_its_verifier(stranger: Visitor, verifier, status):
    asked = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    code = answer_of(await stranger.authorize(auto="1", **asked))["code"]

    assert (await stranger.exchange(code, code_verifier=verifier)).status_code == status


async def test_wrong_credentials_are_an_invalid_client(stranger: Visitor):
    reply = await stranger.post("/connect/token", data={"grant_type": "refresh_token"}, auth=(CLIENT[0], "guess"))

    assert (reply.status_code, reply.json()) == (400, {"error": "invalid_client"})


async def test_the_id_token_is_signed_and_repeats_the_nonce(stranger: Visitor):
    await stranger.sign_in(nonce="n-1")
    discovered = (await stranger.get("/.well-known/openid-configuration")).json()
    keys = KeySet.import_key_set((await stranger.get(discovered["jwks_uri"])).json())

    claims = jwt.decode(stranger.tokens["id_token"], keys, algorithms=["RS256"]).claims
    assert (claims["nonce"], claims["aud"], claims["iss"]) == ("n-1", CLIENT[0], discovered["issuer"])


async def test_refreshing_rotates_and_the_old_token_has_half_an_hour_of_grace(xero: Visitor, clock: Clock):
    old = xero.tokens["refresh_token"]
    first = (await xero.refresh(old)).json()
    clock.advance(minutes=29)
    within = await xero.refresh(old)
    clock.advance(minutes=2)

    assert first["refresh_token"] != old
    assert within.status_code == 200
    assert (await xero.refresh(old)).json() == {"error": "invalid_grant"}
    assert (await xero.refresh(first["refresh_token"])).status_code == 200


async def test_a_refresh_token_dies_after_sixty_idle_days(xero: Visitor, clock: Clock):
    clock.advance(days=60, seconds=1)

    assert (await xero.refresh(xero.tokens["refresh_token"])).json() == {"error": "invalid_grant"}


async def test_without_offline_access_there_is_no_refresh_token(stranger: Visitor):
    await stranger.sign_in(scope="openid accounting.contacts")

    assert "refresh_token" not in stranger.tokens


async def test_revocation_ends_tokens_and_connections(xero: Visitor):
    ended = await xero.post("/connect/revocation", data={"token": xero.tokens["refresh_token"]}, auth=CLIENT)

    assert (ended.status_code, ended.content) == (200, b"")
    assert (await xero.get("/connections")).status_code == 401
    assert (await xero.refresh(xero.tokens["refresh_token"])).json() == {"error": "invalid_grant"}


async def test_two_consents_under_way_at_once_keep_their_own_organisation(stranger: Visitor):
    first = answer_of(await stranger.authorize(auto="1", tenant=NZ_TENANT))["code"]
    second = answer_of(await stranger.authorize(auto="1", tenant=AU_TENANT))["code"]

    for code, tenant in ((first, NZ_TENANT), (second, AU_TENANT)):
        token = (await stranger.exchange(code)).json()["access_token"]
        event = _claims(token)["authentication_event_id"]
        stranger.headers["Authorization"] = f"Bearer {token}"
        rows = (await stranger.get("/Connections", params={"authEventId": event})).json()
        assert [row["tenantId"] for row in rows] == [tenant]


def _claims(token: str):
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


async def test_a_connection_is_deleted_by_its_own_id_only(xero: Visitor):
    own = (await xero.get("/connections")).json()[0]

    assert (await xero.delete(f"/connections/{NZ_TENANT}")).status_code == 403
    assert (await xero.delete("/connections/11111111-1111-4111-8111-111111111111")).status_code == 404
    assert (await xero.delete(f"/connections/{own['id']}")).status_code == 204
    assert (await xero.get("/connections")).json() == []


async def test_reconnecting_shows_in_the_dates(xero: Visitor, clock: Clock):
    before = (await xero.get("/connections")).json()[0]
    await xero.delete(f"/connections/{before['id']}")
    clock.advance(minutes=10)
    await xero.sign_in()

    after = (await xero.get("/connections")).json()[0]
    assert after["createdDateUtc"] == before["createdDateUtc"] == "2026-11-20T01:00:00.0000000"
    assert after["updatedDateUtc"] == "2026-11-20T01:10:00.0000000"
