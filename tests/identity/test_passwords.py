"""Passwords: changed by their user, or set with a link that was sent, made by an administrator or by the operator."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx2
import pytest
import time_machine
from fastapi import FastAPI
from sqlalchemy import text
from typer.testing import CliRunner

from api.cli import cli
from api.identity.account import router
from api.identity.passwords import hash_password
from api.identity.turns import Waiter
from api.platform.clock import now
from api.platform.db.work import SYSTEM
from api.platform.mail import MailMessage
from tests.callers import PASSWORD, Caller, sign_up
from tests.identity.conftest import Open, join, sign_in

SESSION, OWN, RESETS = "/api/v1/session", "/api/v1/session/password", "/api/v1/password-resets"
NEW = "four unrelated plain words"


def change(current: str = PASSWORD) -> dict[str, Any]:
    return {"current_password": current, "new_password": NEW}


async def reset(browser: httpx2.AsyncClient, link: str, password: str = NEW) -> httpx2.Response:
    body = {"token": link.partition("#")[2], "password": password}
    return await browser.post(f"{RESETS}/acceptances", json=body)


async def events(client: Caller) -> list[tuple[str, str]]:
    items = (await client.get("/api/v1/audit-events", params={"limit": 200})).json()["items"]
    return [(event["action"], event["outcome"]) for event in items if event["action"].startswith("user.")]


async def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(client: Caller, browser: Open):
    other = await browser()
    await sign_in(other, client.email)
    assert (await client.put(OWN, json=change())).status_code == 204
    assert (await client.get(SESSION)).status_code == 200
    assert (await other.get(SESSION)).status_code == 401
    assert (await sign_in(other, client.email)).status_code == 401
    assert (await sign_in(other, client.email, NEW)).status_code == 201
    assert await events(client) == [("user.change_password", "done")]


async def test_a_wrong_present_password_changes_nothing_and_is_audited(client: Caller, browser: Open):
    reply = await client.put(OWN, json=change("not my password"))
    assert reply.status_code == 422
    assert [(error["pointer"], error["code"]) for error in reply.json()["errors"]] == [
        ("#/current_password", "wrong_password")
    ]
    assert (await sign_in(await browser(), client.email)).status_code == 201
    assert await events(client) == [("user.check_password", "refused")]


async def test_a_change_that_another_change_overtakes_is_refused(
    client: Caller, browser: Open, monkeypatch: pytest.MonkeyPatch
):
    other, overtaking = await browser(), change() | {"new_password": "another long password"}
    await sign_in(other, client.email)
    waiting = [overtaking]

    async def hash_later(password: str, waiter: Waiter) -> str:
        if waiting:
            assert (await other.put(OWN, json=waiting.pop())).status_code == 204
        return await hash_password(password, waiter)

    monkeypatch.setattr(router, "hash_password", hash_later)
    assert (await client.put(OWN, json=change())).status_code == 422
    assert (await sign_in(client, client.email, overtaking["new_password"])).status_code == 201


async def test_a_link_by_mail_sets_a_new_password_once_and_ends_all_sessions(
    client: Caller, browser: Open, messages: list[MailMessage]
):
    forgetful = await browser()
    reply = await forgetful.post(RESETS, json={"email": client.email.upper()})
    assert (reply.status_code, reply.json()) == (202, {"by_mail": True})
    [message] = messages
    assert message.to == client.email
    assert message.secret in message.body
    assert (await reset(forgetful, message.secret)).status_code == 204
    assert (await client.get(SESSION)).status_code == 401
    assert (await sign_in(forgetful, client.email)).status_code == 401
    assert (await sign_in(forgetful, client.email, NEW)).status_code == 201
    again = await reset(forgetful, message.secret, "another long password")
    assert (again.status_code, again.json()["errors"][0]["code"]) == (422, "link_unusable")
    assert await events(forgetful) == [("user.reset_password", "done"), ("user.request_reset", "done")]


async def test_an_unknown_address_gets_the_same_answer_and_no_mail(client: Caller, messages: list[MailMessage]):
    known = await client.post(RESETS, json={"email": client.email})
    unknown = await client.post(RESETS, json={"email": "nobody@example.nz"})
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    assert [message.to for message in messages] == [client.email]


async def test_only_the_newest_link_works_and_only_within_an_hour(client: Caller, messages: list[MailMessage]):
    for _ in range(2):
        await client.post(RESETS, json={"email": client.email})
    first, second = (message.secret for message in messages)
    assert (await reset(client, first)).status_code == 422
    with time_machine.travel(now() + timedelta(minutes=61)):
        assert (await reset(client, second)).status_code == 422
    assert (await reset(client, second)).status_code == 204


async def test_changing_the_password_makes_an_unused_link_useless(client: Caller, messages: list[MailMessage]):
    await client.post(RESETS, json={"email": client.email})
    await client.put(OWN, json=change())
    assert (await reset(client, messages[0].secret, "another long password")).status_code == 422


async def test_a_common_password_is_refused_and_does_not_use_the_link_up(client: Caller, messages: list[MailMessage]):
    await client.post(RESETS, json={"email": client.email})
    assert (await reset(client, messages[0].secret, "password123")).json()["errors"][0]["pointer"] == "#/password"
    assert (await reset(client, messages[0].secret)).status_code == 204


async def test_the_secret_of_a_link_is_not_stored(client: Caller, app: FastAPI):
    me = client.business["user"]["id"]
    made = await client.post(f"/api/v1/users/{me}/password-resets", headers={"Idempotency-Key": "one"})
    secret = made.json()["link"].partition("#")[2]
    async with app.state.database.work(SYSTEM) as work:
        for table in ("one_time_links", "audit_events", "idempotency_keys"):
            assert secret not in str((await work.session.execute(text(f"SELECT * FROM {table}"))).all()), table


async def test_without_a_mail_server_nothing_is_sent_and_an_administrator_makes_the_link(
    client: Caller, browser: Open, app: FastAPI
):
    made = await client.post("/api/v1/invitations", json={"email": "hemi@example.nz", "role": "member"})
    member = await browser()
    body = {"token": made.json()["link"].partition("#")[2], "name": "Hemi Walker", "password": PASSWORD}
    user = (await member.post("/api/v1/invitations/acceptances", json=body)).json()["user"]["id"]

    assert (await member.post(RESETS, json={"email": "hemi@example.nz"})).json() == {"by_mail": False}
    reply = await client.post(f"/api/v1/users/{user}/password-resets")
    assert reply.status_code == 201
    assert reply.headers["cache-control"] == "no-store"
    assert reply.json()["link"].startswith("http://localhost:8080/password-reset#")
    assert (await member.get(SESSION)).status_code == 200, "a link that was not used changes nothing"
    assert (await reset(await browser(), reply.json()["link"])).status_code == 204
    assert (await member.get(SESSION)).status_code == 401
    assert (await sign_in(member, "hemi@example.nz", NEW)).status_code == 201
    assert await events(client) == [("user.reset_password", "done"), ("user.create_reset", "done")]


async def test_an_administrator_does_not_see_a_link_that_was_sent_by_mail(
    client: Caller, browser: Open, messages: list[MailMessage]
):
    user = await join(client, await browser(), messages)
    reply = await client.post(f"/api/v1/users/{user}/password-resets")
    assert (reply.status_code, reply.json()["link"]) == (201, None)
    assert messages[-1].to == "hemi.0@example.nz"


async def test_no_link_is_made_for_a_member_of_another_business(
    client: Caller, browser: Open, messages: list[MailMessage]
):
    other = await sign_up(await browser(), business_name="Tūī Electrical")
    await client.post("/api/v1/invitations", json={"email": other.email, "role": "member"})
    body = {"token": messages[-1].secret.partition("#")[2], "password": PASSWORD}
    await other.post("/api/v1/invitations/acceptances", json=body)
    reply = await client.post(f"/api/v1/users/{other.business['user']['id']}/password-resets")
    assert (reply.status_code, reply.json()["code"]) == (409, "belongs_elsewhere")


@pytest.mark.parametrize("joins", ["own", "invited"])
async def test_a_link_of_an_administrator_does_not_open_a_business_that_the_member_joins_later(
    client: Caller, browser: Open, app: FastAPI, joins: str
):
    async def invite(admin: Caller, email: str) -> str:
        made = await admin.post("/api/v1/invitations", json={"email": email, "role": "member"})
        return str(made.json()["link"].partition("#")[2])

    member, email = await browser(), "hemi@example.nz"
    body = {"token": await invite(client, email), "name": "Hemi Walker", "password": PASSWORD}
    user = (await member.post("/api/v1/invitations/acceptances", json=body)).json()["user"]["id"]
    link = (await client.post(f"/api/v1/users/{user}/password-resets")).json()["link"]
    if joins == "own":
        joined = await member.post("/api/v1/businesses", json={"business_name": "Tūī Electrical", "country": "NZ"})
    else:
        acceptance = {"token": await invite(await sign_up(await browser()), email), "password": PASSWORD}
        joined = await member.post("/api/v1/invitations/acceptances", json=acceptance)
    assert joined.status_code == 201
    assert (await reset(client, link)).status_code == 422


async def test_the_operator_prints_a_link_on_the_command_line(client: Caller, browser: Open, database_url: str):
    environment = {"JOBTALLY_DATABASE_URL": database_url, "JOBTALLY_ENV": "", "JOBTALLY_PUBLIC_URL": ""}

    async def run(email: str) -> Any:
        return await asyncio.to_thread(CliRunner().invoke, cli, ["users", "reset-link", email], env=environment)

    assert (await run("nobody@example.nz")).exit_code == 1
    printed = await run(client.email.upper())
    assert printed.exit_code == 0, printed.output
    assert (await reset(await browser(), printed.stdout.strip())).status_code == 204
    assert (await client.get(SESSION)).status_code == 401
