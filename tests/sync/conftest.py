"""A business connected to a stand-in in the same process, and a clock that both of them go by."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from api.app import configure, create_app
from api.sync.connections.service import XeroGateways
from api.xero.config import JobtallySettings
from sandbox.app import StandIn
from tests.callers import Caller, sign_up
from tests.clock import Clock, moving_clock, with_offset
from tests.conftest import Databases
from tests.sync.beginning import Beginning, connected_once
from tests.sync.connected_business import ConnectedBusiness, Relay, settings_for, unlimited_stand_in
from tests.sync.idle_worker import IdleWorker


@pytest.fixture(scope="session")
async def connected(
    databases: Databases, built_without_worker: tuple[FastAPI, Relay], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Beginning]:
    async with connected_once(databases, built_without_worker, tmp_path_factory.mktemp("connected")) as beginning:
        yield beginning


@pytest.fixture
def beginning(request: pytest.FixtureRequest) -> Beginning | None:
    """The connected business, for a test that asks for it."""
    return request.getfixturevalue("connected") if "business" in request.fixturenames else None


@pytest.fixture
def offset(beginning: Beginning | None) -> timedelta:
    """How far the clocks of the test are moved."""
    return beginning.offset() if beginning else timedelta(0)


@pytest.fixture
def clock(offset: timedelta) -> Iterator[Clock]:
    """The clock of this process, its stand-in and its database; a test can move it."""
    with moving_clock(offset) as clock:
        yield clock


@pytest.fixture
def database_url(databases: Databases, beginning: Beginning | None, offset: timedelta) -> Iterator[str]:
    url = databases.clone(beginning.database_url if beginning else None)
    yield with_offset(url, offset)
    databases.drop(url)


@pytest.fixture
def stand_in(clock: Clock, beginning: Beginning | None) -> StandIn:
    return beginning.stand_in() if beginning else unlimited_stand_in()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> JobtallySettings:
    return settings_for(database_url, tmp_path)


@pytest.fixture(scope="session")
def built_without_worker() -> tuple[FastAPI, Relay]:
    """One app for all these tests: building it is slow, and a stopped app keeps everything in its state."""
    relay = Relay()
    return create_app(JobtallySettings.from_env({}), embedded_worker=False, xero_transport=relay), relay


@pytest.fixture
async def app(
    built_without_worker: tuple[FastAPI, Relay], settings: JobtallySettings, stand_in: StandIn
) -> AsyncIterator[FastAPI]:
    """The API without a worker, its Xero the stand-in."""
    app, relay = built_without_worker
    configure(app, settings)
    relay.stand_in = stand_in
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def client(app: FastAPI, beginning: Beginning | None) -> AsyncIterator[Caller]:
    """The signed-in admin of a plumbing business."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with Caller(transport=transport, base_url="http://localhost:8080") as client:
        if beginning:
            beginning.sign_in(client)
        else:
            await sign_up(client)
        yield client


@pytest.fixture
def gateways(app: FastAPI) -> XeroGateways:
    gateways: XeroGateways = app.state.gateways
    return gateways


@pytest.fixture
async def neighbour(app: FastAPI) -> AsyncIterator[Caller]:
    """The admin of another business here."""
    async with Caller(transport=httpx2.ASGITransport(app=app), base_url="http://localhost:8080") as caller:
        yield await sign_up(caller, business_name="Tasman Drains")


@pytest.fixture
async def business(app: FastAPI, client: Caller, stand_in: StandIn) -> ConnectedBusiness:
    """A business connected to the New Zealand organisation, with its ledger read and its codes chosen."""
    return ConnectedBusiness(app, client, stand_in)


@pytest.fixture
def worker(business: ConnectedBusiness, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> IdleWorker:
    """A worker that runs only what is scheduled."""
    return IdleWorker(business, clock, monkeypatch)
