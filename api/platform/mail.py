"""Mail by SMTP, if it is configured."""

import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum
from urllib.parse import unquote, urlsplit

import aiosmtplib

from api.platform.clock import now
from api.platform.log import get_logger
from api.platform.settings import Settings
from api.platform.text import ascii_email_address

_SMTP_TIMEOUT_SECONDS = 15
_PERMANENT = 500  # and above: the mail server will not take it later either
_logger = get_logger("jobtally.mail")


@dataclass(frozen=True)
class MailMessage:
    """A message as text and, beside it, as HTML; `{secret}` in its text stands for what must not be logged.

    A message that may be sent again after a lost answer has an `id`, by which mail servers recognise it.
    """

    to: str
    subject: str
    text: str
    secret: str = field(default="", repr=False)
    html: str | None = None
    id: str | None = None

    @property
    def body(self) -> str:
        """The text with the secret in it."""
        return self.text.replace("{secret}", self.secret)


class Delivery(StrEnum):
    """What became of a message; one that `failed` may be sent again, one that is `refused` will never be taken."""

    SENT = "sent"
    REFUSED = "refused"
    FAILED = "failed"
    NOT_SET_UP = "not_set_up"


class Mailer:
    """Sends messages. It does not fail: what became of a message is logged and given back."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.smtp_url
        self._host = urlsplit(settings.base_url).hostname or "localhost"
        self._from = settings.mail_from
        self._must_encrypt = settings.in_production

    @property
    def is_set_up(self) -> bool:
        """Whether a mail server is configured."""
        return self._url is not None

    async def send(self, message: MailMessage) -> Delivery:
        """Send the message. Without a mail server it is only logged, without its secret."""
        if self._url is None:
            _logger.info("mail is not set up, message not sent", subject=message.subject)
            return Delivery.NOT_SET_UP
        try:
            await self._deliver(self._url, message)
        except aiosmtplib.SMTPRecipientsRefused as refused:
            is_final = all(each.code >= _PERMANENT for each in refused.recipients)
            _logger.warning("mail not sent", subject=message.subject, error=type(refused).__name__, final=is_final)
            return Delivery.REFUSED if is_final else Delivery.FAILED
        except (OSError, aiosmtplib.SMTPException) as error:
            _logger.warning("mail not sent", subject=message.subject, error=f"{type(error).__name__}: {error}")
            return Delivery.FAILED
        return Delivery.SENT

    async def _deliver(self, url: str, message: MailMessage) -> None:
        parts = urlsplit(url)
        is_encrypted = parts.scheme == "smtps"
        await aiosmtplib.send(
            self._written(message),
            hostname=parts.hostname or "localhost",
            port=parts.port or (465 if is_encrypted else 587),
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password or "") if parts.username else None,
            local_hostname=self._host,
            timeout=_SMTP_TIMEOUT_SECONDS,
            use_tls=is_encrypted,
            # None: encrypted if the server offers it.
            start_tls=False if is_encrypted else True if self._must_encrypt else None,
            tls_context=ssl.create_default_context(),
        )

    def _written(self, message: MailMessage) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"] = self._from, ascii_email_address(message.to)
        mail["Subject"] = _one_line(message.subject)
        mail["Date"] = format_datetime(now())
        mail["Auto-Submitted"] = "auto-generated"
        if message.id is not None:
            mail["Message-ID"] = f"<{message.id}@{self._host}>"
        mail.set_content(message.body)
        if message.html is not None:
            mail.add_alternative(message.html, subtype="html")
        return mail


def _one_line(text: str) -> str:
    """The text without line breaks, so that nothing in it becomes a header of its own."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
