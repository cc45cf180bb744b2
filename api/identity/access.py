"""Authentication and authorisation: who calls a route, for which business, with which scopes."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from api.identity import refusals
from api.identity.origins import ForeignOrigin, check_origin, session_cookie_name
from api.identity.repository import CredentialRepository
from api.identity.roles import CONFIRMED_SCOPES, scopes_of
from api.platform.clock import now
from api.platform.crypto import fingerprint
from api.platform.db.work import SYSTEM, UnitOfWork
from api.platform.errors import BadRequest, Forbidden, Unauthenticated, raises
from api.platform.http import idempotency
from api.platform.ids import encode
from api.platform.log import bind_contextvars

IDLE_TIMEOUT = timedelta(hours=12)
ABSOLUTE_TIMEOUT = timedelta(days=30)
CONFIRMED_FOR = timedelta(minutes=10)
_TOUCH_INTERVAL = timedelta(minutes=1)

_bearer = HTTPBearer(auto_error=False, scheme_name="ApiKey", description="`Authorization: Bearer jt_…`")
_cookie = APIKeyCookie(name="jt_session", auto_error=False, scheme_name="Session", description="Set by signing in.")
S = TypeVar("S")


class MixedCredentials(BadRequest):
    code, title = "mixed_credentials", "A session cookie and an API key came together"
    remedy = "Send one of the two: browsers the cookie, programs the key."


class ScopeMissing(Forbidden):
    code, title = "scope_missing", "Your role or key does not allow this"
    remedy = "Ask an administrator of the business for the scope that is named."


class SessionOnly(Forbidden):
    code, title = "session_only", "Only a signed-in person can do this"
    remedy = "Sign in to the app; an API key is not enough here."


class ConfirmationRequired(Forbidden):
    code, title = "confirmation_required", "Confirm this with your password"
    remedy = "Send your password to POST /api/v1/session/confirmations, then repeat the request within ten minutes."


@dataclass(frozen=True)
class Caller:
    """The authenticated caller. `work` is limited to the caller's business.

    `is_confirmed`: the user gave the password in the last ten minutes. An API key needs no confirmation.
    """

    work: UnitOfWork
    business_id: UUID
    actor: str
    scopes: frozenset[str]
    user_id: UUID | None = None
    session_id: UUID | None = None
    is_confirmed: bool = True


async def request_work(request: Request) -> AsyncIterator[UnitOfWork]:
    """The unit of work of the request. It commits before the response is sent."""
    async with request.app.state.database.work(SYSTEM) as work:
        yield work


WorkDep = Annotated[UnitOfWork, Depends(request_work, scope="function")]


@dataclass(frozen=True)
class OptionalSession:
    """The session of the request, if there is a valid one. Without it `user_id` is None."""

    work: UnitOfWork
    user_id: UUID | None = None
    session_id: UUID | None = None


async def optional_session(request: Request, work: WorkDep) -> OptionalSession:
    """The session of the request's cookie, if it is valid. A missing or ended session is no error."""
    cookie = request.cookies.get(session_cookie_name(request))
    if cookie is None:
        return OptionalSession(work)
    try:
        caller = await _by_session(work, cookie)
    except Unauthenticated:
        return OptionalSession(work)
    check_origin(request)
    return OptionalSession(work, caller.user_id, caller.session_id)


async def read_optional_session(request: Request) -> OptionalSession:
    """Like `optional_session`, but the transaction is closed."""
    async with request.app.state.database.work(SYSTEM) as work:
        return await optional_session(request, work)


@raises(Unauthenticated, MixedCredentials, on_change=[ForeignOrigin])
async def authenticate(
    request: Request,
    work: WorkDep,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    _: Annotated[str | None, Depends(_cookie)],
) -> Caller:
    """The caller of the cookie or API key. Counts the request."""
    return await _authenticated(request, work, bearer)


async def _authenticated(request: Request, work: UnitOfWork, bearer: HTTPAuthorizationCredentials | None) -> Caller:
    cookie = request.cookies.get(session_cookie_name(request))
    if bearer is not None and cookie is not None:
        raise MixedCredentials
    if bearer is not None:
        caller = await _by_key(work, bearer.credentials)
    elif cookie is not None:
        check_origin(request)
        caller = await _by_session(work, cookie)
    else:
        raise Unauthenticated()
    bind_contextvars(actor=caller.actor, business_id=str(caller.business_id))
    request.state.caller = caller.actor
    request.state.headers = await request.app.state.limiter.spend(caller.actor)
    return caller


@raises(ScopeMissing)
async def with_scopes(
    request: Request, caller: Annotated[Caller, Depends(authenticate)], wanted: SecurityScopes
) -> Caller:
    """The caller, if they have every scope that the route requires. Raises ScopeMissing, and audits the refusal."""
    if error := _scope_error(caller, wanted):
        if await refusals.is_worth_recording(request, caller.actor):
            refusals.record(request, caller.work, wanted.scopes)
            await caller.work.session.commit()  # nothing else was written, and the error rolls back what follows
        raise error
    return caller


async def allowed(request: Request, caller: Annotated[Caller, Depends(with_scopes)]) -> Caller:
    """Like `with_scopes`. Looks for a stored answer of the request's Idempotency-Key, once the right is checked."""
    return await _without_replay(request, caller)


@raises(ConfirmationRequired)
async def confirmed(request: Request, caller: Annotated[Caller, Depends(with_scopes)]) -> Caller:
    """Like `allowed`, for a scope of CONFIRMED_SCOPES. Raises ConfirmationRequired."""
    return await _without_replay(request, _confirmed(caller))


@raises(SessionOnly)
async def signed_in_user(request: Request, caller: Annotated[Caller, Depends(authenticate)]) -> Caller:
    """The caller, if it is a signed-in user. Raises SessionOnly for an API key."""
    return await _without_replay(request, _person(caller))


async def _without_replay(request: Request, caller: Caller) -> Caller:
    await idempotency.begin(request, caller.work, f"{caller.business_id}:{caller.actor}")
    return caller


def _scope_error(caller: Caller, wanted: SecurityScopes) -> ScopeMissing | None:
    missing = [scope for scope in wanted.scopes if scope not in caller.scopes]
    return ScopeMissing(f"This needs the scope {', '.join(missing)}.") if missing else None


def _confirmed(caller: Caller) -> Caller:
    if not caller.is_confirmed:
        raise ConfirmationRequired
    return caller


def _person(caller: Caller) -> Caller:
    if caller.user_id is None:
        raise SessionOnly
    return caller


@raises(Unauthenticated, MixedCredentials, on_change=[ForeignOrigin])
async def authenticate_without_transaction(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    cookie: Annotated[str | None, Depends(_cookie)],
) -> Caller:
    """The caller, with the unit of work already closed: for routes that wait or call Xero.

    Their answers are not stored by Idempotency-Key, because storing needs the transaction that made the answer.
    """
    async with request.app.state.database.work(SYSTEM) as work:
        return await _authenticated(request, work, bearer)


@raises(SessionOnly)
async def signed_in_user_without_transaction(
    caller: Annotated[Caller, Depends(authenticate_without_transaction)],
) -> Caller:
    """Like `signed_in_user`, but the transaction is closed."""
    return _person(caller)


@raises(ScopeMissing)
async def allowed_without_transaction(
    request: Request, caller: Annotated[Caller, Depends(authenticate_without_transaction)], wanted: SecurityScopes
) -> Caller:
    """Like `allowed`, but the transaction is closed."""
    if error := _scope_error(caller, wanted):
        if await refusals.is_worth_recording(request, caller.actor):
            async with request.app.state.database.work(caller.business_id, actor=caller.actor) as work:
                refusals.record(request, work, wanted.scopes)
        raise error
    return caller


@raises(ConfirmationRequired)
async def confirmed_without_transaction(caller: Annotated[Caller, Depends(allowed_without_transaction)]) -> Caller:
    """Like `confirmed`, but the transaction is closed."""
    return _confirmed(caller)


def permitted_without_transaction(scope: str) -> Any:
    """`Annotated[Caller, permitted_without_transaction("connections:write")]`: the caller's work is closed."""
    check = confirmed_without_transaction if scope in CONFIRMED_SCOPES else allowed_without_transaction
    return Security(check, scopes=[scope])


def permitted(scope: str) -> Any:
    """`Annotated[Caller, permitted("contacts:read")]`: a caller who has the scope."""
    return Security(confirmed if scope in CONFIRMED_SCOPES else allowed, scopes=[scope])


def service(build: Callable[[UnitOfWork], S], scope: str) -> Any:
    """`Annotated[ContactService, service(ContactService, "contacts:read")]`: the service, for a permitted caller."""

    async def build_for(caller: Annotated[Caller, permitted(scope)]) -> S:
        return build(caller.work)

    return Depends(build_for)


UserDep = Annotated[Caller, Depends(signed_in_user)]
UserWithoutTransactionDep = Annotated[Caller, Depends(signed_in_user_without_transaction)]
OptionalSessionDep = Annotated[OptionalSession, Depends(optional_session)]


async def _by_session(work: UnitOfWork, secret: str) -> Caller:
    credentials = CredentialRepository(work)
    row = await credentials.session_with_role(secret)
    instant = now()
    if row is None or row.Session.expires_at <= instant or row.Session.last_seen_at <= instant - IDLE_TIMEOUT:
        raise Unauthenticated("Your session has ended. Sign in again.")
    session = row.Session
    if session.last_seen_at <= instant - _TOUCH_INTERVAL:
        await credentials.note_session_use(session.id, instant)
    actor = encode("usr", session.user_id)
    await work.enter(session.business_id, actor=actor)
    return Caller(
        work,
        session.business_id,
        actor,
        scopes_of(row.role),
        user_id=session.user_id,
        session_id=session.id,
        is_confirmed=session.confirmed_at > instant - CONFIRMED_FOR,
    )


async def _by_key(work: UnitOfWork, presented: str) -> Caller:
    parts = presented.split("_", 2)
    handle = parts[1] if len(parts) == 3 and parts[0] == "jt" else ""
    credentials = CredentialRepository(work)
    row = await credentials.api_key_with_role(handle)
    key = row.ApiKey if row is not None else None
    instant = now()
    known = key is not None and compare_digest(key.secret_hash, fingerprint(presented))
    if row is None or key is None or not known or key.revoked_at is not None or key.expires_on < instant.date():
        raise Unauthenticated("This API key is unknown, expired or revoked.")
    if key.last_used_at is None or key.last_used_at <= instant - _TOUCH_INTERVAL:
        await credentials.note_key_use(key.id, instant)
    actor = encode("key", key.id)
    await work.enter(key.business_id, actor=actor)
    # A key never has more scopes than its creator has now: none when the creator has left the business.
    scopes = frozenset(key.scopes) & scopes_of(row.role)
    return Caller(work, key.business_id, actor, scopes)
