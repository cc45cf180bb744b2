"""Fixtures: a connected business with a row of every kind, and the three kinds of callers of its API."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI

from api.identity.roles import KEY_SCOPES
from api.platform.clock import now
from tests.records.making import API
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
async def records(business: ConnectedBusiness) -> OwnedRecords:
    """A business with one row for every path parameter of the API."""
    return await OwnedRecords.of(business)


@pytest.fixture
async def caller(
    request: pytest.FixtureRequest, app: FastAPI, records: OwnedRecords
) -> AsyncIterator[httpx2.AsyncClient]:
    """A client without credentials, with an API key that has every scope, or with the session of an admin."""
    if request.param == "admin":
        yield records.client
        return
    headers = {"Authorization": f"Bearer {await _secret(records)}"} if request.param == "key" else {}
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8080", headers=headers) as client:
        yield client


async def _secret(records: OwnedRecords) -> str:
    key = {"name": "All scopes", "scopes": sorted(KEY_SCOPES), "expires_on": now().date().isoformat()}
    reply = await records.client.post(f"{API}/api-keys", json=key)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["secret"])
