"""Sessions: opened with a password, switched between businesses, ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.identity.access import ABSOLUTE_TIMEOUT, Caller
from api.identity.audit.service import record_event
from api.identity.devices import Device
from api.identity.identification import CONFIRMED_FOR
from api.identity.models import Session
from api.identity.reader import Reader
from api.identity.roles import scopes_of
from api.identity.sessions.cookies import SETS_COOKIE, clear_session_cookie, set_session_cookie
from api.identity.sessions.repository import OWN_BUSINESSES, SIGNED_IN, SessionRepository
from api.identity.sessions.schemas import OwnBusiness, PresentBusiness, SignedIn, SignedInUser, Support
from api.identity.users.service import find_user
from api.platform.clock import now
from api.platform.crypto import fingerprint, random_secret
from api.platform.db.reads import ACROSS_BUSINESSES, ReadRow
from api.platform.db.work import UnitOfWork
from api.platform.errors import FieldError, Invalid, NotFound, Unauthenticated
from api.platform.http.paging import Paging, Slice
from api.platform.ids import encode
from api.platform.settings import Settings

__all__ = [
    "SETS_COOKIE",
    "OpenedSession",
    "SessionService",
    "SignedIn",
    "WrongCredentials",
    "clear_session_cookie",
    "describe_caller",
    "forget_ended",
    "name_of_caller",
    "set_session_cookie",
]


class WrongCredentials(Unauthenticated):
    """One answer for an unknown address and for a wrong password, so that it reveals no account."""

    code, title = "wrong_credentials", "The e-mail address or the password is wrong"
    remedy = "Check both and try again."


@dataclass(frozen=True)
class OpenedSession:
    """A new session. The secret goes into the cookie and is not stored."""

    secret: str
    user_id: UUID
    business_id: UUID


class SessionService:
    """Sessions of users."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._sessions = SessionRepository(work)

    async def sign_in(self, email: str, matching_hash: str | None, device: Device) -> OpenedSession | None:
        """Open a session in the business that the user used last; None for wrong credentials. Both are audited.

        `matching_hash` is the hash that the given password matches, None if it matches none.
        """
        user = await find_user(self._work, email)
        is_right = user is not None and user.password_hash == matching_hash
        business_id = await self._sessions.last_business_of(user.id) if user else None
        self._work.actor = encode("usr", user.id) if user else "nobody"
        if user is None or business_id is None or not is_right:
            record_event(self._work, "session.sign_in", outcome="refused", business_id=business_id)
            return None
        return await self.open(user.id, business_id, device)

    async def open(self, user_id: UUID, business_id: UUID, device: Device) -> OpenedSession:
        """Open a session with a new secret."""
        actor = encode("usr", user_id)
        await self._work.enter(business_id, actor=actor)
        secret = random_secret()
        record_event(self._work, "session.sign_in", subject=actor)
        await self._sessions.add(
            Session(
                token_hash=fingerprint(secret),
                user_id=user_id,
                business_id=business_id,
                browser=device.browser,
                address=device.address,
                confirmed_at=now(),
                last_seen_at=now(),
                expires_at=now() + ABSOLUTE_TIMEOUT,
            )
        )
        return OpenedSession(secret, user_id, business_id)

    async def end(self, session_id: UUID) -> None:
        """End a session. From the next request on its cookie is refused."""
        await self._sessions.end(session_id)
        record_event(self._work, "session.sign_out")

    async def page(self, user_id: UUID, current: UUID, paging: Paging) -> Slice:
        """List the sessions of a user that can still be used, newest first."""
        return await self._sessions.page(user_id, current, paging)

    async def end_own(self, session_id: UUID, user_id: UUID) -> None:
        """End one of the user's sessions. Raises NotFound for an unknown session and for a session of others."""
        if not await self._sessions.end_own(session_id, user_id):
            raise NotFound()
        record_event(self._work, "session.end", subject=encode("ses", session_id))

    async def confirm(self, session_id: UUID) -> datetime:
        """Remember that the user has just given the password; until when this counts."""
        instant = now()
        await self._sessions.confirm(session_id, instant)
        record_event(self._work, "session.confirm", subject=encode("ses", session_id))
        return instant + CONFIRMED_FOR

    async def end_all(self, user_id: UUID, *, keep: UUID | None) -> None:
        """End the sessions of a user, except `keep`."""
        await self._sessions.end_all(user_id, keep=keep)

    async def last_business_of(self, user_id: UUID) -> UUID | None:
        """The business that the user used last; None for a user of no business."""
        return await self._sessions.last_business_of(user_id)

    async def forget(self, secret: str) -> None:
        """Delete the session that a browser had before it signed in again."""
        await self._sessions.forget(secret)

    async def switch(self, session_id: UUID, user_id: UUID, business_id: UUID) -> None:
        """Switch a session to another business of its user. Raises Invalid for a business of others."""
        if not await self._sessions.is_member(user_id, business_id):
            detail = "You belong to no business with this id."
            raise Invalid(errors=[FieldError("unknown_business", detail, pointer="#/business_id")])
        await self._sessions.switch(session_id, business_id)
        await self._work.enter(business_id)

    async def choose_mail(self, user_id: UUID, *, wants_mail: bool) -> None:
        """Get mails about the business of the unit of work, or none."""
        await self._sessions.choose_mail(user_id, self._work.business_id, wants_mail=wants_mail)
        record_event(self._work, "user.choose_mail", subject=encode("usr", user_id), wants_mail=wants_mail)

    async def name_of(self, user_id: UUID) -> str:
        """The name of a user."""
        return (await self._sessions.user(user_id)).name

    async def may(self, user_id: UUID, scope: str) -> bool:
        """Whether the user's present role in the business of the unit of work has this scope."""
        own = await self._sessions.businesses_of(user_id)
        return any(scope in scopes_of(row["role"]) for row in own if row["id"] == self._work.business_id)

    async def describe(self, user_id: UUID, settings: Settings) -> SignedIn:
        """Describe the user in the business of the unit of work, with all businesses of the user."""
        user, own = await self._sessions.signed_in(user_id), await self._sessions.businesses_of(user_id)
        return _described(user, own, self._work.business_id, settings)


async def describe_caller(reader: Reader, settings: Settings) -> SignedIn:
    """Describe the user who calls, with all businesses of the user."""
    (user,), _, own = await reader.fetch(SIGNED_IN, ACROSS_BUSINESSES, OWN_BUSINESSES)
    return _described(user, own, reader.identity.business_id, settings)


def _described(user: ReadRow, own: Sequence[ReadRow], business_id: UUID, settings: Settings) -> SignedIn:
    present = next(row for row in own if row["id"] == business_id)
    return SignedIn(
        user=SignedInUser.model_validate(user),
        business=PresentBusiness.model_validate(present),
        businesses=[OwnBusiness.model_validate(row) for row in own],
        role=present["role"],
        wants_mail=present["wants_mail"],
        scopes=sorted(scopes_of(present["role"])),
        locale=present["locale"],
        time_zone=present["time_zone"],
        support=Support(email=settings.support_email, phone=settings.support_phone),
        xero_stand_in=settings.xero_is_stand_in,
    )


async def forget_ended(work: UnitOfWork) -> None:
    """Delete the sessions that cannot be used any more."""
    await SessionRepository(work).forget_ended()


async def name_of_caller(caller: Caller) -> str:
    """The name of the calling user, or "API key"."""
    return await SessionService(caller.work).name_of(caller.user_id) if caller.user_id else "API key"
