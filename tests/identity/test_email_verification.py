"""A user's e-mail address is verified by the link of a mail, or by accepting an invitation."""

from datetime import timedelta

import httpx2
import pytest
import time_machine

from api.platform.clock import now
from api.platform.mail import MailMessage
from tests.callers import PASSWORD, Caller, sign_up
from tests.identity.conftest import Open, join

SESSION, AGAIN, VERIFICATIONS = "/api/v1/session", "/api/v1/session/email-verifications", "/api/v1/email-verifications"


async def is_verified(caller: Caller) -> bool:
    return bool((await caller.get(SESSION)).json()["user"]["email_verified"])


async def verify(browser: httpx2.AsyncClient, message: MailMessage) -> int:
    return (await browser.post(VERIFICATIONS, json={"token": message.secret.partition("#")[2]})).status_code


@pytest.fixture
async def newcomer(browser: Open, messages: list[MailMessage]) -> Caller:
    """A user who has signed up where mail is set up."""
    return await sign_up(await browser())


async def test_signing_up_sends_a_link_that_verifies_the_address_once(
    newcomer: Caller, browser: Open, messages: list[MailMessage]
):
    assert newcomer.business["user"]["email_verified"] is False
    [message] = messages
    assert message.to == newcomer.email
    assert message.secret.startswith("http://localhost:8080/email-verification#")
    assert message.secret in message.body
    signed_out = await browser()
    assert await verify(signed_out, message) == 204
    assert await is_verified(newcomer)
    assert await verify(signed_out, message) == 422, "used"
    events = (await newcomer.get("/api/v1/audit-events")).json()["items"]
    assert (events[0]["action"], events[0]["actor"]) == ("user.verify_email", newcomer.business["user"]["id"])


async def test_a_second_mail_replaces_the_first_one(newcomer: Caller, messages: list[MailMessage]):
    reply = await newcomer.post(AGAIN)
    assert (reply.status_code, reply.json()) == (202, {"email": newcomer.email})
    first, second = messages
    assert await verify(newcomer, first) == 422
    assert await verify(newcomer, second) == 204
    again = await newcomer.post(AGAIN)
    assert (again.status_code, again.json()["code"]) == (409, "email_verified")
    assert len(messages) == 2


async def test_a_link_verifies_no_address_after_a_week(newcomer: Caller, messages: list[MailMessage]):
    with time_machine.travel(now() + timedelta(days=7, minutes=1)):
        assert await verify(newcomer, messages[0]) == 422
    assert not await is_verified(newcomer)


async def test_a_link_for_a_new_password_verifies_no_address(newcomer: Caller, messages: list[MailMessage]):
    await newcomer.post("/api/v1/password-resets", json={"email": newcomer.email})
    assert await verify(newcomer, messages[-1]) == 422


async def test_accepting_an_invitation_verifies_the_address(
    newcomer: Caller, browser: Open, messages: list[MailMessage]
):
    invited = await browser()
    await join(newcomer, invited, messages)
    assert await is_verified(invited)

    with_account = await sign_up(await browser(), business_name="Tūī Electrical")
    await newcomer.post("/api/v1/invitations", json={"email": with_account.email, "role": "viewer"})
    body = {"token": messages[-1].secret.partition("#")[2], "password": PASSWORD}
    await with_account.post("/api/v1/invitations/acceptances", json=body)
    assert await is_verified(with_account)
    assert not await is_verified(newcomer)


async def test_without_a_mail_server_signing_up_works_and_no_mail_can_be_asked_for(client: Caller):
    assert not await is_verified(client)
    reply = await client.post(AGAIN)
    assert (reply.status_code, reply.json()["code"]) == (409, "mail_not_set_up")


@pytest.mark.usefixtures("start_of_minute")
async def test_mails_to_the_own_address_have_a_limit(newcomer: Caller, messages: list[MailMessage]):
    statuses = [(await newcomer.post(AGAIN)).status_code for _ in range(21)]
    assert statuses == [202] * 20 + [429]
    assert len(messages) == 21, "the one of the sign-up is the first"
