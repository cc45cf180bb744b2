"""Remarks of an invoice: it needs attention until somebody of the business has read them."""

from fastapi import FastAPI

from api.platform.problems import Problem
from tests.callers import Caller
from tests.records.invoicing import INVOICES, approved, mark, read

_REMARK = Problem("stored_differently", "Xero stored something otherwise", "We sent 1 line, Xero has 2.")


async def _needs_attention(client: Caller) -> int:
    counts = (await client.get(f"{INVOICES}/counts")).json()
    return int(counts["customer"]["needs_attention"])


async def test_an_invoice_needs_attention_until_its_remarks_are_read(client: Caller, app: FastAPI) -> None:
    invoice = await approved(client)
    await mark(app, client, invoice, "exported", remarks=[_REMARK])
    assert (await read(client, invoice))["remarks_read_at"] is None
    assert await _needs_attention(client) == 1
    tag = (await client.get(f"{INVOICES}/{invoice['id']}")).headers["etag"]

    for _ in range(2):
        reply = await client.put(f"{INVOICES}/{invoice['id']}/remarks/read-marker")
        assert reply.status_code == 204

    shown = await read(client, invoice)
    assert shown["remarks_read_at"] is not None
    assert shown["remarks"] == [_REMARK.as_row()], "they can still be read"
    assert await _needs_attention(client) == 0
    assert (await client.get(INVOICES, params={"view": "attention"})).json()["items"] == []
    assert (await client.get(f"{INVOICES}/{invoice['id']}")).headers["etag"] == tag
    events = (await client.get(f"{INVOICES}/{invoice['id']}/history")).json()["items"]
    assert [event["action"] for event in events].count("invoices.read_remarks") == 1


async def test_the_remarks_of_a_later_export_are_unread_again(client: Caller, app: FastAPI) -> None:
    invoice = await approved(client)
    await mark(app, client, invoice, "exported", remarks=[_REMARK])
    await client.put(f"{INVOICES}/{invoice['id']}/remarks/read-marker")

    await mark(app, client, invoice, "exported", remarks=[_REMARK])

    assert (await read(client, invoice))["remarks_read_at"] is None
    assert await _needs_attention(client) == 1


async def test_remarks_that_are_not_there_are_not_read(client: Caller, app: FastAPI) -> None:
    invoice = await approved(client)
    await client.put(f"{INVOICES}/{invoice['id']}/remarks/read-marker")

    assert (await read(client, invoice))["remarks_read_at"] is None


async def test_the_remarks_of_another_business_cannot_be_read(client: Caller, neighbour: Caller, app: FastAPI) -> None:
    invoice = await approved(client)
    await mark(app, client, invoice, "exported", remarks=[_REMARK])

    reply = await neighbour.put(f"{INVOICES}/{invoice['id']}/remarks/read-marker")

    assert reply.status_code == 404
    assert await _needs_attention(client) == 1
