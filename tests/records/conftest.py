"""Fixture: the neighbour, another business of the same installation."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI

from tests.callers import Caller, sign_up


@pytest.fixture
async def neighbour(app: FastAPI) -> AsyncIterator[Caller]:
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with Caller(transport=transport, base_url="http://localhost:8080") as caller:
        yield await sign_up(caller, business_name="Tasman Drains", country="AU")
