"""API keys: creation, limits, use, expiry and revocation."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest
import time_machine
from fastapi import FastAPI
from sqlalchemy import text

from api.platform.clock import now
from api.platform.db.work import SYSTEM
from api.platform.ids import decode
from tests.callers import PASSWORD, Caller, sign_up
from tests.identity.conftest import Open, Program, join
from tests.records.making import business_of

KEYS, FEED = "/api/v1/api-keys", "/api/v1/notifications"


def new_key(**change: Any) -> dict[str, Any]:
    return {
        "name": "Nightly import",
        "scopes": ["notifications:read", "connections:read"],
        "expires_on": (now().date() + timedelta(days=30)).isoformat(),
    } | change


async def test_a_key_is_shown_once_and_works(client: Caller, program: Program):
    made = await client.post(KEYS, json=new_key())
    assert made.status_code == 201
    key = made.json()
    secret = key.pop("secret")
    assert secret.startswith(f"{key['prefix']}_")
    assert made.headers["location"] == f"{KEYS}/{key['id']}"
    assert (await client.get(made.headers["location"])).json() == key
    assert secret not in (await client.get(KEYS)).text

    robot = await program(secret)
    assert (await robot.get("/api/v1/notifications")).status_code == 200
    assert (await client.get(f"{KEYS}/{key['id']}")).json()["last_used_at"] is not None


async def test_the_secret_is_not_stored(client: Caller, app: FastAPI):
    reply = await client.post(KEYS, json=new_key(), headers={"Idempotency-Key": "one"})
    async with app.state.database.work(SYSTEM) as work:
        stored = str((await work.session.execute(text("SELECT * FROM api_keys"))).all())
        kept = (await work.session.execute(text("SELECT count(*) FROM idempotency_keys"))).scalar_one()
    assert reply.json()["secret"].rsplit("_", 1)[-1] not in stored
    assert kept == 0, "an answer that contains a secret is not stored"


async def test_a_revoked_key_is_refused_from_the_next_request_on(client: Caller, program: Program):
    key = (await client.post(KEYS, json=new_key())).json()
    robot = await program(key["secret"])
    assert (await client.delete(f"{KEYS}/{key['id']}")).status_code == 204
    assert (await robot.get("/api/v1/notifications")).status_code == 401
    assert (await client.get(KEYS)).json()["items"] == []
    assert (await client.delete(f"{KEYS}/{key['id']}")).status_code == 404


async def test_a_key_expires(client: Caller, program: Program):
    robot = await program((await client.post(KEYS, json=new_key())).json()["secret"])
    with time_machine.travel(now() + timedelta(days=31)):
        assert (await robot.get("/api/v1/notifications")).status_code == 401


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"scopes": ["contacts:read", "contacts:rite"]}, "#/scopes/1", "unknown_scope"),
        ({"scopes": ["keys:write"]}, "#/scopes/0", "unknown_scope"),
        ({"scopes": []}, "#/scopes", "too_short"),
        ({"expires_on": "2020-01-01"}, "#/expires_on", "expiry_out_of_range"),
        ({"expires_on": (now().date() + timedelta(days=400)).isoformat()}, "#/expires_on", "expiry_out_of_range"),
        ({"expires_on": None}, "#/expires_on", "date_type"),
        ({"name": ""}, "#/name", "string_too_short"),
    ],
)
async def test_an_invalid_key_is_refused_with_a_pointer(
    client: Caller, change: dict[str, Any], pointer: str, code: str
):
    reply = await client.post(KEYS, json=new_key(**change))
    assert reply.status_code == 422
    assert [(error["pointer"], error["code"]) for error in reply.json()["errors"]] == [(pointer, code)]
    if code == "unknown_scope":
        assert "contacts:read, contacts:write" in reply.json()["errors"][0]["detail"]


async def test_a_key_without_the_scope_is_refused_and_the_scope_is_named(client: Caller, program: Program):
    robot = await program((await client.post(KEYS, json=new_key(scopes=["connections:read"]))).json()["secret"])
    reply = await robot.get("/api/v1/notifications")
    assert (reply.status_code, reply.json()["code"]) == (403, "scope_missing")
    assert "notifications:read" in reply.json()["detail"]


async def test_a_key_and_a_cookie_together_are_refused(client: Caller):
    secret = (await client.post(KEYS, json=new_key())).json()["secret"]
    reply = await client.get("/api/v1/notifications", headers={"Authorization": f"Bearer {secret}"})
    assert (reply.status_code, reply.json()["code"]) == (400, "mixed_credentials")


async def test_a_key_in_the_query_string_is_refused(client: Caller, anonymous: httpx2.AsyncClient):
    secret = (await client.post(KEYS, json=new_key())).json()["secret"]
    for name in ("api_key", "limit"):
        reply = await anonymous.get("/api/v1/notifications", params={name: secret})
        assert (reply.status_code, reply.json()["code"]) == (400, "key_in_url")


@pytest.mark.parametrize("presented", ["jt_aaaaaaaa_bbbb", "jt_", "nonsense", "jt_aaaaaaaa_" + "x" * 5000, "jt_é_x"])
async def test_an_unknown_key_is_answered_401(anonymous: httpx2.AsyncClient, presented: str):
    headers = {b"Authorization": f"Bearer {presented}".encode()}
    reply = await anonymous.get("/api/v1/notifications", headers=headers)
    assert (reply.status_code, reply.json()["code"]) == (401, "not_signed_in")


async def test_a_key_never_has_more_scopes_than_its_creator(
    client: Caller, browser: Open, program: Program, messages: Any
):
    other = await browser()
    creator = await join(client, other, messages, role="admin")
    reading, working = {"scopes": ["notifications:read"]}, {"scopes": ["contacts:write"]}
    reader = await program((await other.post(KEYS, json=new_key(**reading))).json()["secret"])
    worker = await program((await other.post(KEYS, json=new_key(**working))).json()["secret"])
    contacts = "/api/v1/contacts"
    assert (await worker.post(contacts, json={})).status_code == 422

    await client.patch(f"/api/v1/users/{creator}", json={"role": "viewer"})
    assert (await worker.post(contacts, json={})).status_code == 403
    assert (await reader.get("/api/v1/notifications")).status_code == 200

    await client.delete(f"/api/v1/users/{creator}")
    assert (await reader.get("/api/v1/notifications")).status_code == 401


async def test_the_keys_of_a_removed_member_are_revoked_for_good_and_the_keys_of_others_stay(
    client: Caller, browser: Open, program: Program, messages: Any
):
    admin = await browser()
    creator = await join(client, admin, messages, role="admin")
    theirs = (await admin.post(KEYS, json=new_key())).json()
    own = await program((await client.post(KEYS, json=new_key())).json()["secret"])
    robot = await program(theirs["secret"])
    assert (await robot.get(FEED)).status_code == 200

    assert (await client.delete(f"/api/v1/users/{creator}")).status_code == 204
    await client.post("/api/v1/invitations", json={"email": admin.email, "role": "admin"})
    body = {"token": messages[-1].secret.partition("#")[2], "password": PASSWORD}
    assert (await admin.post("/api/v1/invitations/acceptances", json=body)).status_code == 201

    assert (await robot.get(FEED)).status_code == 401
    assert (await own.get(FEED)).status_code == 200
    assert theirs["id"] not in (await admin.get(KEYS)).text
    events = (await client.get("/api/v1/audit-events")).json()["items"]
    revoked = [(event["actor"], event["subject"]) for event in events if event["action"] == "api_key.revoke"]
    assert revoked == [(client.business["user"]["id"], theirs["id"])]


async def test_what_a_lost_membership_left_behind_does_not_come_back_with_a_new_one(
    client: Caller, app: FastAPI, browser: Open, program: Program, messages: Any
):
    admin, again = await browser(), await browser()
    creator = await join(client, admin, messages, role="admin")
    robot = await program((await admin.post(KEYS, json=new_key())).json()["secret"])
    async with app.state.database.work(business_of(client)) as work:  # as if both were made while the member left
        leaving = text("DELETE FROM memberships WHERE user_id = :id")
        await work.session.execute(leaving, {"id": decode("usr", creator)})

    await client.post("/api/v1/invitations", json={"email": admin.email, "role": "admin"})
    body = {"token": messages[-1].secret.partition("#")[2], "password": PASSWORD}
    assert (await again.post("/api/v1/invitations/acceptances", json=body)).status_code == 201

    assert (await again.get("/api/v1/session")).status_code == 200
    assert (await admin.get("/api/v1/session")).status_code == 401
    assert (await robot.get(FEED)).status_code == 401


async def test_keys_of_another_business_are_answered_404(client: Caller, browser: Open):
    key = (await client.post(KEYS, json=new_key())).json()
    other = await sign_up(await browser())
    assert (await other.get(f"{KEYS}/{key['id']}")).status_code == 404
    assert (await other.delete(f"{KEYS}/{key['id']}")).status_code == 404
    assert (await client.get(f"{KEYS}/{key['id']}")).status_code == 200
