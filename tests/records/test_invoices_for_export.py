"""What exports read from invoices and write to them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from datetime import UTC, datetime
from decimal import Decimal
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import event

from api.platform.ids import decode, uuid7
from api.platform.problems import Choice, Fix, Problem
from api.records.invoices.service import INVOICE_TRANSITIONS, ExportMark, ExportState, InvoiceFilter, InvoiceService
from api.records.tax_rates.service import TaxRateService, TaxRateView
from tests.callers import Caller
from tests.records.invoicing import INVOICES, approved, contact, draft, head, line, mark, read
from tests.records.making import business_of, make

DONE_AT = datetime(2026, 4, 4, 14, 30, tzinfo=UTC)  # 3:30 am on the night the clocks go back in New Zealand
PROBLEMS = [
    Problem("account_code_unknown", "A code isn't in Xero", "Line 1: 999 isn't in Xero.", "#/lines/0/accounting_code"),
    Problem(
        "total_negative",
        "Xero refused it",
        "The total is less than 0.",
        fix=Fix("Open", "/invoices"),
        source="xero",
        xero_message="The total is less than 0.",
        choices=(Choice("same", "It is the same document"),),
    ),
]
REMARK = Problem("total_mismatch", "Our total and Xero's differ", "Ours is 1.00, Xero made it 2.00.")


def id_of(invoice: dict[str, Any]) -> UUID:
    return decode("inv", invoice["id"])


@asynccontextmanager
async def working(app: FastAPI, client: Caller) -> AsyncIterator[InvoiceService]:
    async with app.state.database.work(business_of(client)) as work:
        yield InvoiceService(work)


async def test_documents_come_with_lines_in_the_requested_order_without_those_of_other_businesses(
    client: Caller, neighbour: Caller, app: FastAPI
) -> None:
    job = await make(client, "jobs", number="J8116")
    first = await approved(client, "A", job_id=job["id"], lines=[line(description=text) for text in ("one", "two")])
    second, theirs = await draft(client, "B", lines=[]), await draft(neighbour)

    async with working(app, client) as invoices:
        documents = await invoices.documents([id_of(second), uuid7(), id_of(theirs), id_of(first)])

    assert [document.number for document in documents] == ["B", "A"]
    assert (documents[1].contact_name, documents[1].job_number) == ("Kōwhai Dental Ltd", "J8116")
    assert [line.description for line in documents[1].lines] == ["one", "two"]
    assert (documents[1].lines[0].tax_rate, documents[1].total) == (Decimal(15), Decimal("230.00"))
    assert documents[0].lines == ()


async def test_a_thousand_documents_need_few_statements(client: Caller, app: FastAPI) -> None:
    contact_id = await contact(client)
    for part in range(2):
        batch = [head(contact_id, f"{part}-{n}", external_id=f"{part}-{n}", approve=True) for n in range(500)]
        await client.post(f"{INVOICES}/batch", json={"items": batch})
    statements: list[str] = []
    engine = app.state.database.engine.sync_engine

    async with working(app, client) as invoices:
        event.listen(engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
        ids = await invoices.resolve(InvoiceFilter(view="ready"), [])
        documents = await invoices.documents(ids)
        await invoices.locked_states(ids)
        await invoices.mark({invoice_id: ExportMark(ExportState.QUEUED) for invoice_id in ids})

    assert len(documents) == 1000
    assert len(statements) < 12
    assert (await client.get(f"{INVOICES}/counts")).json()["customer"]["in_progress"] == 1000


async def test_a_selection_is_resolved_oldest_first(client: Caller, app: FastAPI) -> None:
    contact_id = await contact(client)
    for number, day in (("new", "2026-11-20"), ("old", "2026-01-01"), ("out", "2026-06-01"), ("mid", "2026-05-01")):
        await approved(client, number, contact_id=contact_id, issued_on=day)
    await draft(client, "draft", contact_id=contact_id)
    out = (await client.get(INVOICES, params={"q": "out"})).json()["items"][0]

    async with working(app, client) as invoices:
        ids = await invoices.resolve(InvoiceFilter(view="ready", kind="customer"), [id_of(out)])
        documents = await invoices.documents(ids)

    assert [document.number for document in documents] == ["old", "mid", "new"]


async def test_the_state_of_an_invoice_is_locked_until_the_export_commits(client: Caller, app: FastAPI) -> None:
    made = await approved(client)

    async with working(app, client) as invoices:
        states = await invoices.locked_states([id_of(made), uuid7()])
        withdrawing = asyncio.create_task(client.delete(f"{INVOICES}/{made['id']}/approval"))
        await asyncio.wait(
            [withdrawing], timeout=0.3
        )  # time in which the withdrawal would commit, if it were not blocked
        await invoices.mark({id_of(made): ExportMark(ExportState.QUEUED)})

    assert set(states) == {id_of(made)}
    state = states[id_of(made)]
    assert (state.status, state.export_state, state.kind, state.number) == (
        "approved",
        "not_exported",
        "customer",
        "INV-1",
    )
    assert (await withdrawing).json()["code"] == "invoice_in_export"
    assert (await read(client, made))["status"] == "approved"


async def test_marks_set_the_state_of_each_invoice_and_do_not_change_its_content(client: Caller, app: FastAPI) -> None:
    good, bad = await approved(client, "A"), await approved(client, "B")

    async with working(app, client) as invoices:
        await invoices.mark({id_of(made): ExportMark(ExportState.QUEUED) for made in (good, bad)})
        await invoices.mark(
            {
                id_of(good): ExportMark(ExportState.EXPORTED, exported_at=DONE_AT, external_url="https://go.example/1"),
                id_of(bad): ExportMark(ExportState.NOT_EXPORTED, problems=PROBLEMS, remarks=[REMARK]),
            }
        )
        states = await invoices.locked_states([id_of(good)])

    first, second = await read(client, good), await read(client, bad)
    assert (first["export_state"], first["external_url"]) == ("exported", "https://go.example/1")
    assert first["exported_at"] == "2026-04-04T14:30:00Z"
    assert (second["export_state"], second["exported_at"]) == ("not_exported", None)
    assert second["problems"] == [problem.as_row() for problem in PROBLEMS]
    assert second["remarks"] == [REMARK.as_row()]
    listed = {row["id"]: row for row in (await client.get(INVOICES)).json()["items"]}
    assert listed[bad["id"]]["problems"] == second["problems"]
    assert (listed[good["id"]]["problems"], listed[good["id"]]["remarks"]) == ([], [])
    assert states[id_of(good)].version == 1
    assert first["lines"] == good["lines"]


async def test_an_illegal_mark_or_one_of_another_business_fails_and_changes_nothing(
    client: Caller, neighbour: Caller, app: FastAPI
) -> None:
    ours, theirs = await approved(client), await approved(neighbour)

    for marks in (
        {id_of(ours): ExportMark(ExportState.VOIDED)},
        {id_of(ours): ExportMark(ExportState.QUEUED), id_of(theirs): ExportMark(ExportState.QUEUED)},
    ):
        with pytest.raises(AssertionError):
            async with working(app, client) as invoices:
                await invoices.mark(marks)

    assert (await read(client, ours))["export_state"] == "not_exported"
    assert (await read(neighbour, theirs))["export_state"] == "not_exported"


async def test_marks_make_the_transitions_of_the_table_and_no_other(client: Caller, app: FastAPI) -> None:
    made = await approved(client)
    table = INVOICE_TRANSITIONS
    for before, after in product(table, table):
        await mark(app, client, made, before)
        is_allowed = after == before or after in table[before]
        with nullcontext() if is_allowed else pytest.raises(AssertionError, match="may not make this transition"):
            async with working(app, client) as invoices:
                await invoices.mark({id_of(made): ExportMark(after)})
        assert (await read(client, made))["export_state"] == (after if is_allowed else before), f"{before} to {after}"


async def test_a_mark_keeps_the_fields_it_does_not_set_until_the_invoice_is_unlinked(
    client: Caller, app: FastAPI
) -> None:
    made = await approved(client)
    await mark(app, client, made, "exported", exported_at=DONE_AT, external_url="https://go.example/1")

    await mark(app, client, made, "voided")
    assert (await read(client, made))["external_url"] == "https://go.example/1"
    await mark(app, client, made, "not_exported")

    cleared = await read(client, made)
    assert (cleared["external_url"], cleared["exported_at"]) == (None, None)


async def test_every_edit_raises_the_version_and_an_equal_value_does_not(client: Caller, app: FastAPI) -> None:
    made = await draft(client)
    for reference in ("PO 1", "PO 1", "PO 2"):
        await client.patch(f"{INVOICES}/{made['id']}", json={"reference": reference})

    async with working(app, client) as invoices:
        assert (await invoices.locked_states([id_of(made)]))[id_of(made)].version == 3


async def test_two_concurrent_invoices_cannot_take_the_same_number(client: Caller) -> None:
    contact_id = await contact(client)

    replies = await asyncio.gather(*(client.post(INVOICES, json=head(contact_id, "INV-9")) for _ in range(4)))

    assert sorted(reply.status_code for reply in replies) == [201, 409, 409, 409]


async def test_a_line_keeps_the_rate_it_was_written_with(client: Caller, app: FastAPI) -> None:
    made = await draft(client)
    async with app.state.database.work(business_of(client)) as work:
        await TaxRateService(work).take_from_ledger([TaxRateView("OUTPUT2", "GST", Decimal(17), True, False)])

    kept = await client.patch(f"{INVOICES}/{made['id']}", json={"reference": "PO 1"})
    renewed = await client.patch(f"{INVOICES}/{made['id']}", json={"lines": [line()]})

    assert (kept.json()["total"], renewed.json()["total"]) == ("115.00", "117.00")
