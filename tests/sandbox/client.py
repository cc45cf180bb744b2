"""A client of the stand-in: signs in as a browser and an app do, then calls the Accounting API."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2

from sandbox.app import StandIn
from sandbox.in_process import InProcessTransport
from sandbox.seeds import AU_TENANT, NZ_TENANT

CLIENT = ("stand-in-client", "stand-in-not-a-secret")
CALLBACK = "http://localhost:8080/api/v1/connections/xero/callback"
SCOPES = "openid profile email offline_access accounting.settings accounting.contacts accounting.invoices"
API = "/api.xro/2.0"
TENANTS = {"nz": NZ_TENANT, "au": AU_TENANT}


class Clock:
    """A clock that only `advance` moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **amount: float) -> None:
        self.now += timedelta(**amount)


def redirect_query(reply: httpx2.Response) -> dict[str, str]:
    """The query parameters of a redirect to the app."""
    assert reply.status_code == 302, reply.text
    assert reply.headers["location"].startswith(CALLBACK)
    return dict(parse_qsl(urlsplit(reply.headers["location"]).query))


class StandInClient(httpx2.AsyncClient):
    """An app that calls a stand-in in the same process."""

    def __init__(self, app: StandIn) -> None:
        super().__init__(transport=InProcessTransport(app), base_url="http://localhost:9090")
        self.app = app
        self.tokens: dict[str, Any] = {}

    async def authorize(self, **fields: str) -> httpx2.Response:
        """GET the authorize page with a valid request, changed by `fields`."""
        query = {"response_type": "code", "client_id": CLIENT[0], "redirect_uri": CALLBACK, "scope": SCOPES}
        return await self.get("/identity/connect/authorize", params=query | {"state": "s-1"} | fields)

    async def exchange(self, code: str, **fields: str) -> httpx2.Response:
        """Exchange a code for tokens."""
        body = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK} | fields
        return await self.post("/connect/token", data=body, auth=CLIENT)

    async def refresh(self, token: str) -> httpx2.Response:
        """Exchange a refresh token for tokens."""
        return await self.post(
            "/connect/token", data={"grant_type": "refresh_token", "refresh_token": token}, auth=CLIENT
        )

    async def sign_in(self, country: str = "nz", **fields: str) -> "StandInClient":
        """Connect one organisation without the consent page; later calls use its tokens and tenant id."""
        code = redirect_query(await self.authorize(auto="1", tenant=TENANTS[country], **fields))["code"]
        self.tokens = (await self.exchange(code)).json()
        self.headers["Authorization"] = f"Bearer {self.tokens['access_token']}"
        self.headers["Accept"] = "application/json"
        self.headers["xero-tenant-id"] = TENANTS[country]
        return self

    async def read(self, path: str, **query: Any) -> dict[str, Any]:
        """GET from the Accounting API; any status but 200 fails the test."""
        reply = await self.get(f"{API}/{path}", params=query)
        assert reply.status_code == 200, reply.text
        document: dict[str, Any] = reply.json()
        return document

    async def write(
        self, method: str, path: str, body: Any, headers: dict[str, str] | None = None, **query: Any
    ) -> httpx2.Response:
        """PUT or POST; `summarizeErrors` is false unless the query sets it."""
        exact = {"unitdp": "4"} if path.startswith(("Invoices", "Items")) and "/H" not in path else {}
        options = {"summarizeErrors": "false"} | exact | query
        return await self.request(method, f"{API}/{path}", json=body, params=options, headers=headers)

    async def contact_id(self, name: str) -> str:
        """The id of a seeded contact, archived or not."""
        document = await self.read("Contacts", where=f'Name=="{name}"', includeArchived="true")
        contact_id: str = document["Contacts"][0]["ContactID"]
        return contact_id

    async def put_invoice(self, **fields: Any) -> dict[str, Any]:
        """Create one valid invoice, changed by `fields`; return its row of the reply."""
        reply = await self.write("PUT", "Invoices", {"Invoices": [await self.invoice(**fields)]})
        assert reply.status_code == 200, reply.text
        row: dict[str, Any] = reply.json()["Invoices"][0]
        return row

    async def invoice(self, **fields: Any) -> dict[str, Any]:
        """The request body of a valid invoice; a field given as None is left out."""
        invoice = {
            "Type": "ACCREC",
            "Contact": {"ContactID": await self.contact_id("Hana Parata")},
            "InvoiceNumber": "J-1",
            "Date": "2026-11-20",
            "DueDate": "2026-12-20",
            "LineAmountTypes": "Exclusive",
            "Status": "AUTHORISED",
            "LineItems": [line()],
        }
        return {name: value for name, value in (invoice | fields).items() if value is not None}


def line(**fields: Any) -> dict[str, Any]:
    """The request body of a valid line; a field given as None is left out."""
    valid = {"Description": "Labour", "Quantity": 1, "UnitAmount": 100, "AccountCode": "200", "TaxType": "OUTPUT2"}
    return {name: value for name, value in (valid | fields).items() if value is not None}


def texts(row: dict[str, Any]) -> list[str]:
    """The validation messages of one element."""
    return [entry["Message"] for entry in row.get("ValidationErrors", [])]
