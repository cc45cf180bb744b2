"""What changes between the check of a password, for which no transaction is open, and the use of its result."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api.identity.invitations import router as invitations
from api.identity.invitations.service import hash_for_acceptance
from api.identity.sessions import router as sessions
from api.identity.users.service import matching_hash
from api.platform.db.work import SYSTEM
from api.platform.mail import MailMessage
from tests.callers import PASSWORD, Caller, sign_up
from tests.identity.conftest import Open, sign_in

ACCEPTANCES = "/api/v1/invitations/acceptances"
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"


def then(function: Callable[..., Awaitable[Any]], change: Callable[[], Awaitable[Any]]) -> Callable[..., Any]:
    """The function, after whose end something changes."""

    async def changed(*arguments: Any) -> Any:
        result = await function(*arguments)
        await change()
        return result

    return changed


async def change_password(caller: Caller) -> None:
    body = {"current_password": PASSWORD, "new_password": "four unrelated plain words"}
    assert (await caller.put("/api/v1/session/password", json=body)).status_code == 204


async def invite(admin: Caller, email: str, messages: list[MailMessage]) -> dict[str, str]:
    """What accepts the invitation of this person."""
    assert (await admin.post("/api/v1/invitations", json={"email": email, "role": "member"})).status_code == 201
    return {"token": messages[-1].secret.partition("#")[2], "name": "Hemi Walker", "password": PASSWORD}


async def test_a_password_that_is_changed_while_it_is_checked_opens_no_session(
    client: Caller, browser: Open, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sessions, "matching_hash", then(matching_hash, lambda: change_password(client)))
    late = await browser()
    assert (await sign_in(late, client.email)).status_code == 401
    assert (await late.get("/api/v1/session")).status_code == 401


async def test_a_password_that_is_changed_while_it_is_checked_accepts_no_invitation(
    client: Caller, browser: Open, messages: list[MailMessage], monkeypatch: pytest.MonkeyPatch
):
    other, late = await sign_up(await browser()), await browser()
    body = await invite(client, other.email, messages)
    hashing = then(hash_for_acceptance, lambda: change_password(other))
    monkeypatch.setattr(invitations, "hash_for_acceptance", hashing)
    assert (await late.post(ACCEPTANCES, json=body)).status_code == 401
    assert (await late.get("/api/v1/session")).status_code == 401


async def test_an_invitation_that_is_accepted_twice_at_once_is_used_once(
    app: FastAPI, client: Caller, browser: Open, messages: list[MailMessage]
):
    body = await invite(client, "hemi@example.nz", messages)
    async with app.state.database.work(SYSTEM) as first:
        await first.session.execute(text("UPDATE invitations SET accepted_at = app_now()"))
        second = asyncio.create_task((await browser()).post(ACCEPTANCES, json=body))
        async with app.state.database.work(SYSTEM) as watching:
            while not await watching.session.scalar(text(WAITING)):
                await watching.session.execute(text("SELECT pg_stat_clear_snapshot()"))
    refused = await second
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "invitation_unusable")
    members = (await client.get("/api/v1/users")).json()["items"]
    assert [member["email"] for member in members] == [client.email]
