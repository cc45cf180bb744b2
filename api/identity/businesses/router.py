"""`/businesses`: sign up, or add another business."""

from fastapi import Request, Response

from api.identity.access import ForeignOrigin, WorkDep, check_origin, optional_session
from api.identity.businesses.schemas import NewBusiness, SignUp
from api.identity.businesses.service import BusinessService
from api.identity.devices import device_of
from api.identity.passwords import hash_password
from api.identity.sessions.service import SessionService, SignedIn, set_session_cookie
from api.identity.throttle import throttle
from api.identity.users.service import EmailTaken, register_user
from api.platform.errors import FieldError, Invalid
from api.platform.http.routing import ApiRouter, errors

router = ApiRouter("/businesses", tag="businesses", keyed=False)


@router.post("", status_code=201, responses=errors(EmailTaken, ForeignOrigin))
async def sign_up(body: NewBusiness, work: WorkDep, request: Request, response: Response) -> SignedIn:
    """Create a business with you as its administrator. The answer signs you in.

    A signed-in user sends only `business_name` and `country`: the session switches to the new business.
    """
    service = BusinessService(work, request.app.state.beginnings)
    sessions = SessionService(work)
    response.headers["Cache-Control"] = "no-store"
    if isinstance(body, SignUp):
        check_origin(request)
        await throttle(request, body.email)
        # The transaction of `work` begins with its first statement, after the password is hashed.
        password_hash = await hash_password(body.password)
        user_id = await register_user(work, body.name, body.email, password_hash)
        business_id = await service.begin(user_id, body.business_name, body.country)
        set_session_cookie(request, response, (await sessions.open(user_id, business_id, device_of(request))).secret)
        return await sessions.describe(user_id, request.app.state.settings)
    session = await optional_session(request, work)
    if session.user_id is None or session.session_id is None:
        raise Invalid(
            errors=[
                FieldError("required", _SIGN_UP_FIELD_MISSING, pointer=f"#/{field}")
                for field in ("name", "email", "password")
            ]
        )
    business_id = await service.begin(session.user_id, body.business_name, body.country)
    await sessions.switch(session.session_id, session.user_id, business_id)
    return await sessions.describe(session.user_id, request.app.state.settings)


_SIGN_UP_FIELD_MISSING = "This is required to sign up. To add a business to your own, sign in first."
