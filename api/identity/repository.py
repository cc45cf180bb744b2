"""Sessions and API keys of all businesses, by their secrets: the business is known only after one was read."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    FromClause,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    func,
    join,
    literal,
    null,
    outerjoin,
    select,
    update,
)

from api.identity.models import ApiKey, Membership, Session
from api.platform.crypto import fingerprint
from api.platform.db.reads import Read
from api.platform.db.work import UnitOfWork

_INSTANT: Final = bindparam("instant", type_=DateTime(timezone=True))


def session_read(secret: str, instant: datetime, unused_since: datetime) -> Read:
    """One row: the session with this secret and the present role of its user.

    All is null if the session has ended or its user is no member of its business. The statements that follow in the
    same round trip are limited to the business of the session, and to no business without one.
    """
    return _SESSION.with_values(secret=fingerprint(secret), instant=instant, unused_since=unused_since)


def api_key_read(handle: str, presented: str, instant: datetime) -> Read:
    """One row: the key and the present role of its creator, which is null if the creator has left the business.

    All is null if the key is unknown, expired or revoked. Statements that follow are limited as for `session_read`.
    """
    return _API_KEY.with_values(handle=handle, secret=fingerprint(presented), today=instant.date())


class CredentialRepository:
    """When credentials were used."""

    def __init__(self, work: UnitOfWork) -> None:
        self._session = work.session

    async def note_session_use(self, session_id: UUID, instant: datetime) -> None:
        """Remember when the session was last used."""
        await self._session.execute(update(Session).where(Session.id == session_id).values(last_seen_at=instant))

    async def note_key_use(self, key_id: UUID, instant: datetime) -> None:
        """Remember when the key was last used."""
        await self._session.execute(update(ApiKey).where(ApiKey.id == key_id).values(last_used_at=instant))


def _set(name: str, value: Any) -> ColumnElement[str]:
    return func.set_config(f"app.{name}", func.coalesce(cast(value, Text), ""), True).label(f"set_{name}")


def _entering(
    business_id: Any,
    user_id: Any,
    columns: tuple[Any, ...],
    credentials: FromClause,
    valid: ColumnElement[bool],
) -> Read:
    """One row in any case, so that the business and the user of the round trip are set in any case."""
    always = select(literal(1).label("always")).subquery("always")
    settings = (_set("business_id", business_id), _set("user_id", user_id))
    statement: Select[*tuple[Any, ...]] = select(*columns, *settings)
    return Read.of(statement.select_from(outerjoin(always, credentials, valid)))


_SESSION: Final = _entering(
    Session.business_id,
    Session.user_id,
    (
        Session.id,
        Session.user_id,
        Session.business_id,
        Session.last_seen_at.label("last_used_at"),
        Session.confirmed_at,
        null().label("scopes"),
        Membership.role,
    ),
    join(
        Session,
        Membership,
        and_(Membership.user_id == Session.user_id, Membership.business_id == Session.business_id),
    ),
    and_(
        Session.token_hash == bindparam("secret", type_=Text()),
        Session.expires_at > _INSTANT,
        Session.last_seen_at > bindparam("unused_since", type_=DateTime(timezone=True)),
    ),
)
_API_KEY: Final = _entering(
    ApiKey.business_id,
    null(),
    (
        ApiKey.id,
        null().label("user_id"),
        ApiKey.business_id,
        ApiKey.last_used_at,
        null().label("confirmed_at"),
        ApiKey.scopes,
        Membership.role,
    ),
    outerjoin(
        ApiKey,
        Membership,
        and_(Membership.user_id == ApiKey.created_by, Membership.business_id == ApiKey.business_id),
    ),
    and_(
        ApiKey.handle == bindparam("handle", type_=Text()),
        ApiKey.secret_hash == bindparam("secret", type_=Text()),
        ApiKey.revoked_at.is_(None),
        ApiKey.expires_on >= bindparam("today", type_=Date()),
    ),
)
