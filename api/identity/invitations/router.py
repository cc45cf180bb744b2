"""`/invitations`: invite a person to the business, and accept an invitation."""

from typing import Annotated

from fastapi import BackgroundTasks, Request, Response

from api.identity.access import Caller, ScopeMissing, WorkDep, permitted, service
from api.identity.devices import device_of
from api.identity.invitations.schemas import Acceptance, CreatedInvitation, InvitationId, InvitationOut, NewInvitation
from api.identity.invitations.service import (
    AlreadyMember,
    InvitationAcceptance,
    InvitationService,
    TooManyInvitations,
    WrongCredentials,
    hash_for_acceptance,
)
from api.identity.links import send_or_give
from api.identity.origins import ForeignOrigin, check_origin
from api.identity.sessions.service import SETS_COOKIE, SessionService, SignedIn, set_session_cookie
from api.identity.throttle import begin_attempt
from api.platform.crypto import fingerprint
from api.platform.errors import NotFound, Unauthenticated
from api.platform.http.paging import PagingDep
from api.platform.http.routing import ApiRouter, errors
from api.platform.http.schemas import Page, page_response
from api.platform.http.versions import ExpectedVersionDep
from api.platform.ids import encode

router = ApiRouter("/invitations", tag="users", keyed=False)
Reading = Annotated[InvitationService, service(InvitationService, "users:read")]
Writing = Annotated[InvitationService, service(InvitationService, "users:write")]


@router.post("", status_code=201, responses=errors(Unauthenticated, ScopeMissing, AlreadyMember, TooManyInvitations))
async def create_invitation(
    body: NewInvitation,
    service: Writing,
    caller: Annotated[Caller, permitted("users:write")],
    request: Request,
    response: Response,
    later: BackgroundTasks,
) -> CreatedInvitation:
    """Invite a person by mail. The invitation works once, within seven days; a new one replaces earlier ones.

    A business can send twenty a day, and a user as many over all their businesses. An installation without a mail
    server answers the link, which you give to the person yourself.
    """
    assert caller.user_id is not None  # no API key has the scope users:write
    app_url = request.app.state.settings.app_base_url
    invitation, message = await service.create(body.email, body.role, app_url, invited_by=caller.user_id)
    response.headers["Location"] = f"/api/v1/invitations/{encode('ivt', invitation.id)}"
    link = send_or_give(request, message, later)
    return CreatedInvitation(**InvitationOut.model_validate(invitation).model_dump(), link=link)


@router.get("", response_model=Page[InvitationOut], responses=errors(Unauthenticated, ScopeMissing))
async def list_invitations(service: Reading, paging: PagingDep) -> Response:
    """List the invitations that are neither accepted nor expired, newest first."""
    invitations = await service.page(paging)
    return page_response(InvitationOut, invitations.rows, invitations.next_cursor)


@router.get("/{invitation_id}", response_model=InvitationOut, responses=errors(NotFound, Unauthenticated, ScopeMissing))
async def get_invitation(invitation_id: InvitationId, service: Reading) -> object:
    """Read one invitation that is neither accepted nor expired."""
    return await service.get(invitation_id)


@router.delete("/{invitation_id}", status_code=204, responses=errors(NotFound, Unauthenticated, ScopeMissing))
async def withdraw_invitation(invitation_id: InvitationId, service: Writing, version: ExpectedVersionDep) -> None:
    """Withdraw an invitation. Its link stops working."""
    await service.withdraw(invitation_id, version)


@router.post("/acceptances", status_code=201, responses=SETS_COOKIE | errors(WrongCredentials, ForeignOrigin))
async def accept_invitation(body: Acceptance, work: WorkDep, request: Request, response: Response) -> SignedIn:
    """Join the business that invited you. The answer signs you in.

    A person who has an account sends its password; a new person chooses a name and a password.
    """
    check_origin(request)
    attempt = await begin_attempt(request, fingerprint(body.token))
    # The transaction of `work` begins with its first statement, after the password is hashed.
    password_hash = await hash_for_acceptance(request.app.state.database, body.token, body.password, attempt.waiter)
    opened = await InvitationAcceptance(work).accept(
        body.token, body.name, body.password, password_hash, device_of(request)
    )
    attempt.succeed()
    described = await SessionService(work).describe(opened.user_id, request.app.state.settings)
    set_session_cookie(request, response, opened.secret, described.user.email)
    return described
