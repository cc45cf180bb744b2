"""Invoices: totals, defaults, validation and changes."""

from typing import Any

import pytest

from tests.callers import Caller
from tests.records.invoicing import INVOICES, contact, draft, head, line, read, send
from tests.records.making import errors, make

JOB = {"number": "J8116", "description": "Replace hot-water cylinder"}
NOBODY = "con_01jf9jwz2hfk2a38g7zvjjpf1x"

_STORED_LINE = {
    "description": "Labour",
    "quantity": "1.0000",
    "unit_price": "100.0000",
    "discount_percent": "0.00",
    "accounting_code": "200",
    "tax_type": "OUTPUT2",
    "tax_rate": "15.0000",
    "item_code": "CYL-180",
    "line_amount": "100.00",
    "tax_amount": "13.04",
}


async def test_a_created_invoice_is_readable_at_its_location(client: Caller) -> None:
    contact_id = await contact(client)
    job = await make(client, "jobs", **JOB)
    center = await make(client, "cost-centers", name="Wellington")
    sent = head(
        contact_id,
        job_id=job["id"],
        currency="AUD",
        amounts="inclusive",
        reference="PO 4471",
        external_id="8116-1",
        lines=[line(cost_center_id=center["id"], accounting_code="200", tax_type="OUTPUT2", item_code="CYL-180")],
    )

    made = await client.post(INVOICES, json=sent)

    assert made.status_code == 201, made.text
    shown = (await client.get(made.headers["Location"])).json()
    assert shown == {**made.json(), "contact": None, "job": None}
    del sent["lines"]
    assert {name: shown[name] for name in sent} == sent
    assert (shown["contact_name"], shown["job_number"], shown["job_description"]) == (
        "Kōwhai Dental Ltd",
        "J8116",
        "Replace hot-water cylinder",
    )
    assert (shown["status"], shown["export_state"]) == ("draft", "not_exported")
    assert (shown["problems"], shown["remarks"]) == ([], [])
    (only,) = shown["lines"]
    assert only.pop("id").startswith("lin_")
    assert only == {**_STORED_LINE, "cost_center_id": center["id"]}
    assert (shown["subtotal"], shown["tax_total"], shown["total"]) == ("86.96", "13.04", "100.00")


async def test_tax_is_rounded_on_each_line_as_xero_does(client: Caller) -> None:
    shown = await draft(client, lines=[line(unit_price=price) for price in ("25.06", "25.61", "25.63")])

    assert [row["tax_amount"] for row in shown["lines"]] == ["3.76", "3.84", "3.84"]
    assert (shown["subtotal"], shown["tax_total"], shown["total"]) == ("76.30", "11.44", "87.74")


async def test_discounts_and_negative_lines_count_in_the_total(client: Caller) -> None:
    lines = [line(quantity="6.5", unit_price="95.00", discount_percent="12.5"), line(unit_price="-79.005")]

    shown = await draft(client, lines=lines, amounts="no_tax")

    assert [row["line_amount"] for row in shown["lines"]] == ["540.31", "-79.01"]
    assert (shown["tax_total"], shown["total"]) == ("0.00", "461.30")


async def test_missing_fields_get_the_defaults_of_the_business(client: Caller, neighbour: Caller) -> None:
    ours, theirs = await draft(client), await draft(neighbour, kind="supplier")

    assert (ours["currency"], ours["amounts"], ours["lines"][0]["tax_type"]) == ("NZD", "exclusive", "OUTPUT2")
    assert (theirs["currency"], theirs["lines"][0]["tax_type"]) == ("AUD", "INPUT")
    assert theirs["lines"][0]["tax_rate"] == "10.0000"


async def test_a_line_gets_the_tax_of_its_accounting_code(client: Caller) -> None:
    await make(client, "accounting-codes", code="201", name="Export sales", kind="income", tax_type="ZERORATED")

    shown = await draft(client, lines=[line(accounting_code="201"), line(accounting_code="201", tax_type="OUTPUT2")])

    assert [row["tax_type"] for row in shown["lines"]] == ["ZERORATED", "OUTPUT2"]
    assert shown["total"] == "215.00"


async def test_a_line_without_a_code_gets_the_tax_of_the_default_code_as_in_xero(client: Caller) -> None:
    await make(client, "accounting-codes", code="201", name="Export sales", kind="income", tax_type="ZERORATED")
    await make(client, "accounting-codes", code="202", name="Other sales", kind="income")
    patch = {"default_sales_tax_type": None, "default_income_code": "201"}
    await client.patch("/api/v1/preferences", json=patch, headers={"If-Match": "*"})

    shown = await draft(client, lines=[line(), line(accounting_code="202")])

    assert [row["tax_type"] for row in shown["lines"]] == ["ZERORATED", None]


async def test_without_any_tax_type_a_line_has_no_tax(client: Caller) -> None:
    patch = {"default_sales_tax_type": None}
    await client.patch("/api/v1/preferences", json=patch, headers={"If-Match": "*"})

    shown = await draft(client)

    assert (shown["lines"][0]["tax_type"], shown["total"]) == (None, "100.00")


async def test_all_field_errors_are_listed_and_nothing_is_stored(client: Caller, neighbour: Caller) -> None:
    job = await make(neighbour, "jobs", **JOB)
    center = await make(neighbour, "cost-centers", name="Sydney")
    theirs = await contact(neighbour)
    lines = [
        line(tax_type="GST"),
        line(cost_center_id=center["id"], quantity="999999999", unit_price="999999999"),
    ]

    refused = await send(client, contact_id=theirs, job_id=job["id"], lines=lines)

    assert errors(refused) == {
        ("#/contact_id", "unknown_contact"),
        ("#/job_id", "unknown_job"),
        ("#/lines/0/tax_type", "unknown_tax_type"),
        ("#/lines/1/cost_center_id", "unknown_cost_center"),
        ("#/lines/1", "line_too_large"),
    }
    assert (await client.get(INVOICES)).json()["items"] == []


@pytest.mark.parametrize(
    ("changed", "pointer", "code"),
    [
        ({"kind": "quote"}, "#/kind", "literal_error"),
        ({"number": "   "}, "#/number", "string_too_short"),
        ({"number": "INV-é"}, "#/number", "number_unprintable"),
        ({"number": "N" * 256}, "#/number", "string_too_long"),
        ({"contact_id": NOBODY}, "#/contact_id", "unknown_contact"),
        ({"contact_id": NOBODY.replace("con", "job")}, "#/contact_id", "malformed_id"),
        ({"issued_on": "2026-11-31"}, "#/issued_on", "date_malformed"),
        ({"issued_on": "2026-11-20T00:00:00Z"}, "#/issued_on", "date_malformed"),
        ({"issued_on": 1795132800}, "#/issued_on", "date_malformed"),
        ({"issued_on": "1999-12-31"}, "#/issued_on", "date_out_of_range"),
        ({"due_on": "2101-01-01"}, "#/due_on", "date_out_of_range"),
        ({"due_on": "2026-11-19"}, "#/due_on", "due_before_issued"),
        ({"currency": "NZ$"}, "#/currency", "unknown_currency"),
        ({"currency": "nzd"}, "#/currency", "unknown_currency"),
        ({"amounts": "gross"}, "#/amounts", "literal_error"),
        ({"status": "approved"}, "#/status", "unknown_field"),
        ({"total": "100.00"}, "#/total", "unknown_field"),
        ({"lines": None}, "#/lines", "list_type"),
        ({"lines": [line()] * 501}, "#/lines", "too_long"),
        ({"lines": [{"quantity": "1", "unit_price": "1"}]}, "#/lines/0/description", "required"),
        ({"lines": [line(description="")]}, "#/lines/0/description", "string_too_short"),
        ({"lines": [line(description="x" * 4001)]}, "#/lines/0/description", "string_too_long"),
        ({"lines": [line(), line(quantity="-1000000000")]}, "#/lines/1/quantity", "out_of_range"),
        ({"lines": [line(quantity=None)]}, "#/lines/0/unit_price", "quantity_or_price_missing"),
        ({"lines": [{"description": "Thanks", "quantity": "1"}]}, "#/lines/0/unit_price", "quantity_or_price_missing"),
        ({"lines": [{"description": "Thanks", "accounting_code": "200"}]}, "#/lines/0/accounting_code", "text_line"),
        ({"lines": [{"description": "Thanks", "discount_percent": "5"}]}, "#/lines/0/discount_percent", "text_line"),
        ({"contact_external_id": "C-1"}, "#/contact_id", "given_twice"),
        ({"lines": [line(quantity=1)]}, "#/lines/0/quantity", "decimal_not_text"),
        ({"lines": [line(unit_price="1e3")]}, "#/lines/0/unit_price", "decimal_malformed"),
        ({"lines": [line(unit_price="0.12345")]}, "#/lines/0/unit_price", "too_many_decimals"),
        ({"lines": [line(discount_percent="101")]}, "#/lines/0/discount_percent", "out_of_range"),
        ({"lines": [line(tax_rate="15")]}, "#/lines/0/tax_rate", "unknown_field"),
    ],
)
async def test_an_invalid_field_is_refused_with_its_pointer(
    client: Caller, changed: dict[str, Any], pointer: str, code: str
) -> None:
    assert errors(await send(client, **changed)) == {(pointer, code)}


@pytest.mark.parametrize("day", ["2026-04-05", "2026-09-27", "2026-10-04", "2028-02-29", "2000-01-01", "2100-12-31"])
async def test_a_date_stays_the_same_on_the_day_of_a_clock_change(client: Caller, day: str) -> None:
    shown = await draft(client, issued_on=day, due_on=day)

    listed = await client.get(INVOICES, params={"issued_from": day, "issued_to": day})
    assert (shown["issued_on"], shown["due_on"]) == (day, day)
    assert [row["issued_on"] for row in listed.json()["items"]] == [day]


async def test_numbers_of_customer_invoices_are_unique_and_numbers_of_bills_may_repeat(
    client: Caller, neighbour: Caller
) -> None:
    await draft(client, "INV-7", external_id="a")

    again = await send(client, "INV-7")

    assert (again.status_code, again.json()["code"]) == (409, "number_taken")
    assert again.json()["errors"][0]["pointer"] == "#/number"
    assert (await send(client, "INV-8", external_id="a")).json()["code"] == "external_id_taken"
    for bill in (client, client, neighbour):
        await draft(bill, "INV-7", kind="supplier")


async def test_a_change_affects_only_the_fields_it_sends_and_recomputes_the_totals(client: Caller) -> None:
    before = await draft(client, reference="PO 1", job_id=(await make(client, "jobs", **JOB))["id"])

    changed = await client.patch(f"{INVOICES}/{before['id']}", json={"amounts": "inclusive", "reference": None})

    assert changed.status_code == 200, changed.text
    after = changed.json()
    assert (after["total"], after["tax_total"], after["reference"]) == ("100.00", "13.04", None)
    assert (after["number"], after["job_number"], after["due_on"]) == ("INV-1", "J8116", "2026-12-20")
    assert after["lines"][0]["id"] == before["lines"][0]["id"]


async def test_sent_lines_replace_all_lines_in_their_order(client: Caller) -> None:
    made = await draft(client, lines=[line(description=text) for text in ("one", "two", "three")])

    for texts in (["three", "one"], ["a", "b", "c", "d"], []):
        lines = [line(description=text) for text in texts]
        changed = await client.patch(f"{INVOICES}/{made['id']}", json={"lines": lines})
        assert [row["description"] for row in changed.json()["lines"]] == texts
    assert (await read(client, made))["total"] == "0.00"


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"kind": "supplier"}, "#/kind", "kind_fixed"),
        ({"number": None}, "#/number", "required"),
        ({"issued_on": "2026-12-21"}, "#/due_on", "due_before_issued"),
        ({"contact_id": NOBODY}, "#/contact_id", "unknown_contact"),
        ({"lines": [line(), line(tax_type="GST")]}, "#/lines/1/tax_type", "unknown_tax_type"),
    ],
)
async def test_a_change_is_validated_together_with_the_unchanged_fields(
    client: Caller, change: dict[str, Any], pointer: str, code: str
) -> None:
    made = await draft(client)

    refused = await client.patch(f"{INVOICES}/{made['id']}", json=change)

    assert errors(refused) == {(pointer, code)}
    assert await read(client, made) == made


async def test_a_change_may_keep_its_number_but_not_take_that_of_another_invoice(client: Caller) -> None:
    await draft(client, "INV-1")
    second = await draft(client, "INV-2")

    assert (await client.patch(f"{INVOICES}/{second['id']}", json={"number": "INV-2"})).status_code == 200
    taken = await client.patch(f"{INVOICES}/{second['id']}", json={"number": "INV-1"})
    assert (taken.status_code, taken.json()["code"]) == (409, "number_taken")


async def test_a_draft_can_be_deleted(client: Caller) -> None:
    made = await draft(client)

    assert (await client.delete(f"{INVOICES}/{made['id']}")).status_code == 204

    assert (await client.get(f"{INVOICES}/{made['id']}")).status_code == 404
    assert (await send(client, made["number"])).status_code == 201


async def test_an_invoice_of_another_business_is_answered_404(client: Caller, neighbour: Caller) -> None:
    theirs = f"{INVOICES}/{(await draft(neighbour))['id']}"

    tried = [
        await client.get(theirs),
        await client.patch(theirs, json={"reference": "mine"}),
        await client.delete(theirs),
        await client.put(f"{theirs}/approval"),
        await client.delete(f"{theirs}/approval"),
        await client.put(f"{theirs}/exclusion"),
        await client.delete(f"{theirs}/exclusion"),
    ]

    assert [reply.status_code for reply in tried] == [404] * 7


async def test_a_line_may_be_text_only_and_a_quantity_may_be_negative(client: Caller) -> None:
    lines = [line(quantity="3"), {"description": "12 months' warranty"}, line(description="Returned", quantity="-1")]

    made = await draft(client, lines=lines)

    assert (made["subtotal"], made["total"]) == ("200.00", "230.00")
    text = made["lines"][1]
    assert (text["quantity"], text["unit_price"], text["tax_type"], text["line_amount"]) == (None, None, None, "0.00")
    assert (made["lines"][2]["quantity"], made["lines"][2]["line_amount"]) == ("-1.0000", "-100.00")
    again = await client.patch(f"{INVOICES}/{made['id']}", json={"reference": "PO 1"})
    assert [row["quantity"] for row in again.json()["lines"]] == ["3.0000", None, "-1.0000"]


async def test_a_bill_may_lack_a_number_and_is_listed_in_the_order_of_numbers(client: Caller) -> None:
    contact_id = await contact(client)
    unnumbered = [await draft(client, kind="supplier", number=None, contact_id=contact_id) for _ in range(2)]
    await draft(client, "B-1", kind="supplier", contact_id=contact_id)

    assert [bill["number"] for bill in unnumbered] == [None, None]
    first = (await client.get(INVOICES, params={"sort": "number", "limit": 1})).json()
    rest = await client.get(INVOICES, params={"sort": "number", "cursor": first["next_cursor"]})
    assert [row["number"] for row in [*first["items"], *rest.json()["items"]]] == [None, None, "B-1"]


async def test_customer_numbers_are_unique_in_any_letter_case_and_those_of_bills_are_not(client: Caller) -> None:
    contact_id = await contact(client)
    await draft(client, "Inv-3", contact_id=contact_id)

    refused = await send(client, "INV-3", contact_id=contact_id)
    bill = await send(client, "inv-3", contact_id=contact_id, kind="supplier")

    assert (refused.status_code, refused.json()["code"], bill.status_code) == (409, "number_taken", 201)


async def test_contact_and_job_are_named_by_their_external_ids(client: Caller) -> None:
    await make(client, "contacts", kind="company", name="Rātā Builders", roles=["customer"], external_id="C-1")
    other = await make(client, "contacts", kind="company", name="Tui Cafe", roles=["customer"], external_id="C-2")
    job = await make(client, "jobs", number="J-1", external_id="8116")

    made = await make(client, "invoices", **head(None, contact_external_id="C-1", job_external_id="8116"))
    moved = await client.patch(f"{INVOICES}/{made['id']}", json={"contact_external_id": "C-2"})
    unknown = await client.patch(
        f"{INVOICES}/{made['id']}", json={"contact_external_id": "C-9", "job_external_id": "9"}
    )

    assert (made["contact_name"], made["contact_external_id"], made["job_id"]) == ("Rātā Builders", "C-1", job["id"])
    assert (moved.json()["contact_id"], moved.json()["job_external_id"]) == (other["id"], "8116")
    assert errors(unknown) == {("#/contact_external_id", "unknown_contact"), ("#/job_external_id", "unknown_job")}
