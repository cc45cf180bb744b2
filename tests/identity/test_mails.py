"""Mails to members: sent once, again after a failure, and not to those who want none."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from api.identity.mails.repository import due_mails
from api.identity.mails.service import ADMINISTRATORS, WHO_EXPORT, MailContent, MailSender, queue_mails, send_mail
from api.identity.users.service import MemberService, register_user
from api.platform.db.work import SYSTEM, Database
from api.platform.mail import Delivery, Mailer, MailMessage
from api.worker import housekeeping
from tests.callers import Caller
from tests.clock import Clock
from tests.records.making import API, business_of
from tests.smtp import MailServer, mail_server

CONTENT = MailContent(
    "Reconnect Kauri <Plumbing>", ["Xero has signed us out.", "5 < 6 & so on."], "Reconnect", "/settings/connections"
)


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


class Post:
    """Queues mails of a business, and sends what is due as a worker does."""

    def __init__(self, app: FastAPI, client: Caller, server: MailServer) -> None:
        self.database: Database = app.state.database
        self.business_id = business_of(client)
        settings = app.state.settings.model_copy(update={"smtp_url": server.url, "mail_from": "jobtally@example.nz"})
        self.sender = MailSender(Mailer(settings), "https://jobs.example.nz")

    async def join(self, email: str, role: str) -> None:
        """Add a member to the business."""
        async with self.database.work(self.business_id) as work:
            user_id = await register_user(work, email, email, "no password")
            await MemberService(work).join(user_id, role)

    async def queue(self, once: str = "lost", roles: Any = ADMINISTRATORS) -> None:
        async with self.database.work(self.business_id) as work:
            await queue_mails(work, CONTENT, roles=roles, once=once)

    async def send_due(self) -> int:
        """Send what is due; gives how many mails that were."""
        async with self.database.work(SYSTEM) as work:
            due = await due_mails(work, 100)
        for business_id, mail_id in due:
            await send_mail(self.database, self.sender, business_id, mail_id)
        return len(due)


@pytest.fixture
def post(app: FastAPI, client: Caller, server: MailServer) -> Post:
    return Post(app, client, server)


async def address_of(client: Caller) -> str:
    return str((await client.get(f"{API}/session")).json()["user"]["email"])


async def test_an_administrator_gets_a_mail_once_as_text_and_html(
    client: Caller, post: Post, server: MailServer
) -> None:
    for _ in range(2):
        await post.queue()
        await post.send_due()
    (mail,) = server.delivered
    assert (mail["To"], mail["Subject"]) == (await address_of(client), CONTENT.subject)
    text, html = (part.get_content() for part in mail.iter_parts())
    assert "5 < 6 & so on." in text
    assert "https://jobs.example.nz/settings/connections" in text
    assert "5 &lt; 6 &amp; so on." in html
    assert '<a href="https://jobs.example.nz/settings/account#mails">' in html


async def test_only_those_with_the_role_who_want_mail_get_it(client: Caller, post: Post, server: MailServer) -> None:
    await post.join("hemi@example.nz", "member")
    await post.join("vera@example.nz", "viewer")
    await post.queue("summary", WHO_EXPORT)
    chosen = await client.put(f"{API}/session/mails", json={"wants_mail": False})
    assert chosen.json()["wants_mail"] is False
    await post.queue("next summary", WHO_EXPORT)
    await post.send_due()
    assert [mail["To"] for mail in server.delivered] == ["hemi@example.nz"] * 2, "nor what was queued before"
    await client.put(f"{API}/session/mails", json={"wants_mail": True})
    await post.queue("a third", ADMINISTRATORS)
    await post.send_due()
    assert server.delivered[-1]["To"] == await address_of(client)


async def test_a_mail_that_was_not_taken_is_sent_again_later_and_later(
    post: Post, server: MailServer, clock: Clock
) -> None:
    server.answers["MAIL FROM"] = ["451 busy", "451 busy"]
    await post.queue()
    assert await post.send_due() == 1
    assert await post.send_due() == 0, "not at once"
    clock.shift(timedelta(seconds=61))
    assert await post.send_due() == 1
    clock.shift(timedelta(seconds=61))
    assert await post.send_due() == 0, "the second wait is longer"
    clock.shift(timedelta(minutes=5))
    assert await post.send_due() == 1
    assert len(server.delivered) == 1


async def test_a_mail_whose_answer_was_lost_is_sent_again_under_the_same_id(
    post: Post, server: MailServer, clock: Clock
) -> None:
    server.answers["END"] = ["close"]
    await post.queue()
    await post.send_due()
    clock.shift(timedelta(minutes=2))
    await post.send_due()
    assert len({mail["Message-ID"] for mail in server.delivered}) == 1 < len(server.delivered)


async def test_a_mail_that_nobody_takes_is_given_up_after_three_days(
    post: Post, server: MailServer, clock: Clock
) -> None:
    server.answers["MAIL FROM"] = ["451 busy"] * 1000
    await post.queue()
    await post.send_due()
    began, tries = 1000 - len(server.answers["MAIL FROM"]), 0
    for _ in range(24):
        clock.shift(timedelta(hours=4, seconds=1))
        tries += await post.send_due()
    assert began == 1
    assert 18 <= tries <= 22
    assert await post.send_due() == 0


async def test_a_refused_address_is_final_and_the_mails_of_others_go(
    post: Post, server: MailServer, clock: Clock
) -> None:
    await post.join("hemi@example.nz", "admin")
    server.answers["RCPT TO"] = ["550 no such user"]
    await post.queue()
    await post.send_due()
    clock.shift(timedelta(days=1))
    assert await post.send_due() == 0
    assert len(server.delivered) == 1


async def test_two_workers_send_a_mail_once(post: Post, server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    await post.queue()
    send = Mailer.send
    due_meanwhile: list[int] = []

    async def send_while_another_worker_sweeps(self: Mailer, message: MailMessage) -> Delivery:
        if not due_meanwhile:
            due_meanwhile.append(await post.send_due())
            await send_mail(post.database, post.sender, post.business_id, UUID(message.id or ""))
        return await send(self, message)

    monkeypatch.setattr(Mailer, "send", send_while_another_worker_sweeps)
    await post.send_due()
    assert due_meanwhile == [0]
    assert len(server.delivered) == 1


async def test_a_mail_is_forgotten_a_month_after_it_was_sent(app: FastAPI, post: Post, clock: Clock) -> None:
    await post.queue()
    await post.send_due()
    context = {"gateways": app.state.gateways}
    for days, left in ((29, 1), (2, 0)):
        clock.shift(timedelta(days=days))
        await housekeeping(context)
        async with post.database.work(SYSTEM) as work:
            connection = await work.session.connection()
            assert (await connection.exec_driver_sql("SELECT count(*) FROM mails")).scalar_one() == left
