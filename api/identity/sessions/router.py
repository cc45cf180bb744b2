"""`/session`: sign in, read it, switch to another business, sign out. `/sessions`: all sessions of the user."""

from fastapi import Request, Response

from api.identity.access import SessionOnly, UserDep, WorkDep
from api.identity.devices import device_of
from api.identity.identification import MixedCredentials
from api.identity.origins import ForeignOrigin, check_origin, session_cookie_name
from api.identity.reader import UserReaderDep
from api.identity.sessions.cookies import DELETES_COOKIE, SETS_COOKIE, clear_session_cookie, set_session_cookie
from api.identity.sessions.schemas import BusinessChoice, MailChoice, SessionId, SessionOut, SignedIn, SignIn
from api.identity.sessions.service import SessionService, WrongCredentials, describe_caller
from api.identity.throttle import begin_attempt
from api.identity.users.service import matching_hash
from api.platform.errors import NotFound, Unauthenticated
from api.platform.http.paging import PagingDep
from api.platform.http.problems import problem_response
from api.platform.http.routing import ApiRouter, errors
from api.platform.http.schemas import Page, page_response

router = ApiRouter("/session", tag="session", keyed=False)
sessions_router = ApiRouter("/sessions", tag="session", keyed=False)


@router.post(
    "",
    status_code=201,
    response_model=SignedIn,
    responses=SETS_COOKIE | errors(WrongCredentials, ForeignOrigin),
)
async def sign_in(body: SignIn, request: Request, response: Response, work: WorkDep) -> SignedIn | Response:
    """Sign in with e-mail address and password. The answer sets the session cookie.

    Twenty wrong passwords a minute are allowed from a network, and 200 an hour for an account. A browser that
    has signed in to the account before has a count of its own.
    """
    check_origin(request)
    attempt = await begin_attempt(request, body.email)
    # The transaction of `work` begins with its first statement, after the password is hashed.
    password_hash = await matching_hash(request.app.state.database, body.email, body.password, attempt.waiter)
    service = SessionService(work)
    opened = await service.sign_in(body.email, password_hash, device_of(request))
    if opened is None:
        return problem_response(WrongCredentials())  # returned, not raised, so that the audit event is committed
    attempt.succeed()
    if (previous_secret := request.cookies.get(session_cookie_name(request))) is not None:
        await service.forget(previous_secret)
    set_session_cookie(request, response, opened.secret, body.email)
    return await service.describe(opened.user_id, request.app.state.settings)


@router.get("", responses=errors(Unauthenticated, SessionOnly, MixedCredentials))
async def get_session(reader: UserReaderDep, request: Request, response: Response) -> SignedIn:
    """Who is signed in, in which business, with which role and scopes."""
    response.headers["Cache-Control"] = "no-store"
    return await describe_caller(reader, request.app.state.settings)


@router.put("/business", responses=errors(Unauthenticated, SessionOnly, ForeignOrigin, MixedCredentials))
async def switch_business(body: BusinessChoice, caller: UserDep, request: Request) -> SignedIn:
    """Switch this session to another of your businesses."""
    assert caller.user_id is not None
    assert caller.session_id is not None
    service = SessionService(caller.work)
    await service.switch(caller.session_id, caller.user_id, body.business_id)
    return await service.describe(caller.user_id, request.app.state.settings)


@router.put("/mails", responses=errors(Unauthenticated, SessionOnly, ForeignOrigin, MixedCredentials))
async def choose_mails(body: MailChoice, caller: UserDep, request: Request) -> SignedIn:
    """Choose whether you get mails about the present business. Others choose for themselves."""
    assert caller.user_id is not None
    service = SessionService(caller.work)
    await service.choose_mail(caller.user_id, wants_mail=body.wants_mail)
    return await service.describe(caller.user_id, request.app.state.settings)


@router.delete(
    "",
    status_code=204,
    responses=DELETES_COOKIE | errors(Unauthenticated, SessionOnly, ForeignOrigin, MixedCredentials),
)
async def sign_out(caller: UserDep, request: Request, response: Response) -> None:
    """End this session on the server and delete its cookie."""
    assert caller.session_id is not None
    await SessionService(caller.work).end(caller.session_id)
    clear_session_cookie(request, response)


@sessions_router.get(
    "", response_model=Page[SessionOut], responses=errors(Unauthenticated, SessionOnly, MixedCredentials)
)
async def list_sessions(caller: UserDep, paging: PagingDep) -> Response:
    """List your sessions that can still be used, newest first: one for each browser that is signed in."""
    assert caller.user_id is not None
    assert caller.session_id is not None
    sessions = await SessionService(caller.work).page(caller.user_id, caller.session_id, paging)
    return page_response(SessionOut, sessions.rows, sessions.next_cursor)


@sessions_router.delete(
    "/{session_id}",
    status_code=204,
    responses=errors(NotFound, Unauthenticated, SessionOnly, ForeignOrigin, MixedCredentials),
)
async def end_session(session_id: SessionId, caller: UserDep) -> None:
    """End one of your sessions. From the next request on, its browser is signed out."""
    assert caller.user_id is not None
    await SessionService(caller.work).end_own(session_id, caller.user_id)
