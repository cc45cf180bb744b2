"""Users and their memberships of a business."""

from typing import Any
from uuid import UUID

from api.identity.audit.service import record_event
from api.identity.models import Membership, User
from api.identity.passwords import hashed, matches
from api.identity.roles import Role
from api.identity.users.repository import MemberRepository, find_user
from api.platform.db.work import UnitOfWork
from api.platform.errors import Conflict, FieldError
from api.platform.http.paging import Paging, Slice
from api.platform.ids import encode

__all__ = [
    "EmailTaken",
    "LastAdministrator",
    "MemberService",
    "find_user",
    "register_user",
    "verify_password",
]


class EmailTaken(Conflict):
    """A user with this address exists."""

    code, title = "email_taken", "This e-mail address has signed up before"
    remedy = "Sign in with it, or use another address."


class LastAdministrator(Conflict):
    """A business nobody may administer could never be mended."""

    code, title = "last_admin", "This is the only administrator"
    remedy = "Make somebody else an administrator first."


class MemberService:
    """Members of the business at work."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._members = MemberRepository(work)

    async def page(self, paging: Paging) -> Slice:
        """Members in the order of joining."""
        return await self._members.page(paging)

    async def get(self, user_id: UUID) -> Any:
        """One member."""
        return await self._members.told(user_id)

    async def has(self, email: str) -> bool:
        """Whether somebody with this address belongs to the business."""
        return await self._members.has(email)

    async def join(self, user_id: UUID, role: str) -> None:
        """Make a user a member."""
        await self._members.add(Membership(user_id=user_id, role=role))

    async def change_role(self, user_id: UUID, role: Role) -> Any:
        """Give a member another role, from their next request on."""
        administrators = await self._members.administrators()
        member = await self._members.of(user_id)
        if role != "admin":
            _spare_the_last(member, administrators)
        if role != member.role:
            before, member.role = member.role, role
            subject = encode("usr", user_id)
            record_event(self._work, "user.change_role", subject=subject, before=before, after=role)
            await self._work.session.flush()
        return await self._members.told(user_id)

    async def remove(self, user_id: UUID) -> None:
        """Take a member out of the business and end their sessions here; what they did stays."""
        administrators = await self._members.administrators()
        member = await self._members.of(user_id)
        _spare_the_last(member, administrators)
        record_event(self._work, "user.remove", subject=encode("usr", user_id), role=member.role)
        await self._members.delete(member)
        await self._members.end_sessions(user_id)


def _spare_the_last(member: Membership, administrators: int) -> None:
    if member.role == "admin" and administrators == 1:
        raise LastAdministrator()


async def verify_password(user: User | None, password: str) -> bool:
    """Whether the password is this user's; an unknown user takes as long, so that the time reveals nothing."""
    return await matches(password, user.password_hash if user else None)


async def register_user(work: UnitOfWork, name: str, email: str, password: str) -> UUID:
    """A new user; EmailTaken when the address is known."""
    if await find_user(work, email) is not None:
        raise EmailTaken(errors=[FieldError(EmailTaken.code, EmailTaken.remedy, pointer="#/email")])
    user = User(email=email, name=name, password_hash=await hashed(password))
    work.session.add(user)
    await work.session.flush()
    return user.id
