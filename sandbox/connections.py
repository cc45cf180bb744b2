"""Connections: the organisations that the user has connected to the calling app."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.gateway import render
from sandbox.replies import Refusal, gateway_problem, not_found
from sandbox.state import Connection, Record, World
from sandbox.tokens import Bearer, read_bearer


def list_connections(world: World, request: Request) -> Response:
    """All connections, or with `authEventId` those of one consent."""
    try:
        own = _own(world, read_bearer(world, request))
    except Refusal as refusal:
        return render(refusal.reply, "application/json", {})
    event = {name.lower(): value for name, value in request.query_params.items()}.get("autheventid")
    rows = [_shown(world, entry) for entry in own if not event or entry.auth_event_id == event.lower()]
    return JSONResponse(rows)


def delete_connection(world: World, request: Request) -> Response:
    """204; 404 for an unknown id; 403 for a tenant id in place of a connection id."""
    try:
        own = _own(world, read_bearer(world, request))
        wanted = request.path_params["key"].lower()
        if any(entry.tenant_id == wanted for entry in own) or wanted in world.ledgers:
            raise gateway_problem(403, "Forbidden", "AuthenticationUnsuccessful")
        connection = next((entry for entry in own if entry.id == wanted), None)
        if connection is None:
            raise not_found()
    except Refusal as refusal:
        return render(refusal.reply, "application/json", {})
    connection.removed = True
    return Response(status_code=204)


def _own(world: World, bearer: Bearer) -> list[Connection]:
    return [
        entry
        for entry in world.identity.connections
        if (entry.client_id, entry.user_id) == (bearer.client_id, bearer.user_id) and not entry.removed
    ]


def _shown(world: World, entry: Connection) -> Record:
    return {
        "id": entry.id,
        "authEventId": entry.auth_event_id,
        "tenantId": entry.tenant_id,
        "tenantType": "ORGANISATION",
        "tenantName": world.ledgers[entry.tenant_id].organisation["Name"],
        "createdDateUtc": _seven_digits(entry.created_at),
        "updatedDateUtc": _seven_digits(entry.updated_at),
    }


def _seven_digits(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "0"
