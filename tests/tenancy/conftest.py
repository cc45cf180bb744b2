"""Two businesses: one with something of everything, and one that has nothing and wants to know."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI

from sandbox.app import StandIn
from sandbox.seeds import AU_TENANT
from tests.callers import Caller, sign_up
from tests.sync.conftest import app, business, settings, stand_in
from tests.sync.connected_business import ConnectedBusiness
from tests.tenancy.records import OwnedRecords

__all__ = ["app", "business", "settings", "stand_in"]


@pytest.fixture
async def owner(business: ConnectedBusiness) -> OwnedRecords:
    """A business that has one of everything the API names in an address."""
    return await OwnedRecords.of(business)


@pytest.fixture
async def prowler(app: FastAPI, stand_in: StandIn) -> AsyncIterator[Caller]:
    """The admin of another business, connected to another organisation, with every right there and none elsewhere."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with Caller(transport=transport, base_url="http://localhost:8080") as caller:
        await sign_up(caller, business_name="Next Door Drains", country="AU")
        next_door = ConnectedBusiness(app, caller, stand_in)
        await next_door.connect(AU_TENANT)
        await next_door.refresh_ledger()
        await next_door.prefer(default_income_code="200", default_expense_code="310")
        yield caller
