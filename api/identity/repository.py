"""Sessions and API keys of all businesses, by their secrets: the business is known only after one was read."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, select, update

from api.identity.models import ApiKey, Membership, Session
from api.platform.crypto import fingerprint
from api.platform.db.work import UnitOfWork


class CredentialRepository:
    """What a caller presents, with the present role of the user it stands for."""

    def __init__(self, work: UnitOfWork) -> None:
        self._session = work.session

    async def session_with_role(self, secret: str) -> Row[Session, str] | None:
        """The session with this secret, if its user is still a member of its business."""
        statement = (
            select(Session, Membership.role)
            .join(
                Membership,
                (Membership.user_id == Session.user_id) & (Membership.business_id == Session.business_id),
            )
            .where(Session.token_hash == fingerprint(secret))
        )
        return (await self._session.execute(statement)).one_or_none()

    async def api_key_with_role(self, handle: str) -> Row[ApiKey, str] | None:
        """The key with this handle, revoked or not; the role is None if its creator has left the business."""
        statement = (
            select(ApiKey, Membership.role)
            .outerjoin(
                Membership, (Membership.user_id == ApiKey.created_by) & (Membership.business_id == ApiKey.business_id)
            )
            .where(ApiKey.handle == handle)
        )
        return (await self._session.execute(statement)).one_or_none()

    async def note_session_use(self, session_id: UUID, instant: datetime) -> None:
        """Remember when the session was last used."""
        await self._session.execute(update(Session).where(Session.id == session_id).values(last_seen_at=instant))

    async def note_key_use(self, key_id: UUID, instant: datetime) -> None:
        """Remember when the key was last used."""
        await self._session.execute(update(ApiKey).where(ApiKey.id == key_id).values(last_used_at=instant))
