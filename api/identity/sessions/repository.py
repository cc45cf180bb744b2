"""Sessions of users, and the businesses that a user can open one in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, delete, literal, or_, select, update

from api.identity.identification import IDLE_TIMEOUT
from api.identity.models import Business, Membership, Session, User
from api.platform.clock import now
from api.platform.crypto import fingerprint
from api.platform.db.reads import OWN_USER, Read, ReadRow
from api.platform.db.work import UnitOfWork
from api.platform.http.paging import Paging, Slice, keyset_page


class SessionRepository:
    """Rows of `sessions`, of whatever business: a user may belong to several."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._session = work.session

    async def add(self, session: Session) -> None:
        """Store a new session."""
        self._session.add(session)
        await self._session.flush()

    async def end(self, session_id: UUID) -> None:
        """Delete a session."""
        await self._session.execute(delete(Session).where(Session.id == session_id))

    async def forget(self, secret: str) -> None:
        """Delete the session with this secret, if there is one."""
        async with self._work.across_businesses():
            await self._session.execute(delete(Session).where(Session.token_hash == fingerprint(secret)))

    async def end_own(self, session_id: UUID, user_id: UUID) -> bool:
        """Delete a session of this user; False if the user has no such session."""
        statement = delete(Session).where(Session.id == session_id, Session.user_id == user_id).returning(Session.id)
        async with self._work.across_businesses():
            return (await self._session.execute(statement)).scalar_one_or_none() is not None

    async def end_all(self, user_id: UUID, *, keep: UUID | None) -> None:
        """Delete the sessions of a user, except `keep`."""
        async with self._work.across_businesses():
            await self._session.execute(
                delete(Session).where(Session.user_id == user_id, Session.id.is_distinct_from(keep))
            )

    async def forget_ended(self) -> None:
        """Delete the sessions that have reached their greatest age, or were not used for too long."""
        ended = or_(Session.expires_at <= now(), Session.last_seen_at <= now() - IDLE_TIMEOUT)
        await self._session.execute(delete(Session).where(ended))

    async def page(self, user_id: UUID, current: UUID, paging: Paging) -> Slice:
        """List the sessions of a user that can still be used, newest first."""
        statement = select(
            Session.id,
            Session.created_at,
            Session.last_seen_at,
            Session.expires_at,
            Session.browser,
            Session.address,
            (Session.id == current).label("current"),
        ).where(
            Session.user_id == user_id,
            Session.expires_at > now(),
            Session.last_seen_at > now() - IDLE_TIMEOUT,
        )
        by, tie = Session.created_at, Session.id
        async with self._work.across_businesses():
            return await keyset_page(self._session, statement, paging, by=by, tie=tie, descending=True)

    async def confirm(self, session_id: UUID, instant: datetime) -> None:
        """Remember when the user gave the password in this session."""
        await self._session.execute(update(Session).where(Session.id == session_id).values(confirmed_at=instant))

    async def switch(self, session_id: UUID, business_id: UUID) -> None:
        """Switch a session to another business."""
        async with self._work.across_businesses():
            await self._session.execute(update(Session).where(Session.id == session_id).values(business_id=business_id))

    async def user(self, user_id: UUID) -> User:
        """Read a user."""
        return await self._session.get_one(User, user_id)

    async def is_member(self, user_id: UUID, business_id: UUID) -> bool:
        """Whether the user belongs to the business."""
        statement = select(Membership.id).where(Membership.user_id == user_id, Membership.business_id == business_id)
        async with self._work.across_businesses():
            return (await self._session.execute(statement)).scalar_one_or_none() is not None

    async def choose_mail(self, user_id: UUID, business_id: UUID, *, wants_mail: bool) -> None:
        """Store whether a member wants mail about the business."""
        own = (Membership.user_id == user_id, Membership.business_id == business_id)
        await self._session.execute(update(Membership).where(*own).values(wants_mail=wants_mail))

    async def signed_in(self, user_id: UUID) -> ReadRow:
        """Who a user is."""
        return dict((await self._session.execute(_users(literal(user_id, Uuid)))).mappings().one())

    async def businesses_of(self, user_id: UUID) -> Sequence[ReadRow]:
        """The businesses of a user by name, each with the user's role and whether the user wants mail about it."""
        async with self._work.across_businesses():
            rows = await self._session.execute(_businesses(literal(user_id, Uuid)))
        return [dict(row) for row in rows.mappings()]

    async def last_business_of(self, user_id: UUID) -> UUID | None:
        """The business that the user used last; None for a user of no business."""
        statement = (
            select(Membership.business_id)
            .outerjoin(
                Session, (Session.business_id == Membership.business_id) & (Session.user_id == Membership.user_id)
            )
            .where(Membership.user_id == user_id)
            .order_by(Session.last_seen_at.desc().nulls_last(), Membership.id)
            .limit(1)
        )
        async with self._work.across_businesses():
            return (await self._session.execute(statement)).scalar_one_or_none()


def _users(user_id: ColumnElement[UUID]) -> Select[*tuple[Any, ...]]:
    is_verified = User.email_verified_at.is_not(None).label("email_verified")
    return select(User.id, User.name, User.email, is_verified).where(User.id == user_id)


def _businesses(user_id: ColumnElement[UUID]) -> Select[*tuple[Any, ...]]:
    columns = (Business.id, Business.name, Business.country, Business.currency, Business.locale, Business.time_zone)
    return (
        select(*columns, Membership.role, Membership.wants_mail)
        .join(Membership, Membership.business_id == Business.id)
        .where(Membership.user_id == user_id)
        .order_by(Business.name, Business.id)
    )


# The same for the user who calls.
SIGNED_IN: Final = Read.of(_users(OWN_USER))
OWN_BUSINESSES: Final = Read.of(_businesses(OWN_USER))
