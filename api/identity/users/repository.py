"""Members of one business."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, select, update

from api.identity.models import Membership, Session, User
from api.platform.clock import now
from api.platform.db.repository import Repository
from api.platform.db.work import UnitOfWork
from api.platform.errors import NotFound
from api.platform.http.paging import Paging, Slice, keyset_page


class MemberRepository(Repository[Membership]):
    """Rows of `memberships`, looked up by their user."""

    model = Membership

    async def page(self, paging: Paging) -> Slice:
        """List the members in the order of joining."""
        return await keyset_page(self.session, self._member_rows(), paging, by=Membership.created_at, tie=Membership.id)

    async def as_row(self, user_id: UUID) -> object:
        """Read one member in the shape of the list."""
        row = (await self.session.execute(self._member_rows().where(Membership.user_id == user_id))).one_or_none()
        if row is None:
            raise NotFound()
        return row

    async def of(self, user_id: UUID) -> Membership:
        """Read and lock one membership. Raises NotFound for an unknown user and for a user of another business."""
        statement = self.rows().where(Membership.user_id == user_id).with_for_update()
        row: Membership | None = (await self.session.execute(statement)).scalar_one_or_none()
        if row is None:
            raise NotFound()
        return row

    async def administrators(self) -> int:
        """Count the administrators and lock them, so that two of them cannot leave at the same time."""
        statement = self.rows().where(Membership.role == "admin").with_for_update()
        return len((await self.session.execute(statement)).all())

    async def has(self, email: str) -> bool:
        """Whether a user with this address is a member."""
        statement = (
            select(func.count())
            .select_from(Membership)
            .join(User, User.id == Membership.user_id)
            .where(Membership.business_id == self.business_id, User.email == email)
        )
        return bool(await self.session.scalar(statement))

    async def end_sessions(self, user_id: UUID) -> None:
        """End all sessions of this user in this business."""
        theirs = delete(Session).where(Session.user_id == user_id, Session.business_id == self.business_id)
        await self.session.execute(theirs)

    def _member_rows(self) -> Select[*tuple[Any, ...]]:
        return (
            select(
                User.id.label("id"),
                User.name,
                User.email,
                Membership.role,
                Membership.created_at.label("joined_at"),
            )
            .join(User, User.id == Membership.user_id)
            .where(Membership.business_id == self.business_id)
        )


async def mark_email_verified(work: UnitOfWork, user_id: UUID) -> None:
    """Store that mail to the user's address arrives, with the first instant at which it was shown."""
    statement = update(User).where(User.id == user_id, User.email_verified_at.is_(None))
    await work.session.execute(statement.values(email_verified_at=now()))


async def find_user(work: UnitOfWork, email: str) -> User | None:
    """Find the user with this address (in lower case), of whatever business."""
    return (await work.session.execute(select(User).where(User.email == email))).scalar_one_or_none()
