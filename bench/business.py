"""A business that is connected to the stand-in, in this process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from api.app import create_app
from api.xero.config import JobtallySettings
from sandbox.app import create_stand_in

XERO = "http://localhost:9090"
APP = "http://localhost:8080"
API = "/api/v1"


@dataclass(frozen=True)
class ConnectedBusiness:
    """A signed-in caller of the API and a caller of the stand-in."""

    app: httpx2.AsyncClient
    xero: httpx2.AsyncClient

    async def ask(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """Call the API; raises when the call fails."""
        reply = await self.app.request(method, API + path, **options)
        reply.raise_for_status()
        return reply


@asynccontextmanager
async def connected_business(database_url: str, folder: Path) -> AsyncIterator[ConnectedBusiness]:
    """Sign up, connect and choose the default codes, with limits of the stand-in that no benchmark reaches."""
    stand_in = create_stand_in(client_id="bench", client_secret="bench", calls_per_minute=10_000, calls_per_day=100_000)
    settings = JobtallySettings.from_env(_environment(database_url, folder))
    app = create_app(settings, xero_transport=httpx2.ASGITransport(app=stand_in))
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url=APP, headers={"Origin": APP}, timeout=60
        ) as client,
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app=stand_in), base_url=XERO) as xero,
    ):
        business = ConnectedBusiness(client, xero)
        await _set_up(business)
        yield business


async def _set_up(business: ConnectedBusiness) -> None:
    person = {"name": "Bench", "email": "bench@example.nz", "password": "bench bench bench"}
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


def _environment(database_url: str, folder: Path) -> dict[str, str]:
    return {
        "JOBTALLY_DATABASE_URL": database_url,
        "JOBTALLY_DATA_DIR": str(folder),
        "JOBTALLY_REQUESTS_PER_MINUTE": "1000000",
        "XERO_CLIENT_ID": "bench",
        "XERO_CLIENT_SECRET": "bench",
        "XERO_AUTHORIZE_URL": f"{XERO}/identity/connect/authorize",
        "XERO_TOKEN_URL": f"{XERO}/connect/token",
        "XERO_REVOKE_URL": f"{XERO}/connect/revocation",
        "XERO_CONNECTIONS_URL": f"{XERO}/connections",
        "XERO_API_URL": f"{XERO}/api.xro/2.0",
        "XERO_ISSUER": XERO,
        "XERO_CALLS_PER_MINUTE": "10000",
        "XERO_CALLS_PER_DAY": "100000",
    }
