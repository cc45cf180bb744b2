"""Letters to people: by SMTP when it is set up, else logged without their secret and shown where we run."""

import asyncio
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from api.platform.log import get_logger
from api.platform.settings import Settings

_SECONDS = 15
_logger = get_logger("jobtally.mail")


@dataclass(frozen=True)
class Letter:
    """A plain-text letter; `{secret}` in its text stands for the one part that must never be logged."""

    to: str
    subject: str
    text: str
    secret: str = field(repr=False)

    @property
    def body(self) -> str:
        """The whole text, secret and all."""
        return self.text.replace("{secret}", self.secret)


class Mailer:
    """Sends letters; a letter that cannot be sent is logged and never fails the work it came from."""

    def __init__(self, settings: Settings, *, show: Callable[[Letter], None] | None = None) -> None:
        self._url = settings.smtp_url
        self._from = settings.mail_from or f"jobtally@{urlsplit(settings.base_url).hostname}"
        self._must_encrypt = settings.in_production
        self.show = show
        self.reaches_people = self._url is not None or not settings.in_production

    async def send(self, letter: Letter) -> None:
        """Send, or show to whoever runs us."""
        if self._url is None:
            _logger.info("mail is not set up, letter not sent", subject=letter.subject)
            if self.show is not None:
                self.show(letter)
            return
        try:
            await asyncio.to_thread(self._deliver, self._url, letter)
        except (OSError, smtplib.SMTPException) as error:
            _logger.warning("letter not sent", subject=letter.subject, error=f"{type(error).__name__}: {error}")

    def _deliver(self, url: str, letter: Letter) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._from, letter.to, letter.subject
        message.set_content(letter.body)
        with self._connection(url) as server:
            server.send_message(message)

    def _connection(self, url: str) -> smtplib.SMTP:
        parts = urlsplit(url)
        host, context = parts.hostname or "localhost", ssl.create_default_context()
        server: smtplib.SMTP
        if parts.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, parts.port or 587, timeout=_SECONDS)
            server.ehlo()
            if self._must_encrypt or server.has_extn("starttls"):
                server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server
