"""Mails of one business, and those of all businesses that are due."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Row, and_, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from api.identity.mails.schemas import MailContent
from api.identity.models import Business, Mail, Membership, User
from api.identity.states import MailState
from api.platform.clock import app_now
from api.platform.db.lease import Lease, LeaseTiming, is_free, take
from api.platform.db.repository import Repository
from api.platform.db.work import UnitOfWork
from api.platform.ids import uuid7

_LEASE: Final = LeaseTiming()


class MailRepository(Repository[Mail]):
    """Rows of `mails`."""

    model = Mail

    async def recipients(self, roles: Collection[str]) -> Sequence[UUID]:
        """The members with one of these roles."""
        statement = select(Membership.user_id).where(
            Membership.business_id == self.business_id, Membership.role.in_(roles)
        )
        return (await self.session.execute(statement)).scalars().all()

    async def store(self, user_ids: Collection[UUID], content: MailContent, once: str) -> Sequence[UUID]:
        """Store the mail for each of these users; gives those that are new. The same `once` is stored once."""
        if not user_ids:
            return []
        same = {
            "business_id": self.business_id,
            "once": once,
            "subject": content.subject,
            "paragraphs": list(content.paragraphs),
            "link_label": content.link_label,
            "link_path": content.link_path,
            "state": MailState.WAITING,
            "fence": 0,
        }
        rows = [{"id": uuid7(), "user_id": user_id, **same} for user_id in user_ids]
        statement = insert(Mail).values(rows).on_conflict_do_nothing().returning(Mail.id)
        return (await self.session.execute(statement)).scalars().all()

    async def take(self, mail_id: UUID) -> Lease | None:
        """The lease on a mail that is due; None if another worker has it, or if it waits no more."""
        is_due = (Mail.state == MailState.WAITING, Mail.due_at <= app_now())
        return await take(self.work, Mail, Mail.id == mail_id, _LEASE, *is_due, tries=Mail.tries + 1)

    async def addressed(self, mail_id: UUID) -> Row[Mail, str, str, bool]:
        """A mail with the address of its recipient, the name of the business, and whether the recipient wants it."""
        is_member = and_(Membership.user_id == Mail.user_id, Membership.business_id == Mail.business_id)
        wanted = func.coalesce(Membership.wants_mail, False).label("wanted")
        statement = (
            select(Mail, User.email, Business.name.label("business_name"), wanted)
            .join(User, User.id == Mail.user_id)
            .join(Business, Business.id == Mail.business_id)
            .outerjoin(Membership, is_member)
            .where(Mail.business_id == self.business_id, Mail.id == mail_id)
        )
        return (await self.session.execute(statement)).one()


async def due_mails(work: UnitOfWork, limit: int) -> Sequence[Row[UUID, UUID]]:
    """The mails of all businesses that are due and that no worker has."""
    is_due = (Mail.state == MailState.WAITING, Mail.due_at <= app_now(), is_free(Mail, _LEASE))
    statement = select(Mail.business_id, Mail.id).where(*is_due).order_by(Mail.due_at).limit(limit)
    return (await work.session.execute(statement)).all()


async def delete_ended(work: UnitOfWork, age: timedelta) -> None:
    """Delete the mails, of all businesses, that ended longer ago than this."""
    ended = (Mail.state != MailState.WAITING, Mail.updated_at < app_now() - age)
    await work.session.execute(delete(Mail).where(*ended))
