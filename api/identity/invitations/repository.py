"""Invitations of one business that are neither accepted nor expired."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, delete, select

from api.identity.models import Invitation
from api.platform.clock import now
from api.platform.crypto import fingerprint
from api.platform.db.repository import Repository
from api.platform.db.work import UnitOfWork
from api.platform.http.paging import Paging, Slice, keyset_page


class InvitationRepository(Repository[Invitation]):
    """Rows of `invitations` that are neither accepted nor expired."""

    model = Invitation

    def rows(self) -> Select[Any]:
        return super().rows().where(Invitation.accepted_at.is_(None), Invitation.expires_at > now())

    async def page(self, paging: Paging) -> Slice:
        """List the invitations, newest first."""
        columns = (Invitation.id, Invitation.email, Invitation.role, Invitation.expires_at, Invitation.created_at)
        statement = select(*columns).where(
            Invitation.business_id == self.business_id,
            Invitation.accepted_at.is_(None),
            Invitation.expires_at > now(),
        )
        by, tie = Invitation.created_at, Invitation.id
        return await keyset_page(self.session, statement, paging, by=by, tie=tie, descending=True)

    async def replace(self, email: str) -> None:
        """Delete earlier invitations of this address, so that only the newest link works."""
        earlier = delete(Invitation).where(
            Invitation.business_id == self.business_id,
            Invitation.email == email,
            Invitation.accepted_at.is_(None),
        )
        await self.session.execute(earlier)


async def find_invitation(work: UnitOfWork, token: str, *, locked: bool = False) -> Invitation | None:
    """The invitation with this token, of whatever business, used and expired ones included."""
    statement = select(Invitation).where(Invitation.token_hash == fingerprint(token))
    if locked:
        statement = statement.with_for_update()
    return (await work.session.execute(statement)).scalar_one_or_none()


async def forget_expired_invitations(work: UnitOfWork, kept_for: timedelta) -> None:
    """Delete the invitations, of all businesses, that expired so long ago; until then their link says why."""
    await work.session.execute(delete(Invitation).where(Invitation.expires_at <= now() - kept_for))
