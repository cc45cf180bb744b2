"""The office of a business: it does everything through the API, and an embedded worker does the work."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any, TypeVar

import httpx2
from fastapi import FastAPI

from sandbox.app import StandIn
from sandbox.faults import Fault
from sandbox.in_process import InProcessTransport
from sandbox.seeds import NZ_TENANT
from tests.callers import Caller
from tests.clock import Clock
from tests.records.making import API, make
from tests.sync.connected_business import ConnectedBusiness
from tests.sync.queues import sweep_exports, sweep_ledgers

T = TypeVar("T")
_PATIENCE_SECONDS = 30.0
_FINISHED = ("done", "done_with_errors", "cancelled")


async def eventually(look: Callable[[], Awaitable[T | None]], *, seconds: float = _PATIENCE_SECONDS) -> T:
    """Call `look` until it returns something truthy. Fails with the last result when the time is over."""
    deadline = time.monotonic() + seconds
    while not (result := await look()):
        assert time.monotonic() < deadline, f"still {result!r} after {seconds} seconds"
        await asyncio.sleep(0.02)
    return result


class Office(ConnectedBusiness):
    """A business with an embedded worker. The clock of the app and of the stand-in can be moved forward."""

    def __init__(self, app: FastAPI, client: Caller, stand_in: StandIn, clock: Clock) -> None:
        super().__init__(app, client, stand_in)
        self._clock = clock

    async def open(self) -> "Office":
        """Connect, wait for the ledger, choose the default codes that an export needs."""
        assert await self.connect() == "http://localhost:8080/settings/connections/xero"
        await self.ledger_is_read()
        await self.prefer(default_income_code="200", default_expense_code="310")
        return self

    async def ledger_is_read(self) -> None:
        """Refresh the ledger and wait for the end."""
        refresh = (await self.client.post(f"{API}/ledger/refreshes")).json()

        async def done() -> bool:
            state = (await self.client.get(f"{API}/ledger/refreshes/{refresh['id']}")).json()["state"]
            assert state != "failed"
            return bool(state == "done")

        await eventually(done)

    async def connection(self) -> dict[str, Any]:
        """The connection as the API shows it."""
        return await self.read("connections/xero")

    async def notifications(self, kind: str) -> list[dict[str, Any]]:
        """The notifications of this kind, oldest first."""
        items = (await self.read("notifications?limit=200"))["items"]
        return [notification for notification in items if notification["kind"] == kind]

    async def is_connected(self) -> bool:
        """Whether the API shows the connection as connected."""
        return bool((await self.connection())["state"] == "connected")

    async def sweep(self) -> None:
        """Run the sweep now, which otherwise runs every five seconds."""
        await sweep_ledgers(self.gateways)
        await sweep_exports(self.gateways)

    async def later(self, **amount: float) -> None:
        """Move the clock forward, read the session so that it stays alive, run the sweep, and let the worker finish."""
        await self.is_idle()
        self._clock.shift(timedelta(**amount))
        await self.read("session")
        await self.sweep()
        await self.is_idle()

    async def is_idle(self) -> None:
        """Wait until no worker serves an export and none is due: the next move of the clock is then seen by all."""

        async def idle() -> bool:
            busy = "SELECT 1 FROM write_queue WHERE lease_until IS NOT NULL OR next_due <= app_now()"
            return not await self.execute(busy)

        await eventually(idle)

    def fault(self, kind: str, **asked: Any) -> None:
        """Make the stand-in fail, by default when invoices are written."""
        self.stand_in.faults.waiting.append(
            Fault.model_validate({"kind": kind, "method": "PUT", "path": "Invoices", **asked})
        )

    async def many(self, count: int, kind: str = "customer", contacts: int = 1, **fields: Any) -> list[str]:
        """Create approved invoices for this many contacts, by batch; returns their ids."""
        elements = [
            {"external_id": f"{kind}-{n}", "kind": "company", "name": f"{kind.title()} {n} Ltd", "roles": [kind]}
            for n in range(contacts)
        ]
        contact_ids = await self.batch("contacts", elements)
        rows = [
            {
                "external_id": f"{kind}-{n:04d}",
                "kind": kind,
                "number": f"{kind[0].upper()}-{n:04d}",
                "approve": True,
                "contact_id": contact_ids[n % contacts],
                "issued_on": "2026-11-20",
                "due_on": "2026-12-20",
                "lines": [{"description": "Labour", "quantity": "1.5", "unit_price": f"{20 + n}.35"}],
                **fields,
            }
            for n in range(count)
        ]
        ids: list[str] = []
        for start in range(0, count, 500):
            ids += await self.batch("invoices", rows[start : start + 500])
        return ids

    async def batch(self, resource: str, rows: list[dict[str, Any]]) -> list[str]:
        """Create rows by batch; returns their ids in the same order."""
        results = (await self.client.post(f"{API}/{resource}/batch", json={"items": rows})).json()["results"]
        assert [error for result in results for error in result["errors"]] == []
        return [result["id"] for result in results]

    async def job(self, number: str, **fields: Any) -> dict[str, Any]:
        """Create a job."""
        return await make(self.client, "jobs", number=number, **fields)

    async def read(self, path: str) -> dict[str, Any]:
        """Read one resource."""
        reply = await self.client.get(f"{API}/{path}")
        assert reply.status_code == 200, reply.text
        return dict(reply.json())

    async def finished(self, export_id: str, *, seconds: float = 30.0) -> dict[str, Any]:
        """Wait until the run has ended; returns it."""

        async def ended() -> dict[str, Any] | None:
            run = await self.run(export_id)
            return run if run["state"] in _FINISHED else None

        return await eventually(ended, seconds=seconds)

    async def finished_in_time(self, export_id: str) -> dict[str, Any]:
        """Let time pass until nothing can be on its way any more, which counts from the record of the first look-up."""
        for _ in range(4):
            await self.later(minutes=11)
            with suppress(AssertionError):
                return await self.finished(export_id, seconds=8)
        return await self.finished(export_id)

    async def reaches(self, export_id: str, **expected: Any) -> dict[str, Any]:
        """Wait until the run has these values; returns it."""

        async def there() -> dict[str, Any] | None:
            run = await self.run(export_id)
            return run if expected.items() <= run.items() else None

        return await eventually(there)

    async def exported(self, *invoice_ids: str) -> dict[str, Any]:
        """Export these invoices and wait for the end of the run."""
        return await self.finished(await self.export(*invoice_ids))

    async def messages(self, kind: str = "export.finished") -> list[str]:
        """The messages of the notifications of this kind, oldest first."""
        return [notification["message"] for notification in await self.notifications(kind)]

    def numbers_in_xero(self) -> list[str]:
        """The numbers of all documents in the stand-in, sorted."""
        return sorted(document["InvoiceNumber"] for document in self.in_xero())

    def control(self) -> httpx2.AsyncClient:
        """A client of the stand-in's control routes, which do what a user does in Xero's own screens."""
        return httpx2.AsyncClient(
            transport=InProcessTransport(self.stand_in), base_url="http://localhost:9090/_ctl", timeout=10
        )

    async def in_xeros_screens(self, path: str, **body: Any) -> None:
        """Do what a user does in Xero's own screens."""
        async with self.control() as control:
            reply = await control.post(path, json=body)
            assert reply.status_code == 200, reply.text

    def contacts_in_xero(self, name: str) -> list[dict[str, Any]]:
        """The active contacts of that name in the stand-in."""
        rows = self.stand_in.world.ledgers[NZ_TENANT].contacts.values()
        return [contact for contact in rows if contact["Name"] == name and contact["ContactStatus"] == "ACTIVE"]

    def contact_in_xero(self, contact_id: str) -> dict[str, Any]:
        """The contact with this id, active or not."""
        return dict(self.stand_in.world.ledgers[NZ_TENANT].contacts[contact_id])
