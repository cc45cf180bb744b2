"""Batches of invoices: results per element, and repeated batches."""

from typing import Any

from fastapi import FastAPI
from sqlalchemy import event

from tests.callers import Caller
from tests.records.invoicing import INVOICES, contact, draft, head, line, mark, read


async def put(client: Caller, *elements: Any) -> list[dict[str, Any]]:
    reply = await client.post(f"{INVOICES}/batch", json={"items": elements})
    assert reply.status_code == 200, reply.text
    return list(reply.json()["results"])


def outcomes(results: list[dict[str, Any]]) -> list[str]:
    return [result["outcome"] for result in results]


def codes(result: dict[str, Any]) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in result["errors"]]


async def test_the_same_batch_twice_changes_nothing_the_second_time(client: Caller) -> None:
    contact_id = await contact(client)
    batch = [
        head(contact_id, "INV-1", external_id="a", approve=True),
        head(contact_id, "INV-2", external_id="b"),
        head(contact_id, "INV-3", external_id="c", kind="supplier", approve=True),
    ]

    first, second = await put(client, *batch), await put(client, *batch)

    assert outcomes(first) == ["created"] * 3
    assert outcomes(second) == ["unchanged"] * 3
    assert [row["id"] for row in first] == [row["id"] for row in second]
    stored = [await read(client, row) for row in first]
    assert [row["status"] for row in stored] == ["approved", "draft", "approved"]
    assert [row["total"] for row in stored] == ["115.00"] * 3


async def test_a_known_draft_is_merge_patched_and_can_be_approved_in_the_same_batch(client: Caller) -> None:
    made = await draft(client, external_id="a", reference="PO 1")

    changed = await put(client, {"external_id": "a", "lines": [line(unit_price="50.00")]})
    ready = await put(client, {"external_id": "a", "approve": True})

    assert outcomes(changed) == outcomes(ready) == ["updated"]
    stored = await read(client, made)
    assert (stored["status"], stored["total"], stored["reference"]) == ("approved", "57.50", "PO 1")


async def test_a_bad_element_is_rejected_with_all_its_errors_and_the_others_are_stored(client: Caller) -> None:
    contact_id = await contact(client)
    nobody = "con_01jf9jwz2hfk2a38g7zvjjpf1x"

    results = await put(
        client,
        head(contact_id, "INV-1", external_id="a"),
        head(contact_id, "INV-2", external_id="b", due_on="2020-01-01", lines=[line(quantity=2)]),
        head(nobody, "INV-3", external_id="c", lines=[line(tax_type="GST")]),
        head(contact_id, "INV-4", external_id="d", lines=[], approve=True),
        head(contact_id, "INV-5"),
        "rubbish",
        head(contact_id, "INV-6", external_id="e"),
    )

    assert outcomes(results) == ["created", *["rejected"] * 5, "created"]
    assert set(codes(results[1])) == {
        ("#/items/1/due_on", "due_before_issued"),
        ("#/items/1/lines/0/quantity", "decimal_not_text"),
    }
    assert set(codes(results[2])) == {
        ("#/items/2/contact_id", "unknown_contact"),
        ("#/items/2/lines/0/tax_type", "unknown_tax_type"),
    }
    assert codes(results[3]) == [("#/items/3/lines", "lines_missing")]
    assert codes(results[4]) == [("#/items/4/external_id", "required")]
    assert codes(results[5]) == [("#/items/5", "not_an_object")]
    assert [result["id"] is None for result in results] == [False, True, True, True, True, True, False]
    stored = (await client.get(INVOICES)).json()["items"]
    assert {row["number"] for row in stored} == {"INV-1", "INV-6"}


async def test_an_approved_invoice_may_be_repeated_or_corrected(client: Caller, app: FastAPI) -> None:
    contact_id = await contact(client)
    whole = head(contact_id, external_id="a", approve=True)
    (made,) = await put(client, whole)
    await mark(app, client, made, "exported")

    same, other = await put(client, whole), await put(client, {**whole, "reference": "PO 4471"})

    assert outcomes(same) == ["unchanged"]
    assert outcomes(other) == ["updated"]
    after = await read(client, made)
    assert (after["reference"], after["status"], after["export_state"]) == ("PO 4471", "approved", "changed")


async def test_an_approved_invoice_stays_unchanged_when_the_default_tax_has_changed(client: Caller) -> None:
    whole = head(await contact(client), external_id="a", approve=True)
    await put(client, whole)
    change = {"default_sales_tax_type": "ZERORATED"}
    await client.patch("/api/v1/preferences", json=change, headers={"If-Match": "*"})

    assert outcomes(await put(client, whole)) == ["unchanged"]


async def test_a_number_is_unique_within_a_batch_and_against_stored_invoices(client: Caller) -> None:
    contact_id = await contact(client)
    await draft(client, "INV-1", contact_id=contact_id)

    results = await put(
        client,
        head(contact_id, "INV-1", external_id="a"),
        head(contact_id, "INV-2", external_id="b"),
        head(contact_id, "INV-2", external_id="c"),
        head(contact_id, "INV-2", external_id="d", kind="supplier"),
        head(contact_id, "INV-3", external_id="b"),
    )

    assert outcomes(results) == ["rejected", "created", "rejected", "created", "rejected"]
    assert codes(results[0]) == [("#/items/0/number", "number_taken")]
    assert codes(results[2]) == [("#/items/2/number", "number_taken")]
    assert codes(results[4]) == [("#/items/4/external_id", "duplicate_external_id")]


async def test_a_bill_does_not_become_an_invoice(client: Caller) -> None:
    await draft(client, external_id="a")

    results = await put(client, {"external_id": "a", "kind": "supplier"})

    assert codes(results[0]) == [("#/items/0/kind", "kind_fixed")]


async def test_external_ids_of_another_business_are_not_matched(client: Caller, neighbour: Caller) -> None:
    theirs = await draft(neighbour, external_id="a")

    results = await put(client, head(await contact(client), external_id="a"))

    assert outcomes(results) == ["created"]
    assert results[0]["id"] != theirs["id"]


async def test_five_hundred_invoices_need_few_statements(client: Caller, app: FastAPI) -> None:
    contact_id = await contact(client)
    batch = [head(contact_id, f"INV-{n}", external_id=f"x{n}", lines=[line(), line()]) for n in range(500)]
    statements: list[str] = []
    engine = app.state.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))

    created = await put(client, *batch)
    at_first = len(statements)
    repeated = await put(client, *batch)

    assert outcomes(created) == ["created"] * 500
    assert outcomes(repeated) == ["unchanged"] * 500
    assert at_first < 40
    assert len(statements) - at_first < 25


async def test_a_batch_has_one_to_five_hundred_invoices(client: Caller) -> None:
    for elements in ([], [{"external_id": str(n)} for n in range(501)]):
        refused = await client.post(f"{INVOICES}/batch", json={"items": elements})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/items")


async def test_a_batch_has_at_most_5000_lines(client: Caller) -> None:
    def batch(lines: int) -> dict[str, Any]:
        return {"items": [{"external_id": str(number), "lines": [{}] * (lines // 20)} for number in range(20)]}

    refused = await client.post(f"{INVOICES}/batch", json=batch(5020))
    accepted = await client.post(f"{INVOICES}/batch", json=batch(5000))

    [error] = refused.json()["errors"]
    assert (refused.status_code, error["code"]) == (422, "too_many_lines")
    assert accepted.status_code == 200
    assert outcomes(accepted.json()["results"]) == ["rejected"] * 20


async def test_the_errors_of_a_batch_are_few_and_each_rejected_element_has_some(client: Caller) -> None:
    wrong = [{"external_id": str(number), "kind": "?", "lines": [{}] * 10} for number in range(500)]

    results = await put(client, *wrong)

    assert all(result["errors"] for result in results)
    assert sum(len(result["errors"]) for result in results) < 1500
    assert len(results[0]["errors"]) > 10
    assert [code for _, code in codes(results[-1])][1:] == ["more_errors"]
