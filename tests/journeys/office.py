"""An office from end to end: everything through the API, a worker inside, a stand-in for Xero beside it."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

import httpx2
from fastapi import FastAPI

from api.sync.exports import tasks as exports
from api.sync.ledger import tasks as ledger
from sandbox.app import StandIn
from sandbox.faults import Fault
from sandbox.in_process import InProcessTransport
from sandbox.seeds import NZ_TENANT
from tests.callers import Caller
from tests.clock import Clock
from tests.records.making import API, make
from tests.sync.connected_business import ConnectedBusiness

T = TypeVar("T")
_PATIENCE = 30.0
_FINISHED = ("done", "done_with_errors", "cancelled")


async def eventually(look: Callable[[], Awaitable[T | None]], *, seconds: float = _PATIENCE) -> T:
    """Look until there is something truthy; the last look is told when the time is over."""
    deadline = time.monotonic() + seconds
    while not (found := await look()):
        assert time.monotonic() < deadline, f"still {found!r} after {seconds} seconds"
        await asyncio.sleep(0.02)
    return found


class Office(ConnectedBusiness):
    """A business whose worker does the work; the clock of both sides can be moved on."""

    def __init__(self, app: FastAPI, client: Caller, stand_in: StandIn, clock: Clock) -> None:
        super().__init__(app, client, stand_in)
        self._clock = clock

    async def open(self) -> "Office":
        """Connect, wait for the ledger, choose what is needed before the first export."""
        assert await self.connect() == "http://localhost:8080/settings/connections/xero"
        await self.ledger_is_read()
        await self.prefer(default_income_code="200", default_expense_code="310")
        return self

    async def ledger_is_read(self) -> None:
        """Wait for a refresh to end well."""
        refresh = (await self.client.post(f"{API}/ledger/refreshes")).json()

        async def done() -> bool:
            state = (await self.client.get(f"{API}/ledger/refreshes/{refresh['id']}")).json()["state"]
            assert state != "failed"
            return bool(state == "done")

        await eventually(done)

    async def connection(self) -> dict[str, Any]:
        """The view, as the page gets it."""
        return await self.read("connections/xero")

    async def notifications(self, kind: str) -> list[dict[str, Any]]:
        """What the feed says of this kind, oldest first."""
        return [one for one in (await self.read("notifications?limit=200"))["items"] if one["kind"] == kind]

    async def is_connected(self) -> bool:
        """Whether the view is green."""
        return bool((await self.connection())["state"] == "connected")

    async def sweep(self) -> None:
        """The sweep that comes round every five seconds, now."""
        await ledger.sweep(self.gateways)
        await exports.sweep(self.gateways)

    async def later(self, **amount: float) -> None:
        """Let time pass for us and for Xero; somebody looks at the page now and then, which keeps them signed in."""
        self._clock.shift(timedelta(**amount))
        await self.read("session")
        await self.sweep()

    def fault(self, kind: str, **asked: Any) -> None:
        """Have the stand-in fail; writing invoices unless told otherwise."""
        self.stand_in.faults.waiting.append(
            Fault.model_validate({"kind": kind, "method": "PUT", "path": "Invoices", **asked})
        )

    async def many(self, count: int, kind: str = "customer", contacts: int = 1, **fields: Any) -> list[str]:
        """The ids of so many approved invoices, to so many contacts, put in by batch."""
        people = [
            {"external_id": f"{kind}-{n}", "kind": "company", "name": f"{kind.title()} {n} Ltd", "roles": [kind]}
            for n in range(contacts)
        ]
        known = await self.batch("contacts", people)
        rows = [
            {
                "external_id": f"{kind}-{n:04d}", "kind": kind, "number": f"{kind[0].upper()}-{n:04d}", "approve": True,
                "contact_id": known[n % contacts], "issued_on": "2026-11-20", "due_on": "2026-12-20",
                "lines": [{"description": "Labour", "quantity": "1.5", "unit_price": f"{20 + n}.35"}], **fields,
            }
            for n in range(count)
        ]  # fmt: skip
        return [
            one for start in range(0, count, 500) for one in await self.batch("invoices", rows[start : start + 500])
        ]

    async def batch(self, room: str, rows: list[dict[str, Any]]) -> list[str]:
        """Put rows in; their ids, in order."""
        results = (await self.client.post(f"{API}/{room}/batch", json={"items": rows})).json()["results"]
        assert [error for one in results for error in one["errors"]] == []
        return [one["id"] for one in results]

    async def job(self, number: str, **fields: Any) -> dict[str, Any]:
        """A new job."""
        return await make(self.client, "jobs", number=number, **fields)

    async def read(self, path: str) -> dict[str, Any]:
        """One resource as it is now."""
        reply = await self.client.get(f"{API}/{path}")
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    async def finished(self, export_id: str) -> dict[str, Any]:
        """The run once it has ended."""

        async def ended() -> dict[str, Any] | None:
            run = await self.run(export_id)
            return run if run["state"] in _FINISHED else None

        return await eventually(ended)

    async def reaches(self, export_id: str, **expected: Any) -> dict[str, Any]:
        """The run once it says what is expected."""

        async def there() -> dict[str, Any] | None:
            run = await self.run(export_id)
            return run if expected.items() <= run.items() else None

        return await eventually(there)

    async def exported(self, *invoice_ids: str) -> dict[str, Any]:
        """Export these and wait for the end."""
        return await self.finished(await self.export(*invoice_ids))

    async def messages(self, kind: str = "export.finished") -> list[str]:
        """What the feed said of this kind, oldest first."""
        return [one["message"] for one in await self.notifications(kind)]

    def numbers_in_xero(self) -> list[str]:
        """The numbers of all documents in the books, sorted."""
        return sorted(one["InvoiceNumber"] for one in self.in_xero())

    def control(self) -> httpx2.AsyncClient:
        """A client of the stand-in's control routes: what somebody does in Xero's own screens."""
        return httpx2.AsyncClient(
            transport=InProcessTransport(self.stand_in), base_url="http://localhost:9090/_ctl", timeout=10
        )

    async def in_xeros_screens(self, path: str, **body: Any) -> None:
        """Somebody does something in Xero."""
        async with self.control() as control:
            reply = await control.post(path, json=body)
            assert reply.status_code == 200, reply.text

    def contacts_in_xero(self, name: str) -> list[dict[str, Any]]:
        """Active contacts of that name."""
        rows = self.stand_in.world.ledgers[NZ_TENANT].contacts.values()
        return [one for one in rows if one["Name"] == name and one["ContactStatus"] == "ACTIVE"]

    def contact_in_xero(self, contact_id: str) -> dict[str, Any]:
        """The contact with this id, active or not."""
        return dict(self.stand_in.world.ledgers[NZ_TENANT].contacts[contact_id])
