"""Functions that create invoices through the API, with the rows they need."""

from typing import Any

import httpx2
from fastapi import FastAPI

from api.platform.ids import decode
from api.records.invoices.service import INVOICE_TRANSITIONS, ExportMark, ExportState, InvoiceService
from tests.callers import Caller
from tests.records.making import API, COMPANY, business_of, make

INVOICES = f"{API}/invoices"


async def contact(client: Caller, name: str = "Kōwhai Dental Ltd") -> str:
    """Create a company; returns its id."""
    return str((await make(client, "contacts", **{**COMPANY, "name": name}))["id"])


def line(**fields: Any) -> dict[str, Any]:
    """A line of 100.00, changed by `fields`."""
    return {"description": "Labour", "quantity": "1", "unit_price": "100.00", **fields}


def head(contact_id: str | None, number: str | None = "INV-1", **fields: Any) -> dict[str, Any]:
    """A customer invoice with one line, changed by `fields`."""
    issued = {"issued_on": "2026-11-20", "due_on": "2026-12-20"}
    return {"kind": "customer", "number": number, "contact_id": contact_id, **issued, "lines": [line()], **fields}


async def send(client: Caller, number: str | None = "INV-1", **fields: Any) -> httpx2.Response:
    """Try to create an invoice, for a new contact unless `contact_id` is given."""
    contact_id = fields.pop("contact_id", None) or await contact(client)
    return await client.post(INVOICES, json=head(contact_id, number, **fields))


async def draft(client: Caller, number: str | None = "INV-1", **fields: Any) -> dict[str, Any]:
    """Create a draft; returns it."""
    reply = await send(client, number, **fields)
    assert reply.status_code == 201, reply.text
    return dict(reply.json())


async def approved(client: Caller, number: str = "INV-1", **fields: Any) -> dict[str, Any]:
    """Create an approved invoice; returns it."""
    made = await draft(client, number, **fields)
    reply = await client.put(f"{INVOICES}/{made['id']}/approval")
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


async def read(client: Caller, invoice: dict[str, Any]) -> dict[str, Any]:
    """Read the invoice, as a change answers it: without the parts that `expand` includes."""
    reply = await client.get(f"{INVOICES}/{invoice['id']}")
    assert reply.status_code == 200, reply.text
    return {name: value for name, value in reply.json().items() if name not in ("contact", "job")}


async def mark(app: FastAPI, client: Caller, invoice: dict[str, Any], export_state: str, **fields: Any) -> None:
    """Move the invoice to a state through all states between, as exports do; `fields` apply to the last state."""
    invoice_id = decode("inv", invoice["id"])
    async with app.state.database.work(business_of(client)) as work:
        service = InvoiceService(work)
        before = ExportState((await service.locked_states([invoice_id]))[invoice_id].export_state)
        for step in _path(before, ExportState(export_state))[:-1]:
            await service.mark({invoice_id: ExportMark(step)})
        await service.mark({invoice_id: ExportMark(ExportState(export_state), **fields)})


def _path(before: ExportState, after: ExportState) -> list[ExportState]:
    """The shortest legal path between two states, without the first; only `after` when both are equal."""
    paths = [[before]]
    for path in paths:
        if path[-1] == after:
            return path[1:] or [after]
        paths += [[*path, following] for following in INVOICE_TRANSITIONS[path[-1]] if following not in path]
    raise AssertionError(f"no path leads from {before} to {after}")
