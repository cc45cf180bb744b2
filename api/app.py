"""HTTP root: settings in, the app out."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import APIRouter, FastAPI
from starlette.types import Lifespan

from api import worker
from api.identity.account import router as account
from api.identity.api_keys import router as api_keys
from api.identity.audit import router as audit
from api.identity.businesses import router as businesses
from api.identity.invitations import router as invitations
from api.identity.refusals import RECORDED_PER_MINUTE
from api.identity.sessions import router as sessions
from api.identity.throttle import AttemptLimits
from api.identity.users import router as users
from api.platform.db.base import Base
from api.platform.db.reads import open_reads
from api.platform.errors import error_classes, kind_of
from api.platform.http import operator, pages
from api.platform.http.bodies import SpentAddresses
from api.platform.http.compression import Compression
from api.platform.http.cors import ProblemCORS
from api.platform.http.exact_paths import ExactPaths
from api.platform.http.known_credentials import KnownCredentials
from api.platform.http.limits import RequestLimiter, open_request_counts
from api.platform.http.middleware import RequestContext, UnexpectedErrors
from api.platform.http.problems import install_error_handlers
from api.platform.http.spa import SinglePageApp, spa_directory
from api.platform.http.unknown_callers import UnknownCallers
from api.platform.mail import Mailer
from api.platform.problems import Catalogue, joined_catalogue
from api.platform.runtime import open_runtime
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
from api.sync.connections import consent
from api.sync.connections import problems as connection_problems
from api.sync.connections import router as connections
from api.sync.connections.service import XeroGateways
from api.sync.contacts import problems as contact_problems
from api.sync.contacts.decisions import router as contact_links
from api.sync.contacts.imports import problems as contact_import_problems
from api.sync.contacts.imports import router as contact_imports
from api.sync.contacts.imports.service import last_contact_import
from api.sync.contacts.pushes import problems as push_problems
from api.sync.contacts.pushes import router as pushes
from api.sync.contacts.pushes.service import last_contact_push
from api.sync.daily_reports.service import begin as first_report
from api.sync.documents import problems as document_problems
from api.sync.exports import problems as export_problems
from api.sync.exports import router as exports
from api.sync.ledger import problems as ledger_problems
from api.sync.ledger import router as ledger
from api.sync.ledger.service import last_reads
from api.xero.config import JobtallySettings
from api.xero.http import Transport, open_http

# Every router of the API, in the order of the reference.
_ROUTERS = (
    businesses.router,
    sessions.router,
    sessions.sessions_router,
    account.session_router,
    account.resets_router,
    account.verifications_router,
    users.router,
    account.members_router,
    invitations.router,
    api_keys.router,
    audit.router,
    contacts.router,
    contact_links.router,
    jobs.router,
    job_statuses.router,
    items.router,
    accounting_codes.router,
    cost_centers.router,
    tax_rates.router,
    preferences.router,
    notifications.router,
    invoices.router,
    connections.router,
    contact_imports.router,
    ledger.router,
    ledger.matches_router,
    pushes.router,
    pushes.contacts_router,
    exports.router,
    exports.checks_router,
    exports.invoices_router,
)
_TAGS = {
    "businesses": "Signing up, and adding a business to a signed-in user.",
    "session": "Signing in and out, the sessions, password and e-mail address of a user, changing to another business.",
    "users": "Members of a business and what they may do.",
    "api-keys": "Keys of programs that use the API for a business.",
    "contacts": "Customers, suppliers and contractors.",
    "contact-pushes": "Sending new and changed contacts to the ledger (Xero), every six hours or now.",
    "jobs": "The jobs of the trade and their statuses.",
    "items": "The catalogue of things sold and bought.",
    "accounting-codes": "Income and expense codes.",
    "cost-centers": "Cost centers, and binding them to options of the tracking category.",
    "tax-rates": "The tax rates that a line can have.",
    "preferences": "How this business sends its documents.",
    "notifications": "The feed of what happened.",
    "invoices": "Customer and supplier invoices.",
    "connections": "The connection between the business and its organisation at Xero.",
    "contact-imports": "Importing the contacts of the organisation: preview, decisions, result.",
    "ledger": "The reference data of the ledger (Xero): accounts, tax rates, tracking categories, items.",
    "exports": "Exporting invoices to the ledger (Xero): checks, exports and their items.",
    "operations": "Health, readiness, version and metrics, for operators.",
}
# The problem kinds that are not error classes.
_PROBLEM_KINDS = (
    consent.PROBLEM_KINDS,
    connection_problems.PROBLEM_KINDS,
    contact_problems.PROBLEM_KINDS,
    document_problems.PROBLEM_KINDS,
    push_problems.PROBLEM_KINDS,
    contact_import_problems.PROBLEM_KINDS,
    ledger_problems.PROBLEM_KINDS,
    export_problems.PROBLEM_KINDS,
)
# What adds the first rows of a new business.
_BEGINNINGS = (first_tax_rates, first_preferences, first_report)
# What the connection shows of each kind of copy.
_LAST_SYNCS = (last_contact_push, last_contact_import, last_reads)
metadata = Base.metadata


def create_app(
    settings: JobtallySettings, *, embedded_worker: bool = True, xero_transport: Transport | None = None
) -> FastAPI:
    """The HTTP application. Its lifespan opens connections and, without Redis, runs a worker."""

    app = FastAPI(
        title="Jobtally",
        version="0.1.0",
        lifespan=_lifespan(embedded_worker, xero_transport),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        openapi_tags=[{"name": name, "description": text} for name, text in _TAGS.items()],
    )
    app.state.catalogue = problem_catalogue()
    configure(app, settings)
    install_error_handlers(app)
    api = APIRouter(prefix="/api/v1")
    for router in _ROUTERS:
        api.include_router(router)
    app.include_router(api)
    app.include_router(exports.marker_router)
    app.include_router(operator.router)
    app.include_router(pages.router)
    app.router.default = SinglePageApp(spa_directory())
    app.router.middleware_stack = ExactPaths(app.router)
    app.add_middleware(Compression)
    app.add_middleware(UnexpectedErrors)
    app.add_middleware(SpentAddresses)
    app.add_middleware(ProblemCORS, origins=settings.own_origins)
    app.add_middleware(RequestContext, strict_transport=settings.is_https)
    return app


def _lifespan(embedded_worker: bool, transport: Transport | None) -> Lifespan[FastAPI]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            settings: JobtallySettings = app.state.settings
            runtime = await stack.enter_async_context(open_runtime(settings))
            app.state.database = runtime.database
            app.state.reads = await stack.enter_async_context(open_reads(runtime.database.url))
            app.state.keyring = runtime.keyring
            app.state.redis = runtime.queue.redis
            app.state.readiness = operator.SharedReadiness(runtime.database, runtime.queue.redis)
            counts = await stack.enter_async_context(open_request_counts(settings.redis_url))
            app.state.limiter = RequestLimiter(counts, "requests", settings.requests_per_minute)
            app.state.known_credentials = KnownCredentials()
            app.state.unknown_callers = UnknownCallers(app)
            app.state.attempts = AttemptLimits(counts)
            app.state.refusals = RequestLimiter(counts, "refusals", RECORDED_PER_MINUTE)
            http = await stack.enter_async_context(open_http(transport))
            app.state.gateways = XeroGateways(runtime, settings.xero, http)
            if embedded_worker and settings.redis_url is None:
                await stack.enter_async_context(worker.embedded_worker(runtime, app.state.gateways))
            yield

    return lifespan


def problem_catalogue() -> Catalogue:
    """Every problem code of the product, with its words; AssertionError when one code has two meanings."""
    return joined_catalogue(map(kind_of, error_classes()), *_PROBLEM_KINDS)


def configure(app: FastAPI, settings: JobtallySettings) -> None:
    """Give the settings to an app that is not running yet."""
    app.state.settings = settings
    app.state.mailer = Mailer(settings)
    app.state.beginnings = _BEGINNINGS
    app.state.last_syncs = _LAST_SYNCS
