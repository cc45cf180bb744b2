"""Members: invitation, change of role, removal, and the last administrator."""

import asyncio
from datetime import timedelta

import pytest
import time_machine
from fastapi import FastAPI
from sqlalchemy import text

from api.platform.clock import now
from api.platform.db.work import SYSTEM
from api.platform.ids import decode
from api.platform.mail import MailMessage
from tests.callers import PASSWORD, Caller, sign_up
from tests.identity.conftest import Open, join, sign_in

USERS, INVITATIONS = "/api/v1/users", "/api/v1/invitations"


def token(message: MailMessage) -> str:
    return message.secret.partition("#")[2]


async def test_an_invited_person_joins_with_the_role_of_the_invitation(
    client: Caller, browser: Open, messages: list[MailMessage]
):
    newcomer = await browser()
    await join(client, newcomer, messages, role="viewer")
    assert "Kererū Plumbing" in messages[0].subject
    assert messages[0].secret in messages[0].body
    assert (await newcomer.get("/api/v1/session")).json()["role"] == "viewer"
    members = (await client.get(USERS)).json()["items"]
    assert [(member["email"], member["role"]) for member in members] == [
        (client.email, "admin"),
        (newcomer.email, "viewer"),
    ]
    assert (await client.get(INVITATIONS)).json()["items"] == []
    assert (await sign_in(await browser(), newcomer.email)).status_code == 201


async def test_a_person_with_an_account_joins_with_its_password(
    client: Caller, browser: Open, messages: list[MailMessage]
):
    other = await sign_up(await browser(), business_name="Tūī Electrical")
    await client.post(INVITATIONS, json={"email": other.email, "role": "member"})
    wrong = {"token": token(messages[-1]), "password": "another long password"}
    assert (await other.post(f"{INVITATIONS}/acceptances", json=wrong)).status_code == 401
    reply = await other.post(f"{INVITATIONS}/acceptances", json=wrong | {"password": PASSWORD})
    assert reply.status_code == 201
    assert {(business["name"], business["role"]) for business in reply.json()["businesses"]} == {
        ("Tūī Electrical", "admin"),
        ("Kererū Plumbing", "member"),
    }


async def test_only_the_newest_invitation_works_once_within_a_week(
    client: Caller, browser: Open, messages: list[MailMessage]
):
    hemi = {"email": "hemi@example.nz", "role": "member"}
    acceptance = {"name": "Hemi", "password": PASSWORD}
    for _ in range(2):
        await client.post(INVITATIONS, json=hemi)
    newcomer = await browser()

    async def accept(message: MailMessage) -> int:
        body = acceptance | {"token": token(message)}
        return (await newcomer.post(f"{INVITATIONS}/acceptances", json=body)).status_code

    assert await accept(messages[0]) == 422, "replaced by the second"
    with time_machine.travel(now() + timedelta(days=8)):
        assert await accept(messages[1]) == 422, "too late"
    assert await accept(messages[1]) == 201
    assert await accept(messages[1]) == 422, "used"


async def test_a_withdrawn_invitation_cannot_be_accepted(client: Caller, browser: Open, messages: list[MailMessage]):
    made = await client.post(INVITATIONS, json={"email": "hemi@example.nz", "role": "member"})
    assert (await client.get(made.headers["location"])).json() | {"link": None} == made.json()
    assert (await client.delete(made.headers["location"])).status_code == 204
    body = {"token": token(messages[0]), "name": "Hemi", "password": PASSWORD}
    assert (await (await browser()).post(f"{INVITATIONS}/acceptances", json=body)).status_code == 422


async def test_a_person_without_an_account_has_to_send_a_name(
    client: Caller, browser: Open, messages: list[MailMessage]
):
    await client.post(INVITATIONS, json={"email": "hemi@example.nz", "role": "member"})
    body = {"token": token(messages[0]), "password": PASSWORD}
    reply = await (await browser()).post(f"{INVITATIONS}/acceptances", json=body)
    assert reply.json()["errors"][0]["pointer"] == "#/name"


async def test_a_member_is_not_invited_again(client: Caller):
    reply = await client.post(INVITATIONS, json={"email": client.email, "role": "viewer"})
    assert (reply.status_code, reply.json()["code"]) == (409, "already_member")


async def test_without_a_mail_server_the_answer_has_the_link_and_no_other_answer_has_it(
    client: Caller, browser: Open, app: FastAPI
):
    hemi = {"email": "hemi@example.nz", "role": "member"}
    made = await client.post(INVITATIONS, json=hemi, headers={"Idempotency-Key": "one"})
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    invitation = made.json()
    address, _, secret = invitation.pop("link").partition("#")
    assert address == "http://localhost:8080/invitation"
    assert (await client.get(INVITATIONS)).json()["items"] == [invitation]
    async with app.state.database.work(SYSTEM) as work:
        for table in ("invitations", "audit_events", "idempotency_keys"):
            assert secret not in str((await work.session.execute(text(f"SELECT * FROM {table}"))).all()), table
    body = {"token": secret, "name": "Hemi Walker", "password": PASSWORD}
    assert (await (await browser()).post(f"{INVITATIONS}/acceptances", json=body)).status_code == 201


async def test_a_link_that_was_sent_by_mail_is_not_in_the_answer(client: Caller, messages: list[MailMessage]):
    made = await client.post(INVITATIONS, json={"email": "hemi@example.nz", "role": "member"})
    assert made.json()["link"] is None
    assert token(messages[0]) not in made.text


async def test_a_lesser_role_takes_effect_from_the_next_request_on(
    client: Caller, browser: Open, messages: list[MailMessage]
):
    other = await browser()
    user = await join(client, other, messages, role="admin")
    assert (await other.get(INVITATIONS)).status_code == 200
    reply = await client.patch(f"{USERS}/{user}", json={"role": "member"})
    assert reply.json()["role"] == "member"
    assert (await other.post(INVITATIONS, json={"email": "x@example.nz", "role": "admin"})).status_code == 403


async def test_the_last_administrator_can_neither_leave_nor_step_down(
    client: Caller, browser: Open, messages: list[MailMessage]
):
    me = client.business["user"]["id"]
    for reply in (
        await client.patch(f"{USERS}/{me}", json={"role": "viewer"}),
        await client.delete(f"{USERS}/{me}"),
    ):
        assert (reply.status_code, reply.json()["code"]) == (409, "last_admin")
    await join(client, await browser(), messages, role="admin")
    assert (await client.patch(f"{USERS}/{me}", json={"role": "viewer"})).status_code == 200


async def test_two_administrators_cannot_step_down_at_once(client: Caller, browser: Open, messages: list[MailMessage]):
    other = await browser()
    theirs = await join(client, other, messages, role="admin")
    mine = client.business["user"]["id"]
    replies = await asyncio.gather(
        client.patch(f"{USERS}/{mine}", json={"role": "viewer"}),
        other.patch(f"{USERS}/{theirs}", json={"role": "viewer"}),
    )
    assert sorted(reply.status_code for reply in replies) == [200, 409]


async def test_a_removed_member_loses_access_at_once_and_may_be_invited_again(
    client: Caller, browser: Open, messages: list[MailMessage]
):
    other = await browser()
    user = await join(client, other, messages)
    assert (await client.delete(f"{USERS}/{user}")).status_code == 204
    assert (await other.get("/api/v1/session")).status_code == 401
    assert (await sign_in(other, other.email)).status_code == 401, "there is no business to work in"
    await client.post(INVITATIONS, json={"email": other.email, "role": "viewer"})
    body = {"token": token(messages[-1]), "password": PASSWORD}
    assert (await (await browser()).post(f"{INVITATIONS}/acceptances", json=body)).status_code == 201
    assert (await other.get("/api/v1/session")).status_code == 401, "the session from before stays ended"


async def test_a_removed_member_has_no_session_left_in_the_business_and_keeps_those_in_others(
    client: Caller, browser: Open, app: FastAPI, messages: list[MailMessage]
):
    other, elsewhere = await browser(), await browser()
    user = await join(client, other, messages)
    await sign_in(elsewhere, other.email)
    await elsewhere.post("/api/v1/businesses", json={"business_name": "Tūī Electrical", "country": "NZ"})
    assert (await client.delete(f"{USERS}/{user}")).status_code == 204
    async with app.state.database.work(SYSTEM) as work:
        theirs = text("SELECT count(*) FROM sessions WHERE user_id = :id")
        assert await work.session.scalar(theirs, {"id": decode("usr", user)}) == 1
    assert (await elsewhere.get("/api/v1/session")).status_code == 200


@pytest.mark.parametrize("path", [USERS, INVITATIONS])
async def test_lists_and_ids_of_another_business_are_not_visible(
    client: Caller, browser: Open, messages: list[MailMessage], path: str
):
    other = await sign_up(await browser())
    mine = client.business["user"]["id"]
    await client.post(INVITATIONS, json={"email": "hemi@example.nz", "role": "member"})
    assert client.email not in (await other.get(path)).text
    assert "hemi@" not in (await other.get(path)).text
    assert (await other.delete(f"{USERS}/{mine}")).status_code == 404
