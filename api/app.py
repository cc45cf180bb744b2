"""HTTP root: settings in, the app out."""

import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from types import ModuleType

from fastapi import APIRouter, FastAPI

from api import worker
from api.identity.api_keys import router as api_keys
from api.identity.audit import router as audit
from api.identity.businesses import router as businesses
from api.identity.invitations import router as invitations
from api.identity.sessions import router as sessions
from api.identity.throttle import TRIES_PER_MINUTE
from api.identity.users import router as users
from api.platform.db.base import Base
from api.platform.http import operator, pages
from api.platform.http.cors import ProblemCORS
from api.platform.http.limits import RequestLimiter
from api.platform.http.middleware import RequestContext, UnexpectedErrors
from api.platform.http.problems import render_problems
from api.platform.http.spa import SinglePageApp, spa_directory
from api.platform.mail import Mailer
from api.platform.runtime import open_runtime
from api.platform.settings import Settings
from api.records.accounting_codes import router as accounting_codes
from api.records.contacts import router as contacts
from api.records.cost_centers import router as cost_centers
from api.records.invoices import router as invoices
from api.records.items import router as items
from api.records.job_statuses import router as job_statuses
from api.records.jobs import router as jobs
from api.records.notifications import router as notifications
from api.records.preferences import router as preferences
from api.records.preferences.service import begin as first_preferences
from api.records.tax_rates import router as tax_rates
from api.records.tax_rates.service import begin as first_tax_rates
from api.sync.connections import router as connections
from api.sync.connections.service import XeroGateways
from api.sync.exports import router as exports
from api.sync.exports.router import marker_router
from api.sync.ledger import router as ledger
from api.xero.http import Transport, open_http

# Each room's routes, in the order of the reference.
_ROOMS = (
    businesses,
    sessions,
    users,
    invitations,
    api_keys,
    audit,
    contacts,
    jobs,
    job_statuses,
    items,
    accounting_codes,
    cost_centers,
    tax_rates,
    preferences,
    notifications,
    invoices,
    connections,
    ledger,
    exports,
)
# What gives a new business its first rows.
_BEGINNINGS = (first_tax_rates, first_preferences)
metadata = Base.metadata


def create_app(settings: Settings, *, embedded_worker: bool = True, xero_transport: Transport | None = None) -> FastAPI:
    """The whole HTTP side; nothing is opened before its lifespan begins. Without Redis a worker runs inside."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            runtime = await stack.enter_async_context(open_runtime(app.state.settings))
            app.state.database = runtime.database
            app.state.keyring = runtime.keyring
            app.state.redis = runtime.redis
            app.state.gateways = XeroGateways(runtime, await stack.enter_async_context(open_http(xero_transport)))
            if embedded_worker and runtime.settings.redis_url is None:
                await stack.enter_async_context(worker.embedded_worker(runtime, app.state.gateways))
            yield

    app = FastAPI(
        title="Jobtally",
        version="0.1.0",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        openapi_tags=_tags(),
    )
    configure(app, settings)
    render_problems(app)
    api = APIRouter(prefix="/api/v1")
    for room in _ROOMS:
        for router in _routers_of(room):
            api.include_router(router)
    app.include_router(api)
    app.include_router(marker_router)
    app.include_router(operator.router)
    app.include_router(pages.router)
    app.router.default = SinglePageApp(spa_directory())
    app.add_middleware(UnexpectedErrors)
    app.add_middleware(ProblemCORS, origins=settings.own_origins)
    app.add_middleware(RequestContext, strict_transport=settings.in_production)
    return app


def configure(app: FastAPI, settings: Settings) -> None:
    """Give an app that is not running its settings and everything that counts or sends by them."""
    app.state.settings = settings
    app.state.limiter = RequestLimiter(settings.requests_per_minute)
    app.state.guess_limiter = RequestLimiter(TRIES_PER_MINUTE)
    app.state.mailer = Mailer(settings)
    app.state.beginnings = _BEGINNINGS


def _tags() -> list[dict[str, str]]:
    """Each tag of the reference, described as its room describes itself."""
    told: dict[str, str] = {}
    for room in (*_ROOMS, operator):
        about = sys.modules[room.__package__ or ""] if room is not operator else room
        for router in _routers_of(room):
            for tag in router.tags:
                told.setdefault(str(tag), (about.__doc__ or "").strip())
    return [{"name": name, "description": description} for name, description in told.items()]


def _routers_of(module: ModuleType) -> list[APIRouter]:
    return [value for value in vars(module).values() if isinstance(value, APIRouter) and value is not marker_router]
