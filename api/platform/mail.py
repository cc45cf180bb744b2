"""Mail by SMTP, if it is configured."""

import asyncio
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

from api.platform.log import get_logger
from api.platform.settings import Settings

_SMTP_TIMEOUT_SECONDS = 15
_logger = get_logger("jobtally.mail")


@dataclass(frozen=True)
class MailMessage:
    """A plain-text message; `{secret}` in its text is the placeholder of the part that must not be logged."""

    to: str
    subject: str
    text: str
    secret: str = field(repr=False)

    @property
    def body(self) -> str:
        """The text with the secret in it."""
        return self.text.replace("{secret}", self.secret)


class Mailer:
    """Sends messages. A message that cannot be sent is logged; `send` does not fail."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.smtp_url
        self._from = settings.mail_from or f"jobtally@{urlsplit(settings.base_url).hostname}"
        self._must_encrypt = settings.in_production

    @property
    def is_set_up(self) -> bool:
        """Whether a mail server is configured."""
        return self._url is not None

    async def send(self, message: MailMessage) -> None:
        """Send the message. Without a mail server it is only logged, without its secret."""
        if self._url is None:
            _logger.info("mail is not set up, message not sent", subject=message.subject)
            return
        try:
            await asyncio.to_thread(self._deliver, self._url, message)
        except (OSError, smtplib.SMTPException) as error:
            _logger.warning("mail not sent", subject=message.subject, error=f"{type(error).__name__}: {error}")

    def _deliver(self, url: str, message: MailMessage) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = self._from, message.to, message.subject
        mail.set_content(message.body)
        with self._connection(url) as server:
            server.send_message(mail)

    def _connection(self, url: str) -> smtplib.SMTP:
        parts = urlsplit(url)
        host, context = parts.hostname or "localhost", ssl.create_default_context()
        server: smtplib.SMTP
        if parts.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, parts.port or 465, timeout=_SMTP_TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, parts.port or 587, timeout=_SMTP_TIMEOUT_SECONDS)
            server.ehlo()
            if self._must_encrypt or server.has_extn("starttls"):
                server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        return server
