"""A business as its people and workers use it: everything through the API, tasks run by hand."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx2
from fastapi import FastAPI
from sqlalchemy import CursorResult, text

from api.platform.db.work import SYSTEM
from api.platform.ids import decode
from api.sync.connections.service import ConnectionService, XeroGateway, XeroGateways
from api.sync.contacts.decisions.refreshing import refresh_contact, restate_all
from api.sync.contacts.mirror import read_changes
from api.sync.exports.drain import drain
from api.sync.exports.standing.service import check_standing
from api.sync.ledger.refresh import run_refresh
from api.xero.config import JobtallySettings
from sandbox.app import StandIn, create_stand_in
from sandbox.in_process import InProcessTransport
from sandbox.seeds import NZ_TENANT
from tests.callers import Caller
from tests.records.making import API, business_of, make

STAND_IN = "http://localhost:9090"
_KEY = "one:qTZ6rJfL0Vw3s8Yk2NdXbH7mCe5uGp9tAoI4lQzRxWE="


def settings_for(database_url: str, folder: Path, **more: str) -> JobtallySettings:
    """Settings that lead to the stand-in, with ceilings that no test meets by accident."""
    return JobtallySettings.from_env(
        {
            "JOBTALLY_DATABASE_URL": database_url,
            "JOBTALLY_DATA_DIR": str(folder),
            "JOBTALLY_SECRET_KEYS": _KEY,
            "JOBTALLY_REQUESTS_PER_MINUTE": "100000",
            "XERO_CLIENT_ID": "stand-in-client",
            "XERO_CLIENT_SECRET": "stand-in-not-a-secret",
            "XERO_AUTHORIZE_URL": f"{STAND_IN}/identity/connect/authorize",
            "XERO_TOKEN_URL": f"{STAND_IN}/connect/token",
            "XERO_REVOKE_URL": f"{STAND_IN}/connect/revocation",
            "XERO_CONNECTIONS_URL": f"{STAND_IN}/connections",
            "XERO_API_URL": f"{STAND_IN}/api.xro/2.0",
            "XERO_ISSUER": STAND_IN,
            "XERO_CALLS_PER_MINUTE": "10000",
            "XERO_CALLS_PER_DAY": "100000",
            **more,
        }
    )


def unlimited_stand_in() -> StandIn:
    """A stand-in with the ceilings of these settings: what it says of its limits has to fit ours."""
    return create_stand_in(calls_per_minute=10_000, calls_per_day=100_000)


class Relay(httpx2.AsyncBaseTransport):
    """A transport that leads to the stand-in of the running test."""

    stand_in: StandIn

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        return await InProcessTransport(self.stand_in).handle_async_request(request)


class ConnectedBusiness:
    """One business beside one stand-in."""

    def __init__(self, app: FastAPI, client: Caller, stand_in: StandIn) -> None:
        self.app, self.client, self.stand_in = app, client, stand_in
        self.gateways: XeroGateways = app.state.gateways
        self.business_id: UUID = business_of(client)
        self._lines: dict[str, Any] = {"description": "Labour", "quantity": "1", "unit_price": "100.00"}

    async def connect(self, tenant: str = NZ_TENANT, **asked: Any) -> str:
        """Consent at the stand-in and come back; gives where the browser ends up."""
        begun = await self.client.post(f"{API}/connections/xero/authorizations")
        assert begun.status_code == 201, begun.text
        return await self.come_back(begun.json()["authorize_url"], tenant=tenant, **asked)

    async def come_back(self, authorize_url: str, *, client: Caller | None = None, **asked: Any) -> str:
        """Allow access and follow Xero's redirect into the API."""
        async with httpx2.AsyncClient(transport=InProcessTransport(self.stand_in)) as browser:
            sent_back = await browser.get(httpx2.URL(authorize_url).copy_merge_params({"auto": "1", **asked}))
        parts = urlsplit(sent_back.headers["location"])
        landed = await (client or self.client).get(parts.path, params=parse_qs(parts.query))
        assert landed.status_code == 302, landed.text
        return str(landed.headers["location"])

    async def connection(self) -> dict[str, Any]:
        """What the connection's view shows."""
        async with self.gateways.database.work(self.business_id) as work:
            return (await ConnectionService(work).status()).model_dump()

    async def refresh_ledger(self) -> None:
        """Do the ledger refresh that is due."""
        await run_refresh(self.gateways, self.business_id)

    async def prefer(self, **preferences: Any) -> None:
        """Change preferences, whatever they were."""
        reply = await self.client.patch(f"{API}/preferences", json=preferences, headers={"If-Match": "*"})
        assert reply.status_code == 200, reply.text

    async def company(self, name: str, **fields: Any) -> str:
        """The id of a new company."""
        made = await make(self.client, "contacts", **{"kind": "company", "name": name, "roles": ["customer"], **fields})
        return str(made["id"])

    async def person(self, first_name: str, last_name: str, **fields: Any) -> str:
        """The id of a new person."""
        names = {"first_name": first_name, "last_name": last_name}
        made = await make(self.client, "contacts", kind="person", roles=["customer"], **names, **fields)
        return str(made["id"])

    async def contact(self, contact_id: str) -> dict[str, Any]:
        """The contact as it is now."""
        return dict((await self.client.get(f"{API}/contacts/{contact_id}")).json())

    async def refresh_contact(self, contact_id: str) -> None:
        """Look in Xero again for a contact, as a worker does when somebody asks for it."""
        await refresh_contact(self.gateways, self.business_id, decode("con", contact_id))

    async def restate_contacts(self) -> None:
        """Compare the linked contacts again, as a worker does after a preference has changed."""
        await restate_all(self.gateways, self.business_id)

    async def read_contacts(self) -> None:
        """Read the changes of Xero's contacts."""
        await read_changes(await self.gateway())

    async def invoice(self, number: str | None, contact_id: str, kind: str = "customer", **fields: Any) -> str:
        """The id of a new approved invoice of 100.00 plus tax."""
        content = {
            "kind": kind,
            "number": number,
            "contact_id": contact_id,
            "issued_on": "2026-11-20",
            "due_on": "2026-12-20",
            "lines": [self._lines],
            **fields,
        }
        made = await make(self.client, "invoices", **content)
        approved = await self.client.put(f"{API}/invoices/{made['id']}/approval")
        assert approved.status_code == 200, approved.text
        return str(made["id"])

    async def bills_alike(self, contact_id: str, count: int) -> list[str]:
        """Bills with one number, of which somebody has said that they are different."""
        bills = [await self.invoice("B-1", contact_id, "supplier") for _ in range(count)]
        await self.distinguish(*bills)
        return bills

    async def distinguish(self, *bill_ids: str) -> None:
        """Answer that these are different bills, although their numbers are the same."""
        answer = {"problem_code": "bill_entered_twice", "choice": "different"}
        selection = {"mode": "ids", "ids": list(bill_ids)}
        reply = await self.client.post(f"{API}/invoices/answers", json={"selection": selection, **answer})
        assert reply.status_code == 200, reply.text

    async def export(self, *invoice_ids: str) -> str:
        """Start a run; gives its id."""
        reply = await self.client.post(f"{API}/exports", json={"selection": {"mode": "ids", "ids": list(invoice_ids)}})
        assert reply.status_code == 202, reply.text
        return str(reply.json()["id"])

    async def drain(self) -> None:
        """One slice of a worker's time."""
        await drain(self.gateways, self.business_id)

    async def check_standing(self) -> None:
        """Work off the list of what may have changed, as a worker does after each sweep."""
        await check_standing(self.gateways.database, self.business_id)

    async def problems(self, invoice_id: str) -> list[str]:
        """The codes of the problems that an invoice shows."""
        invoice = (await self.client.get(f"{API}/invoices/{invoice_id}")).json()
        return [problem["code"] for problem in invoice["problems"]]

    async def in_view(self, view: str, kind: str = "customer") -> set[str | None]:
        """The numbers of the invoices in a view."""
        listed = await self.client.get(f"{API}/invoices", params={"view": view, "kind": kind, "limit": 200})
        return {invoice["number"] for invoice in listed.json()["items"]}

    async def run(self, export_id: str) -> dict[str, Any]:
        """The run as it is now."""
        return dict((await self.client.get(f"{API}/exports/{export_id}")).json())

    async def items(self, export_id: str) -> list[dict[str, Any]]:
        """The invoices of a run."""
        return list((await self.client.get(f"{API}/exports/{export_id}/items", params={"limit": 200})).json()["items"])

    async def notifications(self, kind: str) -> list[dict[str, Any]]:
        """What the feed says of this kind."""
        rows = await self.execute("SELECT message, data FROM notifications WHERE kind = :kind", kind=kind)
        return [dict(row._mapping) for row in rows]

    async def gateway(self) -> XeroGateway:
        """The gateway of the working connection."""
        gateway = await self.gateways.open(self.business_id)
        assert gateway is not None
        return gateway

    async def execute(self, statement: str, **values: Any) -> Any:
        """A statement of the test's own, committed; rows if it gives any."""
        async with self.gateways.database.work(SYSTEM) as work:
            result = await work.session.execute(text(statement), values)
            return result.all() if isinstance(result, CursorResult) and result.returns_rows else None

    def calls(self, method: str, path: str) -> list[dict[str, Any]]:
        """The calls the stand-in got, as it saw them."""
        return [row for row in self.stand_in.world.calls if (row["method"], row["path"]) == (method, path)]

    def controls(self) -> httpx2.AsyncClient:
        """The stand-in's control routes."""
        return httpx2.AsyncClient(transport=InProcessTransport(self.stand_in), base_url=STAND_IN)

    def in_xero(self, tenant: str = NZ_TENANT) -> list[dict[str, Any]]:
        """Invoices and bills in the organisation's books."""
        return list(self.stand_in.world.ledgers[tenant].invoices.values())


def invoice_id_of(public: str) -> UUID:
    """The id behind `inv_…`."""
    return decode("inv", public)
