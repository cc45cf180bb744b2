"""`/businesses`: sign up, or add another business."""

from uuid import UUID

from fastapi import BackgroundTasks, Request, Response

from api.identity.access import WorkDep, optional_session
from api.identity.account.service import AccountService
from api.identity.businesses.schemas import AnotherBusiness, NewBusiness, SignUp
from api.identity.businesses.service import BusinessService
from api.identity.devices import device_of
from api.identity.origins import ForeignOrigin, check_origin
from api.identity.passwords import hash_password
from api.identity.sessions.service import SETS_COOKIE, SessionService, SignedIn, set_session_cookie
from api.identity.throttle import TooManyBusinesses, begin_attempt, count_new_business
from api.identity.users.service import EmailTaken, register_user
from api.platform.db.work import UnitOfWork
from api.platform.errors import FieldError, Invalid
from api.platform.http.routing import ApiRouter, errors

router = ApiRouter("/businesses", tag="businesses", keyed=False)


@router.post("", status_code=201, responses=SETS_COOKIE | errors(EmailTaken, ForeignOrigin, TooManyBusinesses))
async def sign_up(
    body: NewBusiness, work: WorkDep, request: Request, response: Response, later: BackgroundTasks
) -> SignedIn:
    """Create a business with you as its administrator. The answer signs you in.

    A signed-in user sends only `business_name` and `country`: the session switches to the new business. A new user gets
    a mail with a link that verifies the address, if this installation sends mail.
    """
    user_id = await (
        _register(body, work, request, response) if isinstance(body, SignUp) else _add(body, work, request)
    )
    state = request.app.state
    if isinstance(body, SignUp) and state.mailer.is_set_up:
        message = await AccountService(work).verification(user_id, state.settings.app_base_url)
        later.add_task(state.mailer.send, message)  # runs after the commit, without an open transaction
    return await SessionService(work).describe(user_id, state.settings)


async def _register(body: SignUp, work: UnitOfWork, request: Request, response: Response) -> UUID:
    check_origin(request)
    attempt = await begin_attempt(request, body.email)
    await count_new_business(request)
    # The transaction of `work` begins with its first statement, after the password is hashed.
    password_hash = await hash_password(body.password, attempt.waiter)
    user_id = await register_user(work, body.name, body.email, password_hash)
    business_id = await _business_service(work, request).begin(user_id, body.business_name, body.country)
    opened = await SessionService(work).open(user_id, business_id, device_of(request))
    attempt.succeed()
    set_session_cookie(request, response, opened.secret, body.email)
    return user_id


async def _add(body: AnotherBusiness, work: UnitOfWork, request: Request) -> UUID:
    session = await optional_session(request, work)
    if session.user_id is None or session.session_id is None:
        detail = "This is required to sign up. To add a business to your own, sign in first."
        missing = ("name", "email", "password")
        raise Invalid(errors=[FieldError("required", detail, pointer=f"#/{field}") for field in missing])
    await count_new_business(request, session.user_id)
    business_id = await _business_service(work, request).begin(session.user_id, body.business_name, body.country)
    await AccountService(work).forget_reset(session.user_id)
    await SessionService(work).switch(session.session_id, session.user_id, business_id)
    return session.user_id


def _business_service(work: UnitOfWork, request: Request) -> BusinessService:
    return BusinessService(work, request.app.state.beginnings)
