"""Who presents a session cookie or an API key: read again for each request, and kept nowhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from fastapi import Request
from fastapi.security import HTTPAuthorizationCredentials

from api.identity.origins import check_origin, session_cookie_name
from api.identity.repository import CredentialRepository, api_key_read, session_read
from api.identity.roles import scopes_of
from api.platform.clock import now
from api.platform.db.reads import Read, ReadRow, Reads
from api.platform.db.work import UnitOfWork
from api.platform.errors import BadRequest, Unauthenticated
from api.platform.ids import encode

IDLE_TIMEOUT = timedelta(hours=12)
CONFIRMED_FOR = timedelta(minutes=10)
_TOUCH_INTERVAL = timedelta(minutes=1)


class MixedCredentials(BadRequest):
    code, title = "mixed_credentials", "A session cookie and an API key came together"
    remedy = "Send one of the two: browsers the cookie, programs the key."


@dataclass(frozen=True)
class Identity:
    """Who calls, for which business, with which scopes. `last_used_at` is when the credentials were used last."""

    business_id: UUID
    actor: str
    scopes: frozenset[str]
    credential_id: UUID
    last_used_at: datetime | None
    user_id: UUID | None = None
    session_id: UUID | None = None
    is_confirmed: bool = True


@dataclass(frozen=True)
class Credentials:
    """What a request presents: `read` finds out whose it is, and limits the statements that follow it."""

    read: Read
    instant: datetime
    is_session: bool

    def identity(self, row: ReadRow) -> Identity:
        """The identity in the row of `read`. Raises Unauthenticated if the credentials are not valid."""
        if row["id"] is None:
            kind = "Your session has ended. Sign in again." if self.is_session else _KEY_REFUSED
            raise Unauthenticated(kind)
        return self._of_session(row) if self.is_session else self._of_key(row)

    def _of_session(self, row: ReadRow) -> Identity:
        return Identity(
            row["business_id"],
            encode("usr", row["user_id"]),
            scopes_of(row["role"]),
            row["id"],
            row["last_used_at"],
            user_id=row["user_id"],
            session_id=row["id"],
            is_confirmed=row["confirmed_at"] > self.instant - CONFIRMED_FOR,
        )

    def _of_key(self, row: ReadRow) -> Identity:
        # A key never has more scopes than its creator has now: none when the creator has left the business.
        scopes = frozenset(row["scopes"]) & scopes_of(row["role"])
        return Identity(row["business_id"], encode("key", row["id"]), scopes, row["id"], row["last_used_at"])


_KEY_REFUSED = "This API key is unknown, expired or revoked."


def credentials_of(request: Request, bearer: HTTPAuthorizationCredentials | None) -> Credentials:
    """The credentials of a request. Raises Unauthenticated without any, MixedCredentials, ForeignOrigin."""
    cookie = request.cookies.get(session_cookie_name(request))
    if bearer is not None and cookie is not None:
        raise MixedCredentials
    if bearer is not None:
        return _of_key(bearer.credentials)
    if cookie is None:
        raise Unauthenticated()
    check_origin(request)
    return of_session(cookie)


def of_session(secret: str) -> Credentials:
    """The credentials of a session cookie."""
    instant = now()
    return Credentials(session_read(secret, instant, instant - IDLE_TIMEOUT), instant, is_session=True)


async def identify(reads: Reads, credentials: Credentials) -> Identity:
    """Read whose credentials these are. Raises Unauthenticated."""
    ((row,),) = await reads.fetch(credentials.read)
    return credentials.identity(row)


def is_use_due(identity: Identity, instant: datetime) -> bool:
    """Whether it is a minute since the use of the credentials was noted."""
    return identity.last_used_at is None or identity.last_used_at <= instant - _TOUCH_INTERVAL


async def note_use(work: UnitOfWork, identity: Identity, instant: datetime) -> None:
    """Note when the credentials were used."""
    used = CredentialRepository(work)
    note = used.note_session_use if identity.session_id is not None else used.note_key_use
    await note(identity.credential_id, instant)


def _of_key(presented: str) -> Credentials:
    parts = presented.split("_", 2)
    handle = parts[1] if len(parts) == 3 and parts[0] == "jt" else ""
    instant = now()
    return Credentials(api_key_read(handle, presented, instant), instant, is_session=False)
