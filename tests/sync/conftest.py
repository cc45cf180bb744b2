"""A business connected to a stand-in in the same process, and a clock that both of them go by."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from api.app import configure, create_app
from api.sync.connections.service import XeroGateways
from api.xero.config import JobtallySettings
from sandbox.app import StandIn
from tests.callers import Caller, sign_up
from tests.clock import Clock
from tests.sync.connected_business import ConnectedBusiness, Relay, settings_for, unlimited_stand_in


@pytest.fixture
def stand_in(clock: Clock) -> StandIn:
    return unlimited_stand_in()


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
    business = ConnectedBusiness(app, client, stand_in)
    await business.connect()
    await business.refresh_ledger()
    await business.prefer(default_income_code="200", default_expense_code="310")
    return business
