"""The stand-in as one ASGI application."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from sandbox import (
    accounts,
    attachments,
    authorize,
    connections,
    contacts,
    control,
    control_contacts,
    control_documents,
    control_settings,
    history,
    identity,
    invoices,
    items,
    organisation,
    seeds,
    tax_rates,
    tokens,
    tracking,
)
from sandbox.fault_injection import FaultInjection
from sandbox.faults import Faults
from sandbox.gateway import Gateway, render
from sandbox.replies import Refusal
from sandbox.state import Options, World, utc_now

API = "/api.xro/2.0"
_RESOURCES = (organisation, accounts, tax_rates, tracking, items, contacts, invoices, history, attachments)


class StandIn(FastAPI):
    """The FastAPI app, wrapped by the fault injection."""

    world: World
    faults: Faults
    fault_injection: FaultInjection

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """HTTP requests pass the fault injection; lifespan events do not."""
        await (self.fault_injection if scope["type"] == "http" else super().__call__)(scope, receive, send)

    async def without_faults(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Process a request without fault injection."""
        await super().__call__(scope, receive, send)


def create_stand_in(clock: Callable[[], datetime] = utc_now, **options: Any) -> StandIn:
    """A stand-in with the seeded records. `clock` returns an aware UTC datetime; `options` are fields of `Options`."""
    world = World(Options(**options), clock, seeds.ledgers())
    gateway = Gateway(world)
    app = StandIn(title="Xero stand-in", docs_url=None, redoc_url=None, openapi_url=None)
    app.world, app.faults = world, Faults()
    app.fault_injection = FaultInjection(app.without_faults, world, app.faults)
    _add_identity(app, world)
    for module in _RESOURCES:
        for route in module.ROUTES:
            app.add_route(API + route.path, gateway.endpoint(route), [route.method], include_in_schema=False)
    app.add_route(API + "/{rest:path}", _unknown, ["GET", "PUT", "POST", "DELETE", "PATCH"])
    app.mount("/_ctl", Controls(world, app.faults, gateway))
    app.add_exception_handler(Refusal, _refused)
    return app


class Controls:
    """The control routes. They are built at the first request, because that takes most of the time of a stand-in."""

    def __init__(self, world: World, faults: Faults, gateway: Gateway) -> None:
        self._world, self._faults, self._gateway = world, faults, gateway

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._routes(scope, receive, send)

    @cached_property
    def _routes(self) -> FastAPI:
        routes = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        routes.include_router(control.router(self._world, self._faults, self._gateway))
        routes.include_router(control_documents.router(self._world))
        routes.include_router(control_contacts.router(self._world))
        routes.include_router(control_settings.router(self._world))
        routes.add_exception_handler(control.ControlProblem, _control_problem)
        routes.add_exception_handler(Refusal, _refused)
        return routes


def _add_identity(app: FastAPI, world: World) -> None:
    async def authorize_page(request: Request) -> Response:
        return await authorize.authorize(world, request)

    async def token(request: Request) -> Response:
        return await identity.token(world, request)

    async def revocation(request: Request) -> Response:
        return await identity.revocation(world, request)

    async def discovery(request: Request) -> Response:
        return identity.discovery(world, request)

    async def keys(request: Request) -> Response:
        return JSONResponse(tokens.public_keys())

    async def list_connections(request: Request) -> Response:
        return connections.list_connections(world, request)

    async def delete_connection(request: Request) -> Response:
        return connections.delete_connection(world, request)

    app.add_route("/identity/connect/authorize", authorize_page, ["GET", "POST"])
    app.add_route("/connect/token", token, ["POST"])
    app.add_route("/connect/revocation", revocation, ["POST"])
    app.add_route("/.well-known/openid-configuration", discovery, ["GET"])
    app.add_route("/.well-known/openid-configuration/jwks", keys, ["GET"])
    app.add_route("/connections", list_connections, ["GET"])
    app.add_route("/connections/{key}", delete_connection, ["DELETE"])


async def _unknown(request: Request) -> Response:
    resource = request.path_params["rest"].split("/")[0]
    if any(route.path.split("/")[1] == resource for module in _RESOURCES for route in module.ROUTES):
        return PlainTextResponse("The method is not implemented.", 501)
    return HTMLResponse("The resource you're looking for cannot be found", 404)


async def _control_problem(_: Request, problem: Exception) -> Response:
    return JSONResponse({"detail": str(problem)}, getattr(problem, "status", 404))


async def _refused(_: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    return render(refusal.reply, "application/json", {})
