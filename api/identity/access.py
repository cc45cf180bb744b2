"""Authentication and authorisation: who calls a route, for which business, with which scopes."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from api.identity import refusals
from api.identity.identification import (
    Credentials,
    Identity,
    MixedCredentials,
    credentials_of,
    identify,
    is_use_due,
    note_use,
    of_session,
)
from api.identity.origins import ForeignOrigin, check_origin, session_cookie_name
from api.identity.roles import CONFIRMED_SCOPES
from api.platform.db.work import SYSTEM, UnitOfWork
from api.platform.errors import Forbidden, Unauthenticated, raises
from api.platform.http import idempotency
from api.platform.log import bind_contextvars

ABSOLUTE_TIMEOUT = timedelta(days=30)

bearer_scheme = HTTPBearer(auto_error=False, scheme_name="ApiKey", description="`Authorization: Bearer jt_…`")
cookie_scheme = APIKeyCookie(
    name="jt_session", auto_error=False, scheme_name="Session", description="Set by signing in."
)
S = TypeVar("S")


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
        caller = await _entered(request, work, of_session(cookie))
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
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer_scheme)],
    _: Annotated[str | None, Depends(cookie_scheme)],
) -> Caller:
    """The caller of the cookie or API key. Counts the request."""
    return await _authenticated(request, work, bearer)


async def _authenticated(request: Request, work: UnitOfWork, bearer: HTTPAuthorizationCredentials | None) -> Caller:
    caller = await _entered(request, work, credentials_of(request, bearer))
    await count_request_of(request, caller.business_id, caller.actor)
    return caller


async def count_request_of(request: Request, business_id: UUID, actor: str) -> None:
    """Note who calls, for the log and for the answer, and count the request. Raises TooManyRequests."""
    bind_contextvars(actor=actor, business_id=str(business_id))
    request.state.caller = actor
    request.state.headers = await request.app.state.limiter.spend(actor)


async def _entered(request: Request, work: UnitOfWork, credentials: Credentials) -> Caller:
    """The caller, with the unit of work limited to the business of the credentials."""
    identity = await identify(request.app.state.reads, credentials)
    if work.scope is SYSTEM:  # a route with two services identifies its caller for each of them
        await work.begin(identity.business_id, actor=identity.actor)
    if is_use_due(identity, credentials.instant):
        await note_use(work, identity, credentials.instant)
    return _caller(work, identity)


def _caller(work: UnitOfWork, identity: Identity) -> Caller:
    return Caller(
        work,
        identity.business_id,
        identity.actor,
        identity.scopes,
        user_id=identity.user_id,
        session_id=identity.session_id,
        is_confirmed=identity.is_confirmed,
    )


@raises(ScopeMissing)
async def with_scopes(
    request: Request, caller: Annotated[Caller, Depends(authenticate)], wanted: SecurityScopes
) -> Caller:
    """The caller, if they have every scope that the route requires. Raises ScopeMissing, and audits the refusal."""
    if error := _scope_error(caller, wanted.scopes):
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


async def refuse_without_scopes(request: Request, caller: Caller | Identity, wanted: Sequence[str]) -> None:
    """Raise ScopeMissing for a caller who lacks one of these scopes, and record it in a transaction of its own."""
    if error := _scope_error(caller, wanted):
        if await refusals.is_worth_recording(request, caller.actor):
            async with request.app.state.database.work(caller.business_id, actor=caller.actor) as work:
                refusals.record(request, work, wanted)
        raise error


def _scope_error(caller: Caller | Identity, wanted: Sequence[str]) -> ScopeMissing | None:
    missing = [scope for scope in wanted if scope not in caller.scopes]
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
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer_scheme)],
    cookie: Annotated[str | None, Depends(cookie_scheme)],
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
    await refuse_without_scopes(request, caller, wanted.scopes)
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
