"""Users and their memberships of a business."""

from typing import Any
from uuid import UUID

from api.identity.api_keys.service import ApiKeyService
from api.identity.audit.service import record_event
from api.identity.models import Membership, User
from api.identity.passwords import matches
from api.identity.roles import Role
from api.identity.turns import Waiter
from api.identity.users.repository import MemberRepository, find_user, mark_email_verified
from api.identity.users.schemas import MemberOut
from api.platform.db.work import SYSTEM, Database, UnitOfWork
from api.platform.errors import Conflict, FieldError
from api.platform.http.paging import Paging, Slice
from api.platform.http.versions import ANY_VERSION, ExpectedVersion
from api.platform.ids import encode

__all__ = [
    "EmailTaken",
    "LastAdministrator",
    "MemberService",
    "find_user",
    "mark_email_verified",
    "matching_hash",
    "register_user",
]


class EmailTaken(Conflict):
    """A user with this address exists."""

    code, title = "email_taken", "This e-mail address has signed up before"
    remedy = "Sign in with it, or use another address."


class LastAdministrator(Conflict):
    """The change would leave the business without an administrator."""

    code, title = "last_admin", "This is the only administrator"
    remedy = "Make somebody else an administrator first."


class MemberService:
    """Members of the business of the unit of work."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._members = MemberRepository(work)

    async def page(self, paging: Paging) -> Slice:
        """List the members in the order of joining."""
        return await self._members.page(paging)

    async def get(self, user_id: UUID) -> Any:
        """Read one member."""
        return await self._members.as_row(user_id)

    async def has(self, email: str) -> bool:
        """Whether a user with this address belongs to the business."""
        return await self._members.has(email)

    async def join(self, user_id: UUID, role: str) -> None:
        """Add a user to the business. Nothing that opened it to an earlier membership opens it now."""
        await self._end_access(user_id)  # a sign-in at the moment of the removal may have left a session
        await self._members.add(Membership(user_id=user_id, role=role))

    async def change_role(self, user_id: UUID, role: Role, expected: ExpectedVersion = ANY_VERSION) -> Any:
        """Give a member another role. It takes effect from the member's next request on."""
        administrators = await self._members.administrators()
        member = await self._members.of(user_id)
        await expected.check(MemberOut, lambda: self.get(user_id))
        if role != "admin":
            _check_not_last_administrator(member, administrators)
        if role != member.role:
            before, member.role = member.role, role
            subject = encode("usr", user_id)
            record_event(self._work, "user.change_role", subject=subject, before=before, after=role)
            await self._work.session.flush()
        return await self._members.as_row(user_id)

    async def remove(self, user_id: UUID, expected: ExpectedVersion = ANY_VERSION) -> None:
        """Remove a member, end their sessions in the business and revoke their keys. What they did stays recorded."""
        administrators = await self._members.administrators()
        member = await self._members.of(user_id)
        await expected.check(MemberOut, lambda: self.get(user_id))
        _check_not_last_administrator(member, administrators)
        record_event(self._work, "user.remove", subject=encode("usr", user_id), role=member.role)
        await self._members.delete(member)
        await self._end_access(user_id)

    async def _end_access(self, user_id: UUID) -> None:
        await self._members.end_sessions(user_id)
        await ApiKeyService(self._work).revoke_of(user_id)


def _check_not_last_administrator(member: Membership, administrators: int) -> None:
    if member.role == "admin" and administrators == 1:
        raise LastAdministrator()


async def matching_hash(database: Database, email: str, password: str, waiter: Waiter) -> str | None:
    """The stored hash of the user with this address, if the password is right.

    No transaction is open while the password is hashed, so the caller compares the hash again in its own. An unknown
    address takes as long as a wrong password, so that the time reveals nothing.
    """
    async with database.work(SYSTEM) as work:
        user = await find_user(work, email)
    stored = user.password_hash if user else None
    return stored if await matches(password, stored, waiter) else None


async def register_user(work: UnitOfWork, name: str, email: str, password_hash: str) -> UUID:
    """Create a user. Raises EmailTaken when the address has an account."""
    if await find_user(work, email) is not None:
        raise EmailTaken(errors=[FieldError(EmailTaken.code, EmailTaken.remedy, pointer="#/email")])
    user = User(email=email, name=name, password_hash=password_hash)
    work.session.add(user)
    await work.session.flush()
    return user.id
