"""API keys of one business that are not revoked. Revoked keys stay in the table for a year, for the audit trail."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, literal, or_, select, update

from api.identity.models import ApiKey
from api.platform.db.repository import Repository
from api.platform.db.work import UnitOfWork
from api.platform.http.paging import Paging, Slice, keyset_page


class ApiKeyRepository(Repository[ApiKey]):
    """Rows of `api_keys` that are not revoked."""

    model = ApiKey

    def rows(self) -> Select[Any]:
        return super().rows().where(ApiKey.revoked_at.is_(None))

    async def page(self, paging: Paging) -> Slice:
        """List the keys, newest first."""
        statement = select(
            ApiKey.id,
            ApiKey.name,
            (literal("jt_") + ApiKey.handle).label("prefix"),
            ApiKey.scopes,
            ApiKey.expires_on,
            ApiKey.last_used_at,
            ApiKey.created_at,
        ).where(ApiKey.business_id == self.business_id, ApiKey.revoked_at.is_(None))
        return await keyset_page(self.session, statement, paging, by=ApiKey.created_at, tie=ApiKey.id, descending=True)

    async def revoke_of(self, user_id: UUID, instant: datetime) -> Sequence[UUID]:
        """Revoke the keys that this user created; their ids."""
        theirs = (
            ApiKey.business_id == self.business_id,
            ApiKey.created_by == user_id,
            ApiKey.revoked_at.is_(None),
        )
        statement = update(ApiKey).where(*theirs).values(revoked_at=instant).returning(ApiKey.id)
        return (await self.session.execute(statement)).scalars().all()


async def forget_keys_before(work: UnitOfWork, instant: datetime) -> None:
    """Delete the keys, of all businesses, that were revoked or expired before this instant."""
    ended = or_(ApiKey.revoked_at < instant, ApiKey.expires_on < instant.date())
    await work.session.execute(delete(ApiKey).where(ended))
