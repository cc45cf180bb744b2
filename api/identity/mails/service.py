"""Mails to members: queueing them in the transaction of what they are about, and sending those that are due."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from api.identity.mails.rendering import message_of
from api.identity.mails.repository import MailRepository, delete_ended, due_mails
from api.identity.mails.schemas import MailContent
from api.identity.roles import Role
from api.identity.states import MailState
from api.platform.clock import app_now
from api.platform.db.lease import Lease, LeaseLost, renewing
from api.platform.db.work import SYSTEM, Database, UnitOfWork
from api.platform.log import get_logger
from api.platform.mail import Delivery, Mailer, MailMessage

__all__ = [
    "ADMINISTRATORS",
    "WHO_EXPORT",
    "MailContent",
    "MailSender",
    "forget_ended",
    "queue_mails",
    "send_mail",
    "wake_due_mails",
]

ADMINISTRATORS: Final[tuple[Role, ...]] = ("admin",)
WHO_EXPORT: Final[tuple[Role, ...]] = ("admin", "member")
# After a failure a mail is sent again after these times, then every four hours, for three days in all.
_WAITS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
_TRIES: Final = 22
_KEPT: Final = timedelta(days=30)
_WOKEN_AT_ONCE: Final = 200  # the next sweep, seconds later, wakes the others
_logger = get_logger("jobtally.mails")


@dataclass(frozen=True)
class MailSender:
    """What sending needs beside the database."""

    mailer: Mailer
    app_url: str


async def queue_mails(work: UnitOfWork, content: MailContent, *, roles: Collection[Role], once: str) -> None:
    """Send the mail, after the commit, to each member with one of these roles who wants mail then.

    A member gets a mail with the same `once` a single time.
    """
    mails = MailRepository(work)
    for mail_id in await mails.store(await mails.recipients(roles), content, once):
        work.wake_after_commit("mails.send", work.business_id, mail_id)


async def send_mail(database: Database, sender: MailSender, business_id: UUID, mail_id: UUID) -> None:
    """Send a mail that is due. No transaction is open meanwhile; a worker that dies leaves it to the sweep.

    A mail that was sent, but whose lease was lost before that was stored, is sent again with the same Message-ID.
    """
    async with database.work(business_id) as work:
        lease = await MailRepository(work).take(mail_id)
        if lease is None:
            return
        row = await MailRepository(work).addressed(mail_id)
        if not row.wanted:
            await lease.release(work, state=MailState.UNWANTED)
            return
        message = message_of(row.Mail, row.email, row.business_name, sender.app_url)
        tries = row.Mail.tries
    delivery = await _deliver(database, sender.mailer, business_id, lease, message)
    async with database.work(business_id) as work:
        await _record(work, lease, delivery, tries)


async def _deliver(
    database: Database, mailer: Mailer, business_id: UUID, lease: Lease, message: MailMessage
) -> Delivery:
    async with renewing(database, business_id, lease):
        return await mailer.send(message)


async def _record(work: UnitOfWork, lease: Lease, delivery: Delivery, tries: int) -> None:
    if delivery is Delivery.FAILED and tries < _TRIES:
        wait = _WAITS[min(tries, len(_WAITS)) - 1]
        is_stored = await lease.release(work, due_at=app_now() + wait)
    else:
        if delivery is Delivery.FAILED:
            _logger.error("mail given up", tries=tries)
        states = {Delivery.SENT: MailState.SENT, Delivery.NOT_SET_UP: MailState.NOT_SET_UP}
        is_stored = await lease.release(work, state=states.get(delivery, MailState.REFUSED))
    if not is_stored:
        raise LeaseLost


async def wake_due_mails(database: Database) -> None:
    """Wake a worker for each mail that is due."""
    async with database.work(SYSTEM) as work:
        for business_id, mail_id in await due_mails(work, _WOKEN_AT_ONCE):
            work.wake_after_commit("mails.send", business_id, mail_id)


async def forget_ended(work: UnitOfWork) -> None:
    """Delete mails that ended a month ago."""
    await delete_ended(work, _KEPT)
