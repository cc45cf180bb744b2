"""Mail: sent by SMTP if it is configured; the secret in a message is not logged."""

from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import aiosmtplib
import pytest
from structlog.testing import capture_logs

from api.platform.mail import Delivery, Mailer, MailMessage
from api.platform.settings import Settings
from tests.smtp import mail_server

MESSAGE = MailMessage(
    "hemi@example.nz", "Join Kererū Plumbing", "Open {secret} to join.\n", "https://j.nz/invitation#t0ken"
)


def mailer(url: str | None, **more: str) -> Mailer:
    return Mailer(Settings.from_env({"JOBTALLY_SMTP_URL": url or "", "JOBTALLY_MAIL_FROM": "us@example.nz", **more}))


async def test_a_message_arrives_as_text_and_html_with_its_id() -> None:
    message = replace(MESSAGE, html="<p>Kererū</p>", id="mail-1")
    async with mail_server() as server:
        assert await mailer(server.url).send(message) is Delivery.SENT
    (mail,) = server.delivered
    assert (mail["To"], mail["From"], mail["Subject"]) == ("hemi@example.nz", "us@example.nz", MESSAGE.subject)
    assert (mail["Message-ID"], mail["Auto-Submitted"]) == ("<mail-1@localhost>", "auto-generated")
    text, html = mail.iter_parts()
    assert MESSAGE.secret in text.get_content()
    assert html.get_content().strip() == "<p>Kererū</p>"


async def test_a_line_break_in_a_subject_makes_no_header() -> None:
    async with mail_server() as server:
        await mailer(server.url).send(replace(MESSAGE, subject="Xero\r\nBcc: all@example.nz\x0b\u2028now"))
    (mail,) = server.delivered
    assert mail["Bcc"] is None
    assert mail["Subject"] == "Xero Bcc: all@example.nz now"


async def test_a_domain_with_other_letters_is_sent_in_the_form_that_every_server_takes() -> None:
    async with mail_server() as server:  # without SMTPUTF8
        sender = mailer(server.url)
        for address in ("hemi@kākā.nz", "hemi@bücher.example", "mere@example.nz"):
            assert await sender.send(replace(MESSAGE, to=address)) is Delivery.SENT
    sent_to = [mail["To"] for mail in server.delivered]
    assert sent_to == ["hemi@xn--kk-dlab.nz", "hemi@xn--bcher-kva.example", "mere@example.nz"]


@pytest.mark.parametrize(
    ("verb", "answer", "delivery"),
    [
        ("RCPT TO", "550 no such user", Delivery.REFUSED),
        ("RCPT TO", "450 mailbox busy", Delivery.FAILED),
        ("MAIL FROM", "451 try again later", Delivery.FAILED),
        ("END", "close", Delivery.FAILED),
    ],
)
async def test_a_refused_recipient_is_final_and_everything_else_may_be_tried_again(
    verb: str, answer: str, delivery: Delivery
) -> None:
    async with mail_server() as server:
        server.answers[verb] = [answer]
        with capture_logs() as lines:
            assert await mailer(server.url).send(MESSAGE) is delivery
    assert lines[0]["log_level"] == "warning"
    assert MESSAGE.to not in str(lines)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """How the SMTP client was called."""
    calls: list[dict[str, Any]] = []

    async def send(mail: EmailMessage, **options: Any) -> None:
        calls.append(options)

    monkeypatch.setattr(aiosmtplib, "send", send)
    return calls


async def test_a_message_is_encrypted_if_the_server_offers_it_and_in_production_always(
    sent: list[dict[str, Any]],
) -> None:
    await mailer("smtp://post%40example.nz:p%2Fw@mail.example.nz").send(MESSAGE)
    await mailer("smtps://mail.example.nz").send(MESSAGE)
    settings = Settings.from_env(
        {"JOBTALLY_SMTP_URL": "smtp://mail.example.nz:25", "JOBTALLY_MAIL_FROM": "us@example.nz"}
    )
    await Mailer(settings.model_copy(update={"env": "production"})).send(MESSAGE)
    used = [(call["port"], call["use_tls"], call["start_tls"], call["username"], call["password"]) for call in sent]
    assert used == [
        (587, False, None, "post@example.nz", "p/w"),
        (465, True, False, None, None),
        (25, False, True, None, None),
    ]


async def test_production_sends_no_message_without_encryption() -> None:
    async with mail_server() as server:
        sending = {"JOBTALLY_SMTP_URL": server.url, "JOBTALLY_MAIL_FROM": "us@example.nz"}
        settings = Settings.from_env(sending).model_copy(update={"env": "production"})
        with capture_logs():
            assert await Mailer(settings).send(MESSAGE) is Delivery.FAILED
    assert server.delivered == []


async def test_an_unreachable_server_is_logged_and_raises_nothing() -> None:
    with capture_logs() as lines:
        assert await mailer("smtp://127.0.0.1:9").send(MESSAGE) is Delivery.FAILED
    assert "mail not sent" in lines[0]["event"]
    assert MESSAGE.secret not in str(lines)


async def test_without_a_server_nothing_is_sent_and_the_secret_is_not_logged() -> None:
    sender = mailer(None)
    with capture_logs() as lines:
        assert await sender.send(MESSAGE) is Delivery.NOT_SET_UP
    assert not sender.is_set_up
    assert [line["subject"] for line in lines] == [MESSAGE.subject]
    assert "t0ken" not in str(lines)
    assert "t0ken" not in repr(MESSAGE)
