"""Mail: sent by SMTP if it is configured; the secret in a message is not logged."""

import smtplib
from email.message import EmailMessage
from typing import Any, Self

import pytest
from structlog.testing import capture_logs

from api.platform.mail import Mailer, MailMessage
from api.platform.settings import Settings

MESSAGE = MailMessage(
    "hemi@example.nz", "Join Kererū Plumbing", "Open {secret} to join.\n", "https://j.nz/invitation#t0ken"
)


class SmtpServer:
    """Replaces smtplib.SMTP and remembers what was done."""

    def __init__(self, *, offers: set[str]) -> None:
        self.offers = offers
        self.actions: list[str] = []
        self.delivered: list[EmailMessage] = []

    def __call__(self, host: str, port: int, **options: Any) -> Self:
        self.actions.append(f"{host}:{port}")
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.actions.append("closed")

    def ehlo(self) -> None: ...

    def has_extn(self, name: str) -> bool:
        return name in self.offers

    def starttls(self, **options: Any) -> None:
        if "starttls" not in self.offers:
            raise smtplib.SMTPNotSupportedError("no TLS here")
        self.actions.append("encrypted")

    def login(self, user: str, password: str) -> None:
        self.actions.append(f"{user}/{password}")

    def send_message(self, message: EmailMessage) -> None:
        self.delivered.append(message)


def mailer(url: str | None, **more: str) -> Mailer:
    return Mailer(Settings.from_env({"JOBTALLY_SMTP_URL": url or "", "JOBTALLY_MAIL_FROM": "us@example.nz", **more}))


async def test_a_message_is_sent_encrypted_if_the_server_offers_it(monkeypatch: pytest.MonkeyPatch):
    server = SmtpServer(offers={"starttls"})
    monkeypatch.setattr(smtplib, "SMTP", server)
    await mailer("smtp://post%40example.nz:p%2Fw@mail.example.nz").send(MESSAGE)
    assert server.actions == ["mail.example.nz:587", "encrypted", "post@example.nz/p/w", "closed"]
    [message] = server.delivered
    assert (message["To"], message["From"], message["Subject"]) == ("hemi@example.nz", "us@example.nz", MESSAGE.subject)
    assert MESSAGE.secret in message.get_content()


async def test_production_sends_no_message_without_encryption(monkeypatch: pytest.MonkeyPatch):
    server = SmtpServer(offers=set())
    monkeypatch.setattr(smtplib, "SMTP", server)
    settings = Settings.from_env({"JOBTALLY_SMTP_URL": "smtp://mail.example.nz"}).model_copy(
        update={"env": "production"}
    )
    with capture_logs() as lines:
        await Mailer(settings).send(MESSAGE)
    assert server.delivered == []
    assert lines[0]["log_level"] == "warning"


async def test_an_unreachable_server_is_logged_and_raises_nothing(monkeypatch: pytest.MonkeyPatch):
    with capture_logs() as lines:
        await mailer("smtp://127.0.0.1:9").send(MESSAGE)
    assert "mail not sent" in lines[0]["event"]
    assert MESSAGE.secret not in str(lines)


async def test_without_a_server_nothing_is_sent_and_the_secret_is_not_logged():
    sender = mailer(None)
    with capture_logs() as lines:
        await sender.send(MESSAGE)
    assert not sender.is_set_up
    assert [line["subject"] for line in lines] == [MESSAGE.subject]
    assert "t0ken" not in str(lines)
    assert "t0ken" not in repr(MESSAGE)
