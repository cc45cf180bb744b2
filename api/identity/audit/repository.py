"""The audit trail of one business."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, union_all

from api.identity.models import ApiKey, AuditEvent, Membership, User
from api.platform.db.work import UnitOfWork
from api.platform.http.paging import Paging, Slice, keyset_page
from api.platform.ids import encode, first_id_at


class AuditEventRepository:
    """Rows of `audit_events`; they are only added and read."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._session = work.session
        self._business_id = work.business_id

    async def page(self, paging: Paging, subject: str | None = None) -> Slice:
        """List the events, newest first; of one subject, if it is given."""
        columns = (
            AuditEvent.id,
            AuditEvent.actor,
            AuditEvent.action,
            AuditEvent.subject,
            AuditEvent.outcome,
            AuditEvent.request_id,
            AuditEvent.address,
            AuditEvent.details,
            AuditEvent.created_at,
        )
        statement = select(*columns).where(AuditEvent.business_id == self._business_id)
        if subject is not None:
            statement = statement.where(AuditEvent.subject == subject)
        by = AuditEvent.id  # ids grow with time
        return await keyset_page(self._session, statement, paging, by=by, tie=by, descending=True)

    async def count_since(self, action: str, instant: datetime) -> int:
        """Count the events of this action since an instant."""
        statement = (
            select(func.count())
            .select_from(AuditEvent)
            .where(
                AuditEvent.business_id == self._business_id,
                AuditEvent.id >= first_id_at(instant),  # the index has the ids, which grow with time
                AuditEvent.action == action,
            )
        )
        return (await self._session.execute(statement)).scalar_one()

    async def count_of_user_since(self, user_id: UUID, action: str, instant: datetime) -> int:
        """Count the events of this action by one user since an instant, in every business of the user."""
        own = select(Membership.business_id).where(Membership.user_id == user_id)
        statement = (
            select(func.count())
            .select_from(AuditEvent)
            .where(
                AuditEvent.business_id.in_(own),
                AuditEvent.id >= first_id_at(instant),
                AuditEvent.action == action,
                AuditEvent.actor == encode("usr", user_id),
            )
        )
        async with self._work.across_businesses():
            return (await self._session.execute(statement)).scalar_one()

    async def names(self, ids: Collection[UUID]) -> dict[UUID, str]:
        """The names of these users and of the API keys of the business, by id."""
        keys = select(ApiKey.id, ApiKey.name).where(ApiKey.business_id == self._business_id, ApiKey.id.in_(ids))
        users = select(User.id, User.name).where(User.id.in_(ids))
        return {row.id: row.name for row in await self._session.execute(union_all(keys, users))}
