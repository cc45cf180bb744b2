"""Background tasks of mails."""

from typing import Any
from uuid import UUID

from api.identity.mails.service import MailSender, send_mail
from api.platform.db.work import Database


async def send(ctx: dict[str, Any], business_id: str, mail_id: str) -> None:
    """Send a mail to a member, if it is due."""
    database: Database = ctx["database"]
    sender: MailSender = ctx["mail_sender"]
    await send_mail(database, sender, UUID(business_id), UUID(mail_id))
