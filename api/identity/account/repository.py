"""Users and their one-time links, of whatever business: a user may belong to several."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from api.identity.models import Business, Membership, OneTimeLink, User
from api.platform.clock import now
from api.platform.crypto import fingerprint
from api.platform.db.work import UnitOfWork
from api.platform.ids import uuid7


class AccountRepository:
    """Rows of `users` and `one_time_links`."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._session = work.session

    async def user(self, user_id: UUID) -> User:
        """Read and lock a user."""
        statement = select(User).where(User.id == user_id).with_for_update()
        return (await self._session.execute(statement)).scalar_one()

    async def belongs_elsewhere(self, user_id: UUID, business_id: UUID) -> bool:
        """Whether the user belongs to another business than this one."""
        statement = select(Membership.id).where(Membership.user_id == user_id, Membership.business_id != business_id)
        async with self._work.across_businesses():
            return (await self._session.execute(statement.limit(1))).scalar_one_or_none() is not None

    async def business_names(self, user_id: UUID) -> Sequence[str]:
        """The names of the businesses that the user belongs to."""
        statement = (
            select(Business.name)
            .join(Membership, Membership.business_id == Business.id)
            .where(Membership.user_id == user_id)
        )
        async with self._work.across_businesses():
            return (await self._session.execute(statement)).scalars().all()

    async def replace_link(self, user_id: UUID, purpose: str, secret: str, expires_at: datetime) -> None:
        """Store a new link in place of the user's earlier one."""
        values = {"token_hash": fingerprint(secret), "expires_at": expires_at}
        statement = insert(OneTimeLink).values(id=uuid7(), user_id=user_id, purpose=purpose, **values)
        await self._session.execute(statement.on_conflict_do_update(index_elements=["user_id", "purpose"], set_=values))

    async def use_link(self, purpose: str, secret: str) -> UUID | None:
        """Delete the link with this secret; its user, or None if the link is unknown, used or expired."""
        statement = (
            delete(OneTimeLink)
            .where(
                OneTimeLink.token_hash == fingerprint(secret),
                OneTimeLink.purpose == purpose,
                OneTimeLink.expires_at > now(),
            )
            .returning(OneTimeLink.user_id)
        )
        return (await self._session.execute(statement)).scalar_one_or_none()

    async def forget_link(self, user_id: UUID, purpose: str) -> None:
        """Delete the user's link, if there is one."""
        await self._session.execute(
            delete(OneTimeLink).where(OneTimeLink.user_id == user_id, OneTimeLink.purpose == purpose)
        )

    async def forget_expired_links(self) -> None:
        """Delete the links that can no longer be used."""
        await self._session.execute(delete(OneTimeLink).where(OneTimeLink.expires_at <= now()))
