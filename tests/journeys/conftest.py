"""Fixtures: the real app with its worker and the stand-in, all in this process."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI

from api.app import configure, create_app
from api.xero.config import JobtallySettings
from sandbox.app import StandIn
from tests.callers import Caller, sign_up
from tests.clock import Clock
from tests.journeys.office import Office
from tests.sync.connected_business import Relay, settings_for, unlimited_stand_in


@pytest.fixture
def stand_in(clock: Clock) -> StandIn:
    return unlimited_stand_in()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> JobtallySettings:
    return settings_for(database_url, tmp_path)


@pytest.fixture(scope="session")
def built_with_worker() -> tuple[FastAPI, Relay]:
    """One app for all journeys: building it is slow, and an app that is not running keeps everything in its state."""
    relay = Relay()
    return create_app(JobtallySettings.from_env({}), xero_transport=relay), relay


@pytest.fixture
async def app(
    built_with_worker: tuple[FastAPI, Relay], settings: JobtallySettings, stand_in: StandIn
) -> AsyncIterator[FastAPI]:
    """The API with the embedded worker, as `jobtally serve` runs it."""
    app, relay = built_with_worker
    configure(app, settings)
    relay.stand_in = stand_in
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def newcomer(app: FastAPI, client: Caller, stand_in: StandIn, clock: Clock) -> Office:
    """An office that has just signed up."""
    return Office(app, client, stand_in, clock)


@pytest.fixture
async def office(newcomer: Office) -> Office:
    """An office connected to Xero, with the settings an export needs."""
    return await newcomer.open()


@pytest.fixture
async def neighbour(app: FastAPI, stand_in: StandIn, clock: Clock) -> AsyncIterator[Office]:
    """Another business of the same installation, not connected."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with Caller(transport=transport, base_url="http://localhost:8080") as caller:
        await sign_up(caller, business_name="Tasman Drains", country="AU")
        yield Office(app, caller, stand_in, clock)
