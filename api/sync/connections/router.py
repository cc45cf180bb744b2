"""Connecting to Xero and leaving it."""

from typing import Annotated

from fastapi import Depends, Request, status
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute
from starlette.responses import Response

from api.identity.access import (
    Caller,
    SessionOnly,
    UserDep,
    permitted_without_transaction,
    read_optional_session,
    service,
)
from api.platform.errors import NotFound
from api.platform.http.routing import ApiRouter, errors
from api.sync.connections.consent import ConsentEnds, end_connection, finish_consent
from api.sync.connections.gateway import XeroGateways
from api.sync.connections.schemas import AuthorizationOut, ConnectionOut, OrganisationIn, OrganisationsOut
from api.sync.connections.service import (
    ConnectionService,
    OrganisationTaken,
    OtherOrganisation,
    XeroNotConfigured,
    XeroUnavailable,
)

router = ApiRouter("/connections/xero", tag="connections", keyed=False)
Reading = Annotated[ConnectionService, service(ConnectionService, "connections:read")]
Writing = Annotated[ConnectionService, service(ConnectionService, "connections:write")]


async def _gateways(request: Request) -> XeroGateways:
    gateways: XeroGateways = request.app.state.gateways
    return gateways


GatewaysDep = Annotated[XeroGateways, Depends(_gateways)]


@router.get("", response_model=ConnectionOut)
async def get_connection(connections: Reading, request: Request) -> ConnectionOut:
    """Read the state of the connection to Xero. The status is 200 also if there never was a connection."""
    return await connections.status(request.app.state.last_syncs, request.app.state.settings.xero.ceilings)


@router.post(
    "/authorizations",
    response_model=AuthorizationOut,
    status_code=status.HTTP_201_CREATED,
    responses=errors(SessionOnly, XeroNotConfigured),
)
async def begin_authorization(
    connections: Writing, user: UserDep, gateways: GatewaysDep, request: Request
) -> AuthorizationOut:
    """Ask for consent: open `authorize_url` in the browser. Only for signed-in users, not for API keys."""
    if not gateways.config.client_id:
        raise XeroNotConfigured
    assert user.session_id is not None
    assert user.user_id is not None
    consent = gateways.oauth.begin()
    expires_at = await connections.begin(consent, gateways.keyring, session_id=user.session_id, user_id=user.user_id)
    return AuthorizationOut(authorize_url=consent.url, expires_at=expires_at)


async def finish_authorization(request: Request, gateways: GatewaysDep) -> Response:
    """Xero sends the browser to this address. It redirects to the app, with `?problem=` if something went wrong."""
    session = await read_optional_session(request)
    landing = f"{request.app.state.settings.app_base_url}/settings/connections/xero"
    sent = request.query_params
    try:
        await finish_consent(
            gateways,
            state=sent.get("state"),
            code=sent.get("code"),
            error=sent.get("error"),
            issuer=sent.get("iss"),
            session_id=session.session_id,
        )
    except ConsentEnds as ends:
        landing += f"?problem={ends.problem}"
    return RedirectResponse(landing, status_code=status.HTTP_302_FOUND, headers={"Cache-Control": "no-store"})


# Xero adds parameters of its own as it pleases: no strict query here.
router.add_api_route(
    "/callback",
    finish_authorization,
    status_code=status.HTTP_302_FOUND,
    response_class=RedirectResponse,
    route_class_override=APIRoute,
    responses={
        status.HTTP_302_FOUND: {
            "description": "A redirect into the app.",
            "headers": {
                "Location": {"description": "A page of the app.", "required": True, "schema": {"type": "string"}}
            },
        }
    },
)


@router.get("/organisations", response_model=OrganisationsOut)
async def list_organisations(connections: Reading) -> OrganisationsOut:
    """The organisations to choose from after a consent; empty if there is nothing to choose."""
    return OrganisationsOut(items=await connections.offers())


@router.put("/organisation", response_model=ConnectionOut, responses=errors(OrganisationTaken, OtherOrganisation))
async def choose_organisation(body: OrganisationIn, connections: Writing, request: Request) -> ConnectionOut:
    """Choose one of the organisations of the last consent. It replaces the present one.

    If invoices went to another organisation, the answer is 409 `other_organisation` without `confirm_switch`.
    """
    await connections.choose(body.organisation_id, confirmed_name=body.confirm_switch)
    return await connections.status(request.app.state.last_syncs, request.app.state.settings.xero.ceilings)


@router.delete("", status_code=status.HTTP_204_NO_CONTENT, responses=errors(NotFound, XeroUnavailable))
async def disconnect(
    caller: Annotated[Caller, permitted_without_transaction("connections:write")], gateways: GatewaysDep
) -> None:
    """End the connection, in Xero too. Settings, codes and the list of exports stay."""
    await end_connection(gateways, caller.business_id, actor=caller.actor)
