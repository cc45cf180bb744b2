"""Accounts of users: the password, the e-mail address, and the links that are sent to it."""

from datetime import datetime
from uuid import UUID

from fastapi import Request

from api.identity.access import Caller
from api.identity.account.messages import RESET_LIFETIME, VERIFICATION_LIFETIME, reset_message, verification_message
from api.identity.account.repository import AccountRepository
from api.identity.audit.service import record_event
from api.identity.models import User
from api.identity.passwords import check_words
from api.identity.sessions.service import SessionService
from api.identity.throttle import begin_attempt_of_session
from api.identity.users.service import MemberService, find_user, mark_email_verified, matching_hash
from api.platform.clock import now
from api.platform.crypto import random_secret
from api.platform.db.work import SYSTEM, Database, UnitOfWork
from api.platform.errors import Conflict, FieldError, Invalid
from api.platform.ids import encode
from api.platform.log import get_logger
from api.platform.mail import Mailer, MailMessage

_RESET, _VERIFICATION = "password_reset", "email_verification"
_logger = get_logger("jobtally.identity")


class BelongsElsewhere(Conflict):
    """An administrator of this business must not get into another one through this person."""

    code, title = "belongs_elsewhere", "This person also belongs to another business"
    remedy = "Ask them to choose Forgot password, or ask the operator of Jobtally for a link."


class EmailVerified(Conflict):
    code, title = "email_verified", "This e-mail address is confirmed already"
    remedy = "Go on; there is nothing to do."


class AccountService:
    """The account of one user at a time."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._accounts = AccountRepository(work)

    async def change_password(
        self, user_id: UUID, session_id: UUID, present_hash: str, password: str, new_hash: str
    ) -> None:
        """Store a new password and end the user's other sessions. Raises Invalid if the password changed meanwhile."""
        user = await self._accounts.user(user_id)
        await self._check_words(password, user, pointer="#/new_password")
        if user.password_hash != present_hash:
            raise wrong_password("#/current_password")
        await self._set_password(user, new_hash, keep=session_id)
        record_event(self._work, "user.change_password", subject=encode("usr", user_id))

    async def reset_by_address(self, email: str, app_url: str) -> MailMessage | None:
        """The mail with a link for the user with this address; None if there is none."""
        user = await find_user(self._work, email)
        if user is None:
            return None
        business_id = await SessionService(self._work).last_business_of(user.id)
        record_event(self._work, "user.request_reset", subject=encode("usr", user.id), business_id=business_id)
        return (await self._reset_link(user.id, email, app_url))[1]

    async def reset_of_member(self, user_id: UUID, app_url: str) -> tuple[datetime, MailMessage]:
        """A link for a member, and when it expires. Raises BelongsElsewhere for a member of several businesses."""
        member = await MemberService(self._work).get(user_id)
        if await self._accounts.belongs_elsewhere(user_id, self._work.business_id):
            raise BelongsElsewhere()
        record_event(self._work, "user.create_reset", subject=encode("usr", user_id))
        return await self._reset_link(user_id, member.email, app_url)

    async def forget_reset(self, user_id: UUID) -> None:
        """Make an unused link for a new password useless.

        For a user who joins a business: the administrator of an earlier one may hold a link.
        """
        await self._accounts.forget_link(user_id, _RESET)

    async def reset_password(self, token: str, password: str, new_hash: str) -> None:
        """Store a new password and end all sessions of the link's user. Raises Invalid for an unusable link."""
        user_id = await self._use_link(_RESET, token)
        subject = self._work.actor = encode("usr", user_id)
        business_id = await SessionService(self._work).last_business_of(user_id)  # before the sessions end
        user = await self._accounts.user(user_id)
        await self._check_words(password, user, pointer="#/password")
        await self._set_password(user, new_hash, keep=None)
        record_event(self._work, "user.reset_password", subject=subject, business_id=business_id)

    async def verification(self, user_id: UUID, app_url: str) -> MailMessage:
        """The mail with a link that verifies the user's address. Raises EmailVerified if it is verified already."""
        user = await self._accounts.user(user_id)
        if user.email_verified:
            raise EmailVerified()
        secret = random_secret()
        await self._accounts.replace_link(user_id, _VERIFICATION, secret, now() + VERIFICATION_LIFETIME)
        return verification_message(user.email, app_url, secret)

    async def verify_email(self, token: str) -> None:
        """Store that the address of the link's user is verified. Raises Invalid for an unusable link."""
        user_id = await self._use_link(_VERIFICATION, token)
        subject = self._work.actor = encode("usr", user_id)
        await mark_email_verified(self._work, user_id)
        business_id = await SessionService(self._work).last_business_of(user_id)
        record_event(self._work, "user.verify_email", subject=subject, business_id=business_id)

    async def _check_words(self, password: str, user: User, *, pointer: str) -> None:
        names = await self._accounts.business_names(user.id)
        check_words(password, (user.name, user.email, *names), pointer=pointer)

    async def _use_link(self, purpose: str, token: str) -> UUID:
        user_id = await self._accounts.use_link(purpose, token)
        if user_id is None:
            detail = "This link is unknown, used or expired. Ask for a new one."
            raise Invalid(errors=[FieldError("link_unusable", detail, pointer="#/token")])
        return user_id

    async def _reset_link(self, user_id: UUID, email: str, app_url: str) -> tuple[datetime, MailMessage]:
        secret, expires_at = random_secret(), now() + RESET_LIFETIME
        await self._accounts.replace_link(user_id, _RESET, secret, expires_at)
        return expires_at, reset_message(email, app_url, secret)

    async def _set_password(self, user: User, password_hash: str, *, keep: UUID | None) -> None:
        user.password_hash = password_hash
        await self._accounts.forget_link(user.id, _RESET)
        await SessionService(self._work).end_all(user.id, keep=keep)


async def reset_link(database: Database, email: str, app_url: str) -> str | None:
    """A link for the user with this address, made by the operator; None if there is no such user."""
    async with database.work(SYSTEM, actor="operator") as work:
        message = await AccountService(work).reset_by_address(email, app_url)
    return message.secret if message else None


async def send_password_reset(database: Database, mailer: Mailer, email: str, app_url: str) -> None:
    """Send the mail with a link to the user with this address, if there is one."""
    if not mailer.is_set_up:
        _logger.info("mail is not set up: an administrator or `jobtally users reset-link` makes the link")
        return
    async with database.work(SYSTEM, actor="nobody") as work:
        message = await AccountService(work).reset_by_address(email, app_url)
    if message is not None:
        await mailer.send(message)


async def own_hash(request: Request, caller: Caller, password: str, *, pointer: str) -> str:
    """The stored hash of the signed-in user's own password. A wrong one is counted, audited and raises Invalid.

    Call it while no transaction is open.
    """
    database: Database = request.app.state.database
    assert caller.user_id is not None
    assert caller.session_id is not None
    async with database.work(SYSTEM) as work:
        email = (await AccountRepository(work).user(caller.user_id)).email
    attempt = await begin_attempt_of_session(request, encode("ses", caller.session_id))
    stored = await matching_hash(database, email, password, attempt.waiter)
    if stored is None:
        async with database.work(caller.business_id, actor=caller.actor) as work:
            record_event(work, "user.check_password", subject=caller.actor, outcome="refused")
        raise wrong_password(pointer)
    attempt.succeed()
    return stored


def wrong_password(pointer: str) -> Invalid:
    """The error of a signed-in user who gave another password than their own."""
    return Invalid(errors=[FieldError("wrong_password", "This is not your present password.", pointer=pointer)])


async def forget_expired(work: UnitOfWork) -> None:
    """Delete the one-time links that can no longer be used."""
    await AccountRepository(work).forget_expired_links()
