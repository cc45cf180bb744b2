"""Fixtures: the owner, a business with a row of every kind, and the outsider, an admin of another business."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI

from sandbox.app import StandIn
from sandbox.seeds import AU_TENANT
from tests.callers import Caller, sign_up
from tests.sync.conftest import (
    app,
    beginning,
    built_without_worker,
    business,
    client,
    clock,
    connected,
    database_url,
    offset,
    settings,
    stand_in,
)
from tests.sync.connected_business import ConnectedBusiness
from tests.tenancy.records import OwnedRecords

__all__ = [
    "app",
    "beginning",
    "built_without_worker",
    "business",
    "client",
    "clock",
    "connected",
    "database_url",
    "offset",
    "settings",
    "stand_in",
]


@pytest.fixture
async def owner(business: ConnectedBusiness) -> OwnedRecords:
    """A business with one row for every path parameter of the API."""
    return await OwnedRecords.of(business)


@pytest.fixture
async def outsider(app: FastAPI, stand_in: StandIn) -> AsyncIterator[Caller]:
    """The admin of another business, which is connected to another organisation."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with Caller(transport=transport, base_url="http://localhost:8080") as caller:
        await sign_up(caller, business_name="Tasman Drains", country="AU")
        other = ConnectedBusiness(app, caller, stand_in)
        await other.connect(AU_TENANT)
        await other.refresh_ledger()
        await other.prefer(default_income_code="200", default_expense_code="310")
        yield caller
