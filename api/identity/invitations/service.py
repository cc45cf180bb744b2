"""Invitations and their acceptance."""

from datetime import timedelta
from uuid import UUID

from api.identity.account.service import AccountService
from api.identity.audit.service import AuditService, record_event
from api.identity.businesses.service import business_name
from api.identity.devices import Device
from api.identity.invitations.repository import InvitationRepository, find_invitation, forget_expired_invitations
from api.identity.invitations.schemas import InvitationOut
from api.identity.models import Invitation
from api.identity.passwords import check_words, hash_password, matches
from api.identity.roles import Role
from api.identity.sessions.service import OpenedSession, SessionService, WrongCredentials
from api.identity.turns import Waiter
from api.identity.users.service import MemberService, find_user, mark_email_verified, register_user
from api.platform.clock import now
from api.platform.crypto import fingerprint, random_secret
from api.platform.db.work import SYSTEM, Database, UnitOfWork
from api.platform.errors import Conflict, FieldError, Invalid, TooManyRequests
from api.platform.http.paging import Paging, Slice
from api.platform.http.versions import ANY_VERSION, ExpectedVersion
from api.platform.ids import encode
from api.platform.mail import MailMessage

__all__ = [
    "AlreadyMember",
    "InvitationAcceptance",
    "InvitationService",
    "TooManyInvitations",
    "WrongCredentials",
    "forget_expired",
    "hash_for_acceptance",
]
_MOST_A_DAY, _RETRY_SECONDS = 20, 3600
_LIFETIME = timedelta(days=7)


class AlreadyMember(Conflict):
    """The address belongs to a member already."""

    code, title = "already_member", "This person belongs to the business already"
    remedy = "Change their role instead."


class TooManyInvitations(TooManyRequests):
    """Invitations are mails in the name of the installation, to addresses that anybody may choose.

    They are counted for the business and, over all businesses of the user, for the user: anybody may add businesses.
    """

    code, title = "too_many_invitations", "Twenty invitations were sent within a day"
    remedy = "Wait until tomorrow to invite more people."


class InvitationService:
    """Invitations of the business of the unit of work."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._invitations = InvitationRepository(work)

    async def create(self, email: str, role: Role, app_url: str, *, invited_by: UUID) -> tuple[Invitation, MailMessage]:
        """Create an invitation; returns it with the message that has its link. Earlier ones are deleted."""
        if await MemberService(self._work).has(email):
            raise AlreadyMember(errors=[FieldError(AlreadyMember.code, AlreadyMember.remedy, pointer="#/email")])
        await self._check_count_of_a_day(invited_by)
        await self._invitations.replace(email)
        secret = random_secret()
        invitation = await self._invitations.add(
            Invitation(email=email, role=role, token_hash=fingerprint(secret), expires_at=now() + _LIFETIME)
        )
        record_event(self._work, "invitation.create", subject=encode("ivt", invitation.id), role=role)
        name = await business_name(self._work)
        return invitation, _mail_message(email, name, f"{app_url}/invitation#{secret}")

    async def _check_count_of_a_day(self, user_id: UUID) -> None:
        events, action = AuditService(self._work), "invitation.create"
        for count in (await events.count_of_a_day(action), await events.count_of_a_day_by(user_id, action)):
            if count >= _MOST_A_DAY:
                raise TooManyInvitations(headers={"Retry-After": str(_RETRY_SECONDS)})

    async def page(self, paging: Paging) -> Slice:
        """List the invitations that are neither accepted nor expired, newest first."""
        return await self._invitations.page(paging)

    async def get(self, invitation_id: UUID) -> Invitation:
        """Read one invitation that is neither accepted nor expired."""
        return await self._invitations.get(invitation_id)

    async def withdraw(self, invitation_id: UUID, expected: ExpectedVersion = ANY_VERSION) -> None:
        """Delete an invitation, so that its link stops working."""
        invitation = await self._invitations.get(invitation_id, locked=True)
        await expected.check(InvitationOut, lambda: self.get(invitation_id))
        record_event(self._work, "invitation.withdraw", subject=encode("ivt", invitation.id))
        await self._invitations.delete(invitation)


class InvitationAcceptance:
    """Acceptance of an invitation. No user is signed in yet; the token identifies the business."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def accept(
        self, token: str, name: str | None, password: str, password_hash: str | None, device: Device
    ) -> OpenedSession:
        """Join with a new or an existing account. Raises WrongCredentials for a wrong password of an existing one.

        `password_hash` is the answer of `hash_for_acceptance`.
        """
        invitation = await find_invitation(self._work, token, locked=True)
        if invitation is None or invitation.accepted_at is not None or invitation.expires_at <= now():
            detail = "This invitation is unknown, used or expired. Ask for a new one."
            raise Invalid(errors=[FieldError("invitation_unusable", detail, pointer="#/token")])
        user_id = await self._account(invitation, name, password, password_hash)
        await mark_email_verified(self._work, user_id)  # the link went to this address
        await AccountService(self._work).forget_reset(user_id)
        invitation.accepted_at = now()
        await self._work.enter(invitation.business_id, actor=encode("usr", user_id))
        members = MemberService(self._work)
        if not await members.has(invitation.email):
            await members.join(user_id, invitation.role)
        record_event(self._work, "invitation.accept", subject=encode("ivt", invitation.id), role=invitation.role)
        return await SessionService(self._work).open(user_id, invitation.business_id, device)

    async def _account(
        self, invitation: Invitation, name: str | None, password: str, password_hash: str | None
    ) -> UUID:
        user = await find_user(self._work, invitation.email)
        if user is not None and user.password_hash == password_hash:
            return user.id
        if user is not None or password_hash is None:
            raise WrongCredentials()
        if name is None:
            detail = "This is required for a person who has no account yet."
            raise Invalid(errors=[FieldError("required", detail, pointer="#/name")])
        await self._work.enter(invitation.business_id)
        check_words(password, (name, invitation.email, await business_name(self._work)), pointer="#/password")
        return await register_user(self._work, name, invitation.email, password_hash)


async def hash_for_acceptance(database: Database, token: str, password: str, waiter: Waiter) -> str | None:
    """The hash that the invited person's account has or will have; None for a wrong password or an unknown token.

    No transaction is open while the password is hashed.
    """
    async with database.work(SYSTEM) as work:
        invitation = await find_invitation(work, token)
        user = await find_user(work, invitation.email) if invitation else None
    if invitation is None:
        return None
    if user is None:
        return await hash_password(password, waiter)
    return user.password_hash if await matches(password, user.password_hash, waiter) else None


def _mail_message(email: str, business_name: str, address: str) -> MailMessage:
    text = (
        f"You are invited to work in {business_name} on Jobtally.\n\n"
        f"Open this address within {_LIFETIME.days} days to accept:\n\n{{secret}}\n\n"
        "If you do not know this business, do nothing.\n"
    )
    return MailMessage(to=email, subject=f"Join {business_name} on Jobtally", text=text, secret=address)


async def forget_expired(work: UnitOfWork) -> None:
    """Delete the invitations that can no longer be accepted."""
    await forget_expired_invitations(work, _LIFETIME)
