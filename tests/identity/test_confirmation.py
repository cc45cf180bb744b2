"""The password again, for the connection, keys and people."""

import re
from collections.abc import Iterator
from datetime import timedelta

import httpx2
import pytest
import time_machine
from fastapi import FastAPI

from api.identity.roles import CONFIRMED_SCOPES, KEY_SCOPES
from api.platform.clock import now
from api.platform.mail import MailMessage
from tests.callers import PASSWORD, Caller
from tests.identity.conftest import Open, Program, join, sign_in
from tests.routes import Route, every_route

CONFIRMATIONS, KEYS = "/api/v1/session/confirmations", "/api/v1/api-keys"


@pytest.fixture
def eleven_minutes_later(client: Caller) -> Iterator[None]:
    """A time at which the password that `client` gave no longer counts."""
    with time_machine.travel(now() + timedelta(minutes=11)):
        yield


async def ask(caller: httpx2.AsyncClient, route: Route) -> httpx2.Response:
    return await caller.request(route.method, re.sub(r"{[^}]*}", "unknown", route.path))


def is_refused(reply: httpx2.Response) -> bool:
    return reply.status_code == 403 and reply.json()["code"] == "confirmation_required"


@pytest.mark.usefixtures("eleven_minutes_later")
async def test_exactly_the_routes_for_the_connection_keys_and_people_need_the_password_again(
    app: FastAPI, client: Caller
):
    routes = [route for route in every_route(app) if route.needs not in {"nobody", "session"}]
    refusing = {route for route in routes if is_refused(await ask(client, route))}
    assert refusing == {route for route in routes if route.needs in CONFIRMED_SCOPES}
    assert {f"{route.method} {route.path}" for route in refusing} >= {
        "POST /api/v1/api-keys",
        "DELETE /api/v1/api-keys/{key_id}",
        "POST /api/v1/invitations",
        "PATCH /api/v1/users/{user_id}",
        "DELETE /api/v1/users/{user_id}",
        "POST /api/v1/users/{user_id}/password-resets",
        "POST /api/v1/connections/xero/authorizations",
        "PUT /api/v1/connections/xero/organisation",
        "DELETE /api/v1/connections/xero",
    }


@pytest.mark.usefixtures("eleven_minutes_later")
async def test_the_password_confirms_this_session_for_ten_minutes(client: Caller, browser: Open):
    other = await browser()
    await sign_in(other, client.email)
    invitation = {"email": "hemi@example.nz", "role": "member"}
    assert is_refused(await client.post("/api/v1/invitations", json=invitation))
    reply = await client.post(CONFIRMATIONS, json={"password": PASSWORD})
    assert reply.status_code == 201
    assert (await client.post("/api/v1/invitations", json=invitation)).status_code == 201
    with time_machine.travel(now() + timedelta(minutes=9, seconds=50)):
        assert (await client.post("/api/v1/invitations", json=invitation)).status_code == 201
    with time_machine.travel(now() + timedelta(minutes=10, seconds=10)):
        assert is_refused(await client.post("/api/v1/invitations", json=invitation))
        await client.post(CONFIRMATIONS, json={"password": PASSWORD})
        assert is_refused(await other.post("/api/v1/invitations", json=invitation)), "each session by itself"


@pytest.mark.usefixtures("eleven_minutes_later")
async def test_a_wrong_password_confirms_nothing_and_keeps_the_session(client: Caller):
    reply = await client.post(CONFIRMATIONS, json={"password": "not my password"})
    assert reply.status_code == 422
    assert [(error["pointer"], error["code"]) for error in reply.json()["errors"]] == [("#/password", "wrong_password")]
    assert is_refused(await client.delete("/api/v1/connections/xero"))
    assert (await client.get("/api/v1/session")).status_code == 200


async def test_a_key_needs_no_confirmation(client: Caller, program: Program):
    expires_on = (now().date() + timedelta(days=9)).isoformat()
    body = {"name": "Robot", "scopes": ["connections:write"], "expires_on": expires_on}
    robot = await program((await client.post(KEYS, json=body)).json()["secret"])
    with time_machine.travel(now() + timedelta(hours=1)):
        assert (await robot.delete("/api/v1/connections/xero")).status_code == 404, "it was never connected"
        assert (await robot.post(CONFIRMATIONS, json={"password": PASSWORD})).json()["code"] == "session_only"
    assert {"connections:write"} == CONFIRMED_SCOPES & KEY_SCOPES


@pytest.mark.usefixtures("eleven_minutes_later")
async def test_a_missing_right_is_named_before_the_password_is_asked_for(
    client: Caller, browser: Open, messages: list[MailMessage]
):
    await client.post(CONFIRMATIONS, json={"password": PASSWORD})
    member = await browser()
    await join(client, member, messages)
    with time_machine.travel(now() + timedelta(minutes=11)):
        reply = await member.post("/api/v1/invitations", json={"email": "x@example.nz", "role": "admin"})
    assert (reply.status_code, reply.json()["code"]) == (403, "scope_missing")
