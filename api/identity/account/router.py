"""The account of a user: change the password, set a new one with a link, verify the e-mail address."""

from typing import Annotated

from fastapi import BackgroundTasks, Request

from api.identity.access import UserDep, UserWithoutTransactionDep, WorkDep, service
from api.identity.account.schemas import (
    Confirmation,
    ConfirmationOut,
    EmailVerification,
    PasswordChange,
    PasswordReset,
    PasswordResetOut,
    PasswordResetRequest,
    PasswordResetRequested,
    VerificationSent,
)
from api.identity.account.service import (
    AccountService,
    BelongsElsewhere,
    EmailVerified,
    own_hash,
    send_password_reset,
)
from api.identity.links import MailNotSetUp, send_or_give
from api.identity.origins import ForeignOrigin, check_origin
from api.identity.passwords import hash_password
from api.identity.schemas import UserId
from api.identity.sessions.service import SessionService
from api.identity.throttle import begin_attempt
from api.identity.turns import Waiter
from api.platform.crypto import fingerprint
from api.platform.errors import NotFound
from api.platform.http.routing import ApiRouter, errors

session_router = ApiRouter("/session", tag="session", keyed=False)
resets_router = ApiRouter("/password-resets", tag="session", keyed=False)
verifications_router = ApiRouter("/email-verifications", tag="session", keyed=False)
members_router = ApiRouter("/users/{user_id}/password-resets", tag="users", keyed=False)
Administering = Annotated[AccountService, service(AccountService, "users:write")]


@session_router.put("/password", status_code=204)
async def change_password(body: PasswordChange, caller: UserWithoutTransactionDep, request: Request) -> None:
    """Choose a new password. Your other sessions end; this session goes on."""
    assert caller.user_id is not None
    assert caller.session_id is not None
    present_hash = await own_hash(request, caller, body.current_password, pointer="#/current_password")
    new_hash = await hash_password(body.new_password, Waiter(str(caller.session_id), is_known=True))
    async with request.app.state.database.work(caller.business_id, actor=caller.actor) as work:
        service = AccountService(work)
        await service.change_password(caller.user_id, caller.session_id, present_hash, body.new_password, new_hash)


@session_router.post("/confirmations", status_code=201)
async def confirm_session(body: Confirmation, caller: UserWithoutTransactionDep, request: Request) -> ConfirmationOut:
    """Give your password again, so that this session may change the connection, keys and people for ten minutes.

    Signing in counts as a confirmation too. API keys need none.
    """
    assert caller.session_id is not None
    await own_hash(request, caller, body.password, pointer="#/password")
    async with request.app.state.database.work(caller.business_id, actor=caller.actor) as work:
        return ConfirmationOut(confirmed_until=await SessionService(work).confirm(caller.session_id))


@resets_router.post("", status_code=202, responses=errors(ForeignOrigin))
async def request_password_reset(
    body: PasswordResetRequest, request: Request, later: BackgroundTasks
) -> PasswordResetRequested:
    """Ask for a mail with a link that sets a new password. The link works once, within an hour.

    The answer and its time are the same for an address that has no account.
    """
    check_origin(request)
    await begin_attempt(request, body.email)
    state = request.app.state
    later.add_task(send_password_reset, state.database, state.mailer, body.email, state.settings.app_base_url)
    return PasswordResetRequested(by_mail=state.mailer.is_set_up)


@resets_router.post("/acceptances", status_code=204, responses=errors(ForeignOrigin))
async def reset_password(body: PasswordReset, work: WorkDep, request: Request) -> None:
    """Choose a new password with the link. All your sessions end; sign in with the new password."""
    check_origin(request)
    attempt = await begin_attempt(request, fingerprint(body.token))
    # The transaction of `work` begins with its first statement, after the password is hashed.
    new_hash = await hash_password(body.password, attempt.waiter)
    await AccountService(work).reset_password(body.token, body.password, new_hash)
    attempt.succeed()


@members_router.post("", status_code=201, responses=errors(NotFound, BelongsElsewhere))
async def create_password_reset(
    user_id: UserId, service: Administering, request: Request, later: BackgroundTasks
) -> PasswordResetOut:
    """Make a link with which a member chooses a new password. It works once, within an hour.

    It is sent to the member by mail. An installation without a mail server answers the link, which you give to the
    member yourself. A member who also belongs to another business is refused.
    """
    expires_at, message = await service.reset_of_member(user_id, request.app.state.settings.app_base_url)
    return PasswordResetOut(link=send_or_give(request, message, later), expires_at=expires_at)


@session_router.post("/email-verifications", status_code=202, responses=errors(EmailVerified, MailNotSetUp))
async def send_email_verification(caller: UserDep, request: Request, later: BackgroundTasks) -> VerificationSent:
    """Send the mail with the link that verifies your address again. The link works once, within seven days."""
    state = request.app.state
    if not state.mailer.is_set_up:
        raise MailNotSetUp()
    assert caller.user_id is not None
    message = await AccountService(caller.work).verification(caller.user_id, state.settings.app_base_url)
    await begin_attempt(request, message.to)
    later.add_task(state.mailer.send, message)  # runs after the commit, without an open transaction
    return VerificationSent(email=message.to)


@verifications_router.post("", status_code=204, responses=errors(ForeignOrigin))
async def verify_email(body: EmailVerification, work: WorkDep, request: Request) -> None:
    """Verify your e-mail address with the link that was sent to it. You need not be signed in."""
    check_origin(request)
    attempt = await begin_attempt(request, fingerprint(body.token))
    await AccountService(work).verify_email(body.token)
    attempt.succeed()
