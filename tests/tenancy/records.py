"""Rows of the first business, one for every path parameter, created through the API. MAKERS has one entry for each."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Self

from api.platform.clock import now
from api.sync.contacts.imports.running import run_import
from tests.callers import Caller
from tests.records.making import API, make
from tests.sync.connected_business import ConnectedBusiness

MARK = "Zanzibar"  # every text of the first business contains it, and no other text does

Maker = Callable[["OwnedRecords"], Awaitable[str]]


class OwnedRecords:
    """The ids of the first business by the name of their path parameter."""

    def __init__(self, business: ConnectedBusiness) -> None:
        self.business = business
        self.client: Caller = business.client
        self.ids: dict[str, str] = {}

    @classmethod
    async def of(cls, business: ConnectedBusiness) -> Self:
        """Create all rows, in the order of MAKERS."""
        self = cls(business)
        for parameter, create in MAKERS.items():
            self.ids[parameter] = await create(self)
        return self

    async def row(self, resource: str, **fields: Any) -> str:
        """Create a row; returns its id."""
        return str((await make(self.client, resource, **fields))["id"])


async def _contact(own: OwnedRecords) -> str:
    return await own.row("contacts", kind="company", name=f"{MARK} Dental", roles=["customer"], external_id=MARK)


async def _job_status(own: OwnedRecords) -> str:
    return await own.row("job-statuses", name=f"{MARK} stage")


async def _job(own: OwnedRecords) -> str:
    contact, status = own.ids["contact_id"], own.ids["job_status_id"]
    return await own.row("jobs", number=f"{MARK}-1", description=MARK, contact_id=contact, status_id=status)


async def _accounting_code(own: OwnedRecords) -> str:
    return await own.row("accounting-codes", code="299", name=f"{MARK} sales", kind="income")


async def _cost_center(own: OwnedRecords) -> str:
    return await own.row("cost-centers", name=f"{MARK} north")


async def _item(own: OwnedRecords) -> str:
    return await own.row("items", code=MARK, name=f"{MARK} valve")


async def _invoice(own: OwnedRecords) -> str:
    line = {"description": MARK, "quantity": "1", "unit_price": "10.00"}
    return await own.row(
        "invoices",
        kind="customer",
        number=f"{MARK}-I1",
        contact_id=own.ids["contact_id"],
        issued_on="2026-11-20",
        due_on="2026-12-20",
        lines=[line],
    )


async def _export(own: OwnedRecords) -> str:
    run = await own.business.export(await own.business.invoice(f"{MARK}-I2", own.ids["contact_id"]))
    await own.business.drain()
    return run


async def _contact_push(own: OwnedRecords) -> str:
    reply = await own.client.post(f"{API}/contact-pushes")
    assert reply.status_code == 202, reply.text
    await own.business.drain()
    return str(reply.json()["id"])


async def _refresh(own: OwnedRecords) -> str:
    reply = await own.client.post(f"{API}/ledger/refreshes")
    assert reply.status_code == 202, reply.text
    return str(reply.json()["id"])


async def _import(own: OwnedRecords) -> str:
    reply = await own.client.post(f"{API}/contact-imports", json={"mode": "preview"})
    assert reply.status_code == 202, reply.text
    await run_import(own.business.gateways, own.business.business_id)
    return str(reply.json()["id"])


async def _key(own: OwnedRecords) -> str:
    expires_on = (now().date() + timedelta(days=9)).isoformat()
    return await own.row("api-keys", name=f"{MARK} robot", scopes=["contacts:read"], expires_on=expires_on)


async def _invitation(own: OwnedRecords) -> str:
    return await own.row("invitations", email=f"{MARK}@example.nz", role="viewer")


async def _user(own: OwnedRecords) -> str:
    return str(own.client.business["user"]["id"])


async def _session(own: OwnedRecords) -> str:
    return str((await own.client.get(f"{API}/sessions")).json()["items"][0]["id"])


MAKERS: dict[str, Maker] = {
    "contact_id": _contact,
    "job_status_id": _job_status,
    "job_id": _job,
    "accounting_code_id": _accounting_code,
    "cost_center_id": _cost_center,
    "item_id": _item,
    "invoice_id": _invoice,
    "export_id": _export,
    "contact_push_id": _contact_push,
    "refresh_id": _refresh,
    "import_id": _import,
    "key_id": _key,
    "invitation_id": _invitation,
    "user_id": _user,
    "session_id": _session,
}
