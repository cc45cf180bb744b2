"""HTTP root: settings in, the app out."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import import_module
from types import ModuleType

from fastapi import APIRouter, FastAPI

from api import worker
from api.identity.throttle import TRIES_PER_MINUTE
from api.platform.db.base import Base
from api.platform.http import operator, pages
from api.platform.http.cors import ProblemCORS
from api.platform.http.envelope import Envelope
from api.platform.http.limits import RequestLimiter
from api.platform.http.problems import render_problems
from api.platform.http.spa import SinglePageApp, spa_directory
from api.platform.mail import Mailer
from api.platform.runtime import open_runtime
from api.platform.settings import Settings
from api.sync.connections.service import XeroDoor
from api.sync.exports.router import marker_router
from api.xero.http import Transport, open_http

# Each room's router, in the order of the reference.
_ROUTERS: tuple[str, ...] = (
    "api.identity.businesses.router", "api.identity.sessions.router", "api.identity.users.router",
    "api.identity.invitations.router", "api.identity.api_keys.router", "api.identity.audit_trail.router",
    "api.records.contacts.router", "api.records.jobs.router", "api.records.job_statuses.router",
    "api.records.items.router", "api.records.accounting_codes.router", "api.records.cost_centers.router",
    "api.records.tax_rates.router", "api.records.preferences.router", "api.records.notifications.router",
    "api.records.invoices.router",
    "api.sync.connections.router", "api.sync.ledger.router", "api.sync.exports.router",
)  # fmt: skip
# Rooms whose `begin(work, country)` gives a new business its first rows.
_BEGINNINGS: tuple[str, ...] = ("api.records.tax_rates.service", "api.records.preferences.service")
_TABLES = (
    "api.platform.http.idempotency", "api.identity.models", "api.records.contacts.models",
    "api.records.job_statuses.models", "api.records.jobs.models", "api.records.items.models",
    "api.records.accounting_codes.models", "api.records.tax_rates.models",
    "api.records.cost_centers.models", "api.records.preferences.models", "api.records.notifications.models",
    "api.records.invoices.models", "api.sync.connections.models", "api.sync.ledger.models",
    "api.sync.contact_sync.models", "api.sync.exports.models",
)  # fmt: skip
for _room in _TABLES:
    import_module(_room)
metadata = Base.metadata


def create_app(
    settings: Settings, *, embedded_worker: bool = True, xero_transport: Transport | None = None
) -> FastAPI:
    """The whole HTTP side; nothing is opened before its lifespan begins. Without Redis a worker runs inside."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            runtime = await stack.enter_async_context(open_runtime(settings))
            app.state.database = runtime.database
            app.state.keyring = runtime.keyring
            app.state.redis = runtime.redis
            app.state.door = XeroDoor(runtime, await stack.enter_async_context(open_http(xero_transport)))
            if embedded_worker and settings.redis_url is None:
                await stack.enter_async_context(worker.embedded_worker(runtime, app.state.door))
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
        max_body_size=8 * 1024 * 1024,
    )
    app.state.settings = settings
    app.state.limiter = RequestLimiter(settings.requests_per_minute)
    app.state.guess_limiter = RequestLimiter(TRIES_PER_MINUTE)
    app.state.mailer = Mailer(settings)
    app.state.beginnings = [import_module(room).begin for room in _BEGINNINGS]
    render_problems(app)
    api = APIRouter(prefix="/api/v1")
    for module in _ROUTERS:
        for router in _routers_of(import_module(module)):
            api.include_router(router)
    app.include_router(api)
    app.include_router(marker_router)
    app.include_router(operator.router)
    app.include_router(pages.router)
    app.router.default = SinglePageApp(spa_directory())
    app.add_middleware(ProblemCORS, origins=settings.own_origins)
    app.add_middleware(Envelope, strict_transport=settings.in_production)
    return app


def _tags() -> list[dict[str, str]]:
    """Each tag of the reference, described as its room describes itself."""
    told: dict[str, str] = {}
    for module in (*_ROUTERS, "api.platform.http.operator"):
        room = import_module(module.removesuffix(".router"))
        for router in _routers_of(import_module(module)):
            for tag in router.tags:
                told.setdefault(str(tag), (room.__doc__ or "").strip())
    return [{"name": name, "description": description} for name, description in told.items()]


def _routers_of(module: ModuleType) -> list[APIRouter]:
    return [value for value in vars(module).values() if isinstance(value, APIRouter) and value is not marker_router]
