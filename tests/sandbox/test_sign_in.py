"""Sign-in works as in Xero: consent, codes, tokens, connections."""

import base64
import hashlib
import json

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from sandbox.app import create_stand_in
from sandbox.seeds import AU_TENANT, NZ_TENANT
from tests.sandbox.client import CALLBACK, CLIENT, Clock, StandInClient, redirect_query

VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


async def decide(client: StandInClient, decision: str, **fields: str | list[str]):
    request = {"response_type": "code", "client_id": CLIENT[0], "redirect_uri": CALLBACK, "state": "s-1"}
    form = request | {"scope": "openid accounting.contacts", "decision": decision} | fields
    return await client.post("/identity/connect/authorize", data=form)


async def test_the_consent_page_names_the_stand_in_and_lists_every_organisation(anonymous: StandInClient):
    page = await anonymous.authorize()

    assert page.status_code == 200
    for words in ("Xero stand-in", "Kauri Plumbing Ltd", "Wattle Electrical Pty Ltd", "Allow access", "Cancel"):
        assert words in page.text
    assert page.headers["x-frame-options"] == "DENY"


async def test_cancelling_redirects_with_access_denied_and_the_state(anonymous: StandInClient):
    assert redirect_query(await decide(anonymous, "cancel")) == {"error": "access_denied", "state": "s-1"}


async def test_allowing_connects_the_selected_organisation(anonymous: StandInClient):
    back = redirect_query(await decide(anonymous, "allow", tenant=AU_TENANT))
    anonymous.headers["Authorization"] = f"Bearer {(await anonymous.exchange(back['code'])).json()['access_token']}"

    assert back["state"] == "s-1"
    assert [row["tenantName"] for row in (await anonymous.get("/connections")).json()] == ["Wattle Electrical Pty Ltd"]


async def test_allowing_without_an_organisation_shows_the_page_again(anonymous: StandInClient):
    page = await decide(anonymous, "allow")

    assert page.status_code == 400
    assert "Choose an organisation first." in page.text


async def test_several_organisations_can_be_selected_with_multi(anonymous: StandInClient):
    assert 'type="checkbox"' in (await anonymous.authorize(multi="1")).text
    back = redirect_query(await decide(anonymous, "allow", multi="1", tenant=[NZ_TENANT, AU_TENANT]))
    anonymous.headers["Authorization"] = f"Bearer {(await anonymous.exchange(back['code'])).json()['access_token']}"

    assert len((await anonymous.get("/connections")).json()) == 2


@pytest.mark.parametrize("fields", [{"client_id": "someone-else"}, {"redirect_uri": "https://evil.example/cb"}])
async def test_an_unknown_client_or_redirect_uri_is_never_redirected(anonymous: StandInClient, fields):
    page = await anonymous.authorize(auto="1", **fields)

    assert page.status_code == 400
    assert "unauthorized_client" in page.text


async def test_a_registered_redirect_uri_must_match_exactly():
    registered = "https://app.example.test/callback"
    async with StandInClient(create_stand_in(redirect_uris=(registered,))) as client:
        assert (await client.authorize(auto="1", redirect_uri=registered)).status_code == 302
        assert (await client.authorize(auto="1", redirect_uri=registered + "/")).status_code == 400
        assert (await client.authorize(auto="1", redirect_uri=CALLBACK)).status_code == 400


@pytest.mark.parametrize("scope", ["accounting.transactions", "openid made.up", ""])
async def test_scopes_that_new_apps_cannot_request_are_refused(anonymous: StandInClient, scope):
    assert redirect_query(await anonymous.authorize(auto="1", scope=scope)) == {
        "error": "invalid_scope",
        "state": "s-1",
    }


async def test_a_code_works_once(anonymous: StandInClient):
    code = redirect_query(await anonymous.authorize(auto="1"))["code"]

    assert (await anonymous.exchange(code)).status_code == 200
    again = await anonymous.exchange(code)
    assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})


async def test_a_code_expires_after_five_minutes(anonymous: StandInClient, clock: Clock):
    code = redirect_query(await anonymous.authorize(auto="1"))["code"]
    clock.advance(minutes=5, seconds=1)

    assert (await anonymous.exchange(code)).json() == {"error": "invalid_grant"}


async def test_the_exchange_requires_exactly_the_same_redirect_uri(anonymous: StandInClient):
    code = redirect_query(await anonymous.authorize(auto="1"))["code"]

    assert (await anonymous.exchange(code, redirect_uri=CALLBACK + "/")).json() == {"error": "invalid_grant"}


@pytest.mark.parametrize(("verifier", "status"), [(VERIFIER, 200), ("w" * 64, 400), ("", 400), ("short", 400)])
async def test_the_verifier_must_match_the_challenge(anonymous: StandInClient, verifier, status):
    pkce = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    code = redirect_query(await anonymous.authorize(auto="1", **pkce))["code"]

    assert (await anonymous.exchange(code, code_verifier=verifier)).status_code == status


async def test_wrong_client_credentials_are_refused_as_invalid_client(anonymous: StandInClient):
    reply = await anonymous.post("/connect/token", data={"grant_type": "refresh_token"}, auth=(CLIENT[0], "guess"))

    assert (reply.status_code, reply.json()) == (400, {"error": "invalid_client"})


async def test_the_id_token_is_signed_and_contains_the_nonce(anonymous: StandInClient):
    await anonymous.sign_in(nonce="n-1")
    discovered = (await anonymous.get("/.well-known/openid-configuration")).json()
    keys = KeySet.import_key_set((await anonymous.get(discovered["jwks_uri"])).json())

    claims = jwt.decode(anonymous.tokens["id_token"], keys, algorithms=["RS256"]).claims
    assert (claims["nonce"], claims["aud"], claims["iss"]) == ("n-1", CLIENT[0], discovered["issuer"])


async def test_a_refresh_rotates_the_token_and_the_old_token_works_for_30_minutes(xero: StandInClient, clock: Clock):
    old = xero.tokens["refresh_token"]
    first = (await xero.refresh(old)).json()
    clock.advance(minutes=29)
    within = await xero.refresh(old)
    clock.advance(minutes=2)

    assert first["refresh_token"] != old
    assert within.status_code == 200
    assert (await xero.refresh(old)).json() == {"error": "invalid_grant"}
    assert (await xero.refresh(first["refresh_token"])).status_code == 200


async def test_an_unused_refresh_token_expires_after_sixty_days(xero: StandInClient, clock: Clock):
    clock.advance(days=60, seconds=1)

    assert (await xero.refresh(xero.tokens["refresh_token"])).json() == {"error": "invalid_grant"}


async def test_without_offline_access_there_is_no_refresh_token(anonymous: StandInClient):
    await anonymous.sign_in(scope="openid accounting.contacts")

    assert "refresh_token" not in anonymous.tokens


async def test_revocation_ends_tokens_and_connections(xero: StandInClient):
    ended = await xero.post("/connect/revocation", data={"token": xero.tokens["refresh_token"]}, auth=CLIENT)

    assert (ended.status_code, ended.content) == (200, b"")
    assert (await xero.get("/connections")).status_code == 401
    assert (await xero.refresh(xero.tokens["refresh_token"])).json() == {"error": "invalid_grant"}


async def test_two_concurrent_consents_keep_their_own_organisations(anonymous: StandInClient):
    first = redirect_query(await anonymous.authorize(auto="1", tenant=NZ_TENANT))["code"]
    second = redirect_query(await anonymous.authorize(auto="1", tenant=AU_TENANT))["code"]

    for code, tenant in ((first, NZ_TENANT), (second, AU_TENANT)):
        token = (await anonymous.exchange(code)).json()["access_token"]
        event = _claims(token)["authentication_event_id"]
        anonymous.headers["Authorization"] = f"Bearer {token}"
        rows = (await anonymous.get("/Connections", params={"authEventId": event})).json()
        assert [row["tenantId"] for row in rows] == [tenant]


def _claims(token: str):
    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


async def test_a_connection_is_deleted_only_by_its_id(xero: StandInClient):
    own = (await xero.get("/connections")).json()[0]

    assert (await xero.delete(f"/connections/{NZ_TENANT}")).status_code == 403
    assert (await xero.delete("/connections/11111111-1111-4111-8111-111111111111")).status_code == 404
    assert (await xero.delete(f"/connections/{own['id']}")).status_code == 204
    assert (await xero.get("/connections")).json() == []


async def test_reconnecting_keeps_the_created_date_and_changes_the_updated_date(xero: StandInClient, clock: Clock):
    before = (await xero.get("/connections")).json()[0]
    await xero.delete(f"/connections/{before['id']}")
    clock.advance(minutes=10)
    await xero.sign_in()

    after = (await xero.get("/connections")).json()[0]
    assert after["createdDateUtc"] == before["createdDateUtc"] == "2026-11-20T01:00:00.0000000"
    assert after["updatedDateUtc"] == "2026-11-20T01:10:00.0000000"
