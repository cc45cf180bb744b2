"""One of everything that has an id in an address, made through the API; a new kind of thing needs a maker here."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Self

from api.platform.clock import now
from tests.callers import Caller
from tests.records.making import API, make
from tests.sync.shop import Shop

MARK = "Zanzibar"  # in every text of the first business, and nowhere else

Maker = Callable[["Belongings"], Awaitable[str]]


class Belongings:
    """Ids of the first business by the name of the path parameter they go into."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.client: Caller = shop.client
        self.ids: dict[str, str] = {}

    @classmethod
    async def of(cls, shop: Shop) -> Self:
        """Make everything, in the order of MAKERS."""
        self = cls(shop)
        for parameter, make_one in MAKERS.items():
            self.ids[parameter] = await make_one(self)
        return self

    async def row(self, room: str, **fields: Any) -> str:
        """The id of a new row."""
        return str((await make(self.client, room, **fields))["id"])


async def _contact(own: Belongings) -> str:
    return await own.row("contacts", kind="company", name=f"{MARK} Dental", roles=["customer"], external_id=MARK)


async def _job_status(own: Belongings) -> str:
    return await own.row("job-statuses", name=f"{MARK} stage")


async def _job(own: Belongings) -> str:
    contact, status = own.ids["contact_id"], own.ids["job_status_id"]
    return await own.row("jobs", number=f"{MARK}-1", description=MARK, contact_id=contact, status_id=status)


async def _accounting_code(own: Belongings) -> str:
    return await own.row("accounting-codes", code="299", name=f"{MARK} sales", kind="income")


async def _cost_center(own: Belongings) -> str:
    return await own.row("cost-centers", name=f"{MARK} north")


async def _item(own: Belongings) -> str:
    return await own.row("items", code=MARK, name=f"{MARK} valve")


async def _invoice(own: Belongings) -> str:
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


async def _export(own: Belongings) -> str:
    run = await own.shop.export(await own.shop.invoice(f"{MARK}-I2", own.ids["contact_id"]))
    await own.shop.drain()
    return run


async def _refresh(own: Belongings) -> str:
    reply = await own.client.post(f"{API}/ledger/refreshes")
    assert reply.status_code == 202, reply.text
    return str(reply.json()["id"])


async def _key(own: Belongings) -> str:
    expires_on = (now().date() + timedelta(days=9)).isoformat()
    return await own.row("api-keys", name=f"{MARK} robot", scopes=["contacts:read"], expires_on=expires_on)


async def _invitation(own: Belongings) -> str:
    return await own.row("invitations", email=f"{MARK}@example.nz", role="viewer")


async def _user(own: Belongings) -> str:
    return str(own.client.business["user"]["id"])


MAKERS: dict[str, Maker] = {
    "contact_id": _contact,
    "job_status_id": _job_status,
    "job_id": _job,
    "accounting_code_id": _accounting_code,
    "cost_center_id": _cost_center,
    "item_id": _item,
    "invoice_id": _invoice,
    "export_id": _export,
    "refresh_id": _refresh,
    "key_id": _key,
    "invitation_id": _invitation,
    "user_id": _user,
}
