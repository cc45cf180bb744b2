"""A business that is connected to a stand-in, which is a process of its own."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from api.app import create_app
from api.platform.runtime import exempt_from_collection
from api.xero.config import JobtallySettings
from sandbox.app import StandIn
from sandbox.in_process import InProcessTransport

APP = "http://localhost:8080"
API = "/api/v1"


@dataclass(frozen=True)
class ConnectedBusiness:
    """A signed-in caller of the API and a caller of the stand-in."""

    app: httpx2.AsyncClient
    xero: httpx2.AsyncClient
    xero_url: str
    engine: AsyncEngine

    async def ask(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """Call the API; raises when the call fails."""
        reply = await self.app.request(method, API + path, **options)
        reply.raise_for_status()
        return reply


@asynccontextmanager
async def connected_business(database_url: str, folder: Path) -> AsyncIterator[ConnectedBusiness]:
    """Sign up, connect and choose the default codes, with limits of the stand-in that no benchmark reaches."""
    async with (
        _stand_in() as xero_url,
        _running_app(JobtallySettings.from_env(environment_of(database_url, folder, xero_url))) as app,
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url=APP, headers={"Origin": APP}, timeout=60
        ) as client,
        httpx2.AsyncClient(base_url=xero_url) as xero,
    ):
        business = ConnectedBusiness(client, xero, xero_url, app.state.database.engine)
        await _set_up(business)
        yield business


@asynccontextmanager
async def business_beside(stand_in: StandIn, database_url: str, folder: Path) -> AsyncIterator[ConnectedBusiness]:
    """The same with a stand-in in this process, whose books the benchmark changes as it likes."""
    xero_url, transport = "http://localhost:9090", InProcessTransport(stand_in)
    settings = JobtallySettings.from_env(environment_of(database_url, folder, xero_url))
    async with (
        _running_app(settings, transport) as app,
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url=APP, headers={"Origin": APP}, timeout=60
        ) as client,
        httpx2.AsyncClient(transport=transport, base_url=xero_url) as xero,
    ):
        business = ConnectedBusiness(client, xero, xero_url, app.state.database.engine)
        await _set_up(business)
        yield business


@asynccontextmanager
async def _running_app(
    settings: JobtallySettings, transport: httpx2.AsyncBaseTransport | None = None
) -> AsyncIterator[FastAPI]:
    app = create_app(settings, xero_transport=transport)
    exempt_from_collection()  # as the server does
    async with app.router.lifespan_context(app):
        yield app


@asynccontextmanager
async def _stand_in() -> AsyncIterator[str]:
    """The address of a stand-in on a free port."""
    options = "--port 0 --client-id bench --client-secret bench --calls-per-minute 10000 --calls-per-day 100000"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", *options.split(), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield (await process.stdout.readline()).decode().split()[-1]
    finally:
        process.terminate()
        await process.wait()


async def _set_up(business: ConnectedBusiness) -> None:
    person = {"name": "Bench", "email": "bench@example.nz", "password": "kereru-flies-at-dawn-7"}
    await business.ask("POST", "/businesses", json={"business_name": "Bench", "country": "NZ", **person})
    consent = (await business.ask("POST", "/connections/xero/authorizations")).json()["authorize_url"]
    allowed = await business.xero.get(f"{consent}&auto=1")
    await business.app.get(allowed.headers["location"])
    refresh = (await business.ask("POST", "/ledger/refreshes")).json()
    while refresh["state"] not in ("done", "failed"):
        refresh = (await business.ask("GET", f"/ledger/refreshes/{refresh['id']}")).json()
    codes = {
        kind: (await business.ask("GET", "/ledger/accounts", params={"kind": kind})).json()["items"][0]["code"]
        for kind in ("income", "expense")
    }
    change = {"default_income_code": codes["income"], "default_expense_code": codes["expense"]}
    await business.ask("PATCH", "/preferences", json=change, headers={"If-Match": "*"})


def environment_of(database_url: str, folder: Path, xero: str) -> dict[str, str]:
    """The settings of a process that uses this database and the stand-in at `xero`."""
    return {
        "JOBTALLY_DATABASE_URL": database_url,
        "JOBTALLY_DATA_DIR": str(folder),
        "JOBTALLY_REQUESTS_PER_MINUTE": "1000000",
        "XERO_CLIENT_ID": "bench",
        "XERO_CLIENT_SECRET": "bench",
        "XERO_AUTHORIZE_URL": f"{xero}/identity/connect/authorize",
        "XERO_TOKEN_URL": f"{xero}/connect/token",
        "XERO_REVOKE_URL": f"{xero}/connect/revocation",
        "XERO_CONNECTIONS_URL": f"{xero}/connections",
        "XERO_API_URL": f"{xero}/api.xro/2.0",
        "XERO_ISSUER": xero,
        "XERO_CALLS_PER_MINUTE": "10000",
        "XERO_CALLS_PER_DAY": "100000",
    }
