"""Lists of invoices: filters, views, counts and pages."""

from typing import Any

import pytest
from fastapi import FastAPI

from api.platform.db.reads import STATEMENTS, Read
from api.platform.db.work import SYSTEM
from api.platform.problems import Problem
from api.records.contacts.service import ContactService
from api.records.invoices.filters import InvoiceFilter
from api.records.invoices.lists.repository import InvoiceListRepository
from api.records.invoices.searching import Joined
from api.records.invoices.service import ExportState
from api.records.jobs.service import JobService
from tests.callers import Caller
from tests.records.invoicing import INVOICES, approved, contact, draft, line, mark
from tests.records.making import API, items, make

PROBLEM = Problem("contact_archived", "The contact is archived in Xero", "Restore it there.")
_WRITTEN_COLUMNS = """
SELECT string_agg(column_name, ', ') FROM information_schema.columns
WHERE table_name = 'invoices' AND is_generated = 'NEVER'
"""
_MANY_INVOICES = """
INSERT INTO invoices ({0}) SELECT {0} FROM (SELECT (jsonb_populate_record(i, jsonb_build_object(
  'id', gen_random_uuid(), 'number', 'N-' || n))).* FROM invoices i, generate_series(1, 3000) n) copies
"""


async def numbers(client: Caller, **asked: Any) -> list[str]:
    return [row["number"] for row in await items(client, "invoices", **asked)]


async def test_invoices_are_listed_newest_first_without_lines(client: Caller) -> None:
    for number, day in (("A", "2026-11-01"), ("B", "2026-11-20"), ("C", "2026-10-31")):
        await draft(client, number, issued_on=day)

    rows = await items(client, "invoices")

    assert [row["number"] for row in rows] == ["B", "A", "C"]
    assert rows[0]["contact_name"] == "Kōwhai Dental Ltd"
    assert (rows[0]["lines"], rows[0]["contact"], rows[0]["job"]) == (None, None, None)


async def test_pages_list_every_invoice_once_in_every_order(client: Caller) -> None:
    contact_id = await contact(client)
    for number, price in enumerate(["30", "10", "20", "10", "30"]):
        lines = [line(unit_price=price)]
        await draft(client, f"N{number}", contact_id=contact_id, lines=lines, issued_on=f"2026-11-0{number % 2 + 1}")

    for sort in ("issued_on", "number", "total"):
        numbers_by_order: dict[str, list[str]] = {}
        for order in (sort, f"-{sort}"):
            asked: dict[str, Any] = {"sort": order, "limit": 2}
            numbers_by_order[order] = []
            while asked.get("cursor", "") is not None:
                page = (await client.get(INVOICES, params=asked)).json()
                numbers_by_order[order] += [row["number"] for row in page["items"]]
                asked["cursor"] = page["next_cursor"]
        assert numbers_by_order[sort] == list(reversed(numbers_by_order[f"-{sort}"]))
        assert sorted(numbers_by_order[sort]) == ["N0", "N1", "N2", "N3", "N4"]
    assert await numbers(client, sort="total", limit=2) == ["N1", "N3"]


async def test_invoices_are_searched_by_number_contact_or_job(client: Caller) -> None:
    job = await make(client, "jobs", number="J8116")
    await draft(client, "INV-20480", contact_id=await contact(client, "J & M Tamahori"))
    await draft(client, "INV-7", contact_id=await contact(client, "Lakeside 100% Motel"), job_id=job["id"])

    assert await numbers(client, q="20480") == ["INV-20480"]
    assert await numbers(client, q="tamahori") == ["INV-20480"]
    assert await numbers(client, q="j8116") == ["INV-7"]
    assert await numbers(client, q="0%") == ["INV-7"]
    assert await numbers(client, q="_") == []
    assert await numbers(client, q="\\") == []


async def test_a_number_is_found_with_and_without_its_dashes_and_blanks(client: Caller) -> None:
    await draft(client, "KP-2477")
    await draft(client, "KP 24-78")

    for q in ("kp2477", "KP-2477", "kp 2477", "p-247"):
        assert "KP-2477" in await numbers(client, q=q), q
    assert await numbers(client, q="2478") == ["KP 24-78"]
    assert sorted(await numbers(client, q="-")) == ["KP 24-78", "KP-2477"]
    assert await numbers(client, q="kp2479") == []


async def test_a_search_reads_the_index_of_the_list_and_not_its_invoices(app: FastAPI, client: Caller) -> None:
    await draft(client, "KP-2477")
    wanted = InvoiceFilter(kind="customer", q="kp2477")
    joined = Joined(ContactService(STATEMENTS).table(), JobService(STATEMENTS).table())
    read = Read.of(InvoiceListRepository(STATEMENTS).page(wanted, "-issued_on", 50, joined, continued=False))
    async with app.state.database.work(SYSTEM) as work:
        connection = await work.session.connection()
        (columns,) = (await connection.exec_driver_sql(_WRITTEN_COLUMNS)).scalars()
        await connection.exec_driver_sql(_MANY_INVOICES.format(columns))
        await connection.exec_driver_sql("ANALYZE invoices")
        plan = (await connection.exec_driver_sql(f"EXPLAIN {read.text}", dict(read.values))).scalars().all()

    assert [step for step in plan if "Index Only Scan Backward using ix_invoices_business_id_kind_issued_on_id" in step]


async def test_persons_are_shown_and_searched_by_the_preferred_name_format(client: Caller) -> None:
    person = await make(client, "contacts", kind="person", first_name="Mere", last_name="Hohepa", roles=["customer"])
    await draft(client, contact_id=person["id"])
    first = await items(client, "invoices", q="Mere Hohepa")
    change = {"person_name_format": "last_first"}
    await client.patch("/api/v1/preferences", json=change, headers={"If-Match": "*"})

    second = await items(client, "invoices", q="Hohepa, Mere")

    assert [row["contact_name"] for row in first + second] == ["Mere Hohepa", "Hohepa, Mere"]


async def test_filters_combine(client: Caller) -> None:
    kowhai, rata = await contact(client, "Kōwhai"), await contact(client, "Rātā")
    await draft(client, "A", contact_id=kowhai, issued_on="2026-11-01")
    await draft(client, "B", contact_id=rata, issued_on="2026-11-02")
    await approved(client, "C", contact_id=rata, issued_on="2026-11-03")
    await draft(client, "D", contact_id=rata, kind="supplier", issued_on="2026-11-04")

    assert await numbers(client, kind="supplier") == ["D"]
    assert await numbers(client, status="approved") == ["C"]
    assert await numbers(client, contact_id=kowhai) == ["A"]
    assert await numbers(client, issued_from="2026-11-02", issued_to="2026-11-03") == ["C", "B"]
    assert await numbers(client, contact_id=rata, kind="customer", status="draft") == ["B"]


async def test_views_and_counts_agree(client: Caller, app: FastAPI) -> None:
    contact_id = await contact(client)
    await draft(client, "draft", contact_id=contact_id)
    await draft(client, "bill", contact_id=contact_id, kind="supplier")
    for state in ExportState:
        made = await approved(client, state, contact_id=contact_id)
        await mark(app, client, made, state)
    refused = await approved(client, "refused", contact_id=contact_id)
    await mark(app, client, refused, "not_exported", problems=[PROBLEM])
    withdrawn = await approved(client, "withdrawn", contact_id=contact_id)
    await mark(app, client, withdrawn, "not_exported", problems=[PROBLEM])
    await client.delete(f"{INVOICES}/{withdrawn['id']}/approval")
    remarked = await approved(client, "remarked", contact_id=contact_id)
    await mark(app, client, remarked, "exported", remarks=[PROBLEM])

    counts = (await client.get(f"{INVOICES}/counts")).json()

    assert counts == {
        "customer": {
            "ready": 1,
            "needs_attention": 4,
            "in_progress": 3,
            "exported": 2,
            "draft": 2,
            "all": 12,
        },
        "supplier": {"ready": 0, "needs_attention": 0, "in_progress": 0, "exported": 0, "draft": 1, "all": 1},
        "count": 13,
        "more": False,
    }
    asked = {"kind": "customer"}
    assert await numbers(client, **asked, view="ready") == ["not_exported"]
    assert set(await numbers(client, **asked, view="attention")) == {"changed", "voided", "refused", "remarked"}
    assert set(await numbers(client, **asked, view="in_progress")) == {"queued", "sending", "checking"}
    for only in ({"view": "exported"}, {"export_state": "exported"}):
        assert set(await numbers(client, **asked, **only)) == {"exported", "remarked"}
    for only in ({"view": "draft"}, {"status": "draft"}):
        assert set(await numbers(client, **asked, **only)) == {"draft", "withdrawn"}


async def test_counts_of_filtered_invoices_are_those_of_their_list(client: Caller, app: FastAPI) -> None:
    contact_id = await contact(client)
    await draft(client, "draft", contact_id=contact_id)
    for kind in ("customer", "supplier"):
        for state in ExportState:
            made = await approved(client, f"{kind} {state}", contact_id=contact_id, kind=kind)
            problems = [PROBLEM] if state == ExportState.CHECKING else []
            await mark(app, client, made, state, problems=problems)

    for asked in (
        {"kind": "supplier"},
        {"status": "approved"},
        {"kind": "customer", "export_state": "changed"},
        *({"view": view} for view in ("ready", "attention", "in_progress", "exported", "draft")),
        {"view": "attention", "export_state": "checking"},
        {"view": "attention", "contact_id": contact_id},
    ):
        counts = (await client.get(f"{INVOICES}/counts", params=asked)).json()
        listed = await items(client, "invoices", **asked)
        assert counts["count"] == len(listed) > 0, asked
        assert counts["supplier"]["all"] == sum(row["kind"] == "supplier" for row in listed), asked


async def test_a_business_without_invoices_counts_nothing(client: Caller, neighbour: Caller) -> None:
    await draft(neighbour)

    counts = (await client.get(f"{INVOICES}/counts")).json()

    assert {count for kind in ("customer", "supplier") for count in counts[kind].values()} == {0}


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("kind", "quote"),
        ("status", "paid"),
        ("export_state", "done"),
        ("sort", "due_on"),
        ("contact_id", "inv_01jf9jwz2hfk2a38g7zvjjpf1x"),
        ("issued_from", "yesterday"),
        ("issued_to", "2026-02-30"),
        ("problem", "nope"),
        ("problem", "not_signed_in"),
        ("q", ""),
        ("limit", "201"),
        ("page", "2"),
    ],
)
async def test_unknown_filters_and_values_are_refused_with_their_name(
    client: Caller, parameter: str, value: str
) -> None:
    refused = await client.get(INVOICES, params={parameter: value})

    assert refused.status_code == 422
    assert [error["parameter"] for error in refused.json()["errors"]] == [parameter]


async def test_a_search_folds_accents_and_finds_the_job_and_the_amount(client: Caller) -> None:
    tap = await make(client, "jobs", number="J8116", description="Stop tap, 14 Rātā Street")
    await draft(
        client, "INV-1", contact_id=await contact(client, "Kōwhai Dental Ltd"), lines=[line(unit_price="577.49")]
    )
    await draft(client, "INV-2", contact_id=await contact(client, "J & M Tamahori"), job_id=tap["id"])
    await draft(client, "INV-3", contact_id=await contact(client, "St Anne's Hall"))

    for q, expected in {
        "St Anne\u2019s": "INV-3",
        "inv\u20133": "INV-3",
        "kowhai": "INV-1",
        "KŌWHAI  dental": "INV-1",
        "dental kowhai": "INV-1",
        "664.11": "INV-1",
        "$664.11": "INV-1",
        "stop tap": "INV-2",
        "tap stop": "INV-2",
        "rata street": "INV-2",
        "inv-2": "INV-2",
    }.items():
        assert await numbers(client, q=q) == [expected], q
    assert await numbers(client, q="664.1") == []


@pytest.mark.parametrize("blank", [" ", "\t\n", "\u3000\u00a0"])
async def test_a_search_for_blanks_finds_everything_and_never_fails(client: Caller, blank: str) -> None:
    await draft(client, "INV-1", contact_id=await contact(client, "Kōwhai Dental Ltd"))
    for path in ("invoices", "contacts", "jobs", "items", "accounting-codes"):
        reply = await client.get(f"{API}/{path}", params={"q": blank})
        assert reply.status_code in (200, 422), path
    assert await numbers(client, q=blank) in (["INV-1"], [])
    counts = await client.get(f"{API}/invoices/counts", params={"q": blank})
    assert counts.status_code in (200, 422)


async def test_invoices_are_filtered_by_job_currency_due_date_and_amount(client: Caller) -> None:
    contact_id = await contact(client)
    job = await make(client, "jobs", number="J8116")
    await draft(client, "A", contact_id=contact_id, job_id=job["id"], due_on="2026-12-01", external_id="X-1")
    await draft(client, "B", contact_id=contact_id, currency="AUD", due_on="2026-12-20", lines=[line(unit_price="500")])
    await draft(client, "C", contact_id=contact_id, due_on=None, lines=[line(unit_price="1000")])

    assert await numbers(client, job_id=job["id"]) == ["A"]
    assert await numbers(client, external_id="X-1") == ["A"]
    assert await numbers(client, currency="AUD") == ["B"]
    assert await numbers(client, due_to="2026-12-19") == ["A"]
    assert await numbers(client, due_from="2026-12-20") == ["B"]
    assert set(await numbers(client, amount_from="575.00")) == {"B", "C"}
    assert await numbers(client, amount_from="115.01", amount_to="1149.99") == ["B"]
    counts = (await client.get(f"{INVOICES}/counts", params={"amount_from": "575.00", "kind": "customer"})).json()
    assert (counts["count"], counts["more"], counts["customer"]["draft"]) == (2, False, 2)


async def test_expand_includes_contact_job_and_lines_and_names_what_it_cannot_include(client: Caller) -> None:
    job = await make(client, "jobs", number="J8116")
    made = await draft(client, "A", contact_id=await contact(client), job_id=job["id"])
    await draft(client, "B", contact_id=made["contact_id"])

    by_number = {row["number"]: row for row in await items(client, "invoices", expand="contact,job,lines")}
    read = (await client.get(f"{INVOICES}/{made['id']}", params={"expand": "job"})).json()
    refused = await client.get(INVOICES, params={"expand": "contact,payments"})

    assert by_number["A"]["contact"]["display_name"] == by_number["B"]["contact"]["display_name"] == "Kōwhai Dental Ltd"
    assert (by_number["A"]["job"]["number"], by_number["B"]["job"]) == ("J8116", None)
    assert by_number["A"]["lines"] == made["lines"]
    assert (read["job"]["id"], read["contact"], read["lines"]) == (job["id"], None, made["lines"])
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (422, "expand")
