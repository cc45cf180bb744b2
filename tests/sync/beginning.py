"""Where the tests of a connected business begin: it is connected once, and each test gets a copy of it."""

import copy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
from fastapi import FastAPI

from api.app import configure
from sandbox.app import StandIn
from sandbox.state import World
from tests.callers import Caller, sign_up
from tests.conftest import Databases
from tests.sync.connected_business import ConnectedBusiness, Relay, settings_for, unlimited_stand_in


@dataclass(frozen=True)
class Beginning:
    """A business connected to the New Zealand organisation, with its ledger read and its codes chosen.

    The clocks of a test begin at `instant`, so that what was read is as fresh as if the test had read it.
    """

    database_url: str
    world: World
    cookies: httpx2.Cookies
    email: str
    business: dict[str, Any]
    instant: datetime

    def offset(self) -> timedelta:
        """How far the clocks of a test that begins now are moved."""
        return self.instant - datetime.now(UTC)

    def stand_in(self) -> StandIn:
        """A stand-in with the sign-ins and calls of the business."""
        stand_in = unlimited_stand_in()
        copied = copy.deepcopy(self.world)
        stand_in.world.ledgers, stand_in.world.identity = copied.ledgers, copied.identity
        stand_in.world.calls = copied.calls
        return stand_in

    def sign_in(self, caller: Caller) -> None:
        """Make a client the admin of the business."""
        caller.cookies = self.cookies
        caller.email, caller.business = self.email, copy.deepcopy(self.business)


@asynccontextmanager
async def connected_once(databases: Databases, built: tuple[FastAPI, Relay], folder: Path) -> AsyncIterator[Beginning]:
    """Connect the business; its database is removed at the end."""
    url, (app, relay) = databases.clone(), built
    relay.stand_in = stand_in = unlimited_stand_in()
    configure(app, settings_for(url, folder))
    async with (
        app.router.lifespan_context(app),
        Caller(transport=httpx2.ASGITransport(app=app), base_url="http://localhost:8080") as client,
    ):
        business = ConnectedBusiness(app, await sign_up(client), stand_in)
        await business.connect()
        await business.refresh_ledger()
        await business.prefer(default_income_code="200", default_expense_code="310")
        cookies = httpx2.Cookies(client.cookies)
    yield Beginning(url, stand_in.world, cookies, client.email, client.business, datetime.now(UTC))
    databases.drop(url)
