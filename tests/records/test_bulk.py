"""Approving, excluding and changing many invoices: a result for each, and nothing half done."""

from typing import Any

import pytest
from fastapi import FastAPI

from tests.callers import Caller
from tests.records.invoicing import INVOICES, approved, contact, draft, line, mark, read
from tests.records.making import errors, items, make

UNKNOWN = {"id": "inv_01jf9jwz2hfk2a38g7zvjjpf1x"}


def ids_of(*invoices: dict[str, Any]) -> dict[str, Any]:
    return {"mode": "ids", "ids": [invoice["id"] for invoice in invoices]}


async def post(client: Caller, what: str, **body: Any) -> dict[str, Any]:
    reply = await client.post(f"{INVOICES}/{what}", json=body)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


def outcomes(answer: dict[str, Any]) -> list[tuple[str | None, str, list[str]]]:
    return [
        (each["number"], each["outcome"], [error["code"] for error in each["errors"]]) for each in answer["results"]
    ]


async def test_drafts_are_approved_and_those_that_cannot_be_are_named(client: Caller) -> None:
    contact_id = await contact(client)
    sound = await draft(client, "A", contact_id=contact_id)
    empty = await draft(client, "B", contact_id=contact_id, lines=[])
    negative = await draft(client, "C", contact_id=contact_id, lines=[line(unit_price="-1")])
    before = await approved(client, "D", contact_id=contact_id)

    answer = await post(client, "approvals", selection=ids_of(sound, empty, negative, before, UNKNOWN))

    assert outcomes(answer) == [
        ("A", "done", []),
        ("B", "refused", ["lines_missing"]),
        ("C", "refused", ["total_negative"]),
        ("D", "unchanged", []),
        (None, "refused", ["unknown_invoice"]),
    ]
    assert [answer[name] for name in ("total", "done", "unchanged", "refused")] == [5, 1, 1, 3]
    assert [(await read(client, each))["status"] for each in (sound, empty, before)] == [
        "approved",
        "draft",
        "approved",
    ]
    assert (await read(client, before))["approved_at"] == before["approved_at"]
    recorded = [row["subject"] for row in await items(client, "audit-events") if row["action"] == "invoices.approve"]
    assert sorted(recorded) == sorted([sound["id"], before["id"]])


async def test_all_that_match_are_approved_and_another_number_than_expected_is_refused(client: Caller) -> None:
    contact_id = await contact(client)
    for number in ("A", "B", "C"):
        await draft(client, number, contact_id=contact_id)
    kept = await draft(client, "D", contact_id=contact_id)
    drafts = {"mode": "matching", "filter": {"view": "draft"}, "except_ids": [kept["id"]]}

    changed = await client.post(f"{INVOICES}/approvals", json={"selection": {**drafts, "expected_count": 2}})
    answer = await post(client, "approvals", selection={**drafts, "expected_count": 3})

    assert (changed.status_code, changed.json()["code"]) == (409, "selection_changed")
    assert (answer["done"], (await read(client, kept))["status"]) == (3, "draft")


async def test_invoices_are_excluded_unless_an_export_has_them(client: Caller, app: FastAPI) -> None:
    contact_id = await contact(client)
    rows = {
        state: await approved(client, state, contact_id=contact_id)
        for state in ("not_exported", "queued", "exported", "excluded")
    }
    for state in ("queued", "exported", "excluded"):
        await mark(app, client, rows[state], state)

    answer = await post(client, "exclusions", selection=ids_of(*rows.values()))

    assert outcomes(answer) == [
        ("not_exported", "done", []),
        ("queued", "refused", ["invoice_in_export"]),
        ("exported", "refused", ["invoice_exported"]),
        ("excluded", "unchanged", []),
    ]
    states = [(await read(client, row))["export_state"] for row in rows.values()]
    assert states == ["excluded", "queued", "exported", "excluded"]


async def test_all_that_match_are_excluded_and_by_their_ids_included_again(client: Caller, app: FastAPI) -> None:
    contact_id = await contact(client)
    rows = [await approved(client, number, contact_id=contact_id) for number in ("A", "B", "C")]
    await mark(app, client, rows[2], "queued")
    ready = {"mode": "matching", "filter": {"view": "ready"}, "expected_count": 2}

    excluded = await post(client, "exclusions", selection=ready)
    assert (excluded["done"], [(await read(client, row))["export_state"] for row in rows]) == (
        2,
        ["excluded", "excluded", "queued"],
    )

    included = await post(client, "exclusions", selection=ids_of(*rows), excluded=False)
    assert outcomes(included) == [("A", "done", []), ("B", "done", []), ("C", "unchanged", [])]
    assert [(await read(client, row))["export_state"] for row in rows] == ["not_exported", "not_exported", "queued"]
    actions = [event["action"] for event in await items(client, "audit-events")]
    assert (actions.count("invoices.exclude"), actions.count("invoices.include")) == (2, 2)


async def test_a_due_date_is_set_where_it_fits_and_approvals_stay(client: Caller, app: FastAPI) -> None:
    contact_id = await contact(client)
    early = await approved(client, "A", contact_id=contact_id, due_on=None)
    late = await approved(client, "B", contact_id=contact_id, issued_on="2026-12-24", due_on=None)
    queued = await approved(client, "C", contact_id=contact_id)
    await mark(app, client, queued, "queued")

    answer = await post(client, "changes", selection=ids_of(early, late, queued), set={"due_on": "2026-12-20"})

    assert outcomes(answer) == [
        ("A", "done", []),
        ("B", "refused", ["due_before_issued"]),
        ("C", "refused", ["invoice_in_export"]),
    ]
    after = await read(client, early)
    assert (after["due_on"], after["status"]) == ("2026-12-20", "approved")
    assert (await read(client, late))["due_on"] is None


async def test_a_wrong_code_is_replaced_only_on_the_lines_that_have_it(client: Caller) -> None:
    lines = [line(accounting_code="310"), line(accounting_code="200"), {"description": "Thanks"}, line()]
    made = await approved(client, lines=lines)
    selection = ids_of(made)

    answer = await post(
        client,
        "changes",
        selection=selection,
        set={"accounting_code": "201"},
        only_lines_with={"accounting_code": "310"},
    )

    assert (answer["done"], answer["results"][0]["approval_withdrawn"]) == (1, False)
    assert [row["accounting_code"] for row in (await read(client, made))["lines"]] == ["201", "200", None, None]
    assert (await post(client, "changes", selection=selection, set={"accounting_code": None}))["done"] == 1
    assert {row["accounting_code"] for row in (await read(client, made))["lines"]} == {None}
    assert (await post(client, "changes", selection=selection, set={"accounting_code": None}))["unchanged"] == 1


async def test_another_item_is_set_where_one_is_wrong_and_the_approval_stays(client: Caller) -> None:
    made = await approved(client, lines=[line(item_code="GONE"), line(item_code="PIPE15")])
    values = {"set": {"item_code": "SEALANT"}, "only_lines_with": {"item_code": "GONE"}}

    answer = await post(client, "changes", selection=ids_of(made), **values)

    assert (answer["done"], answer["results"][0]["approval_withdrawn"]) == (1, False)
    assert [row["item_code"] for row in (await read(client, made))["lines"]] == ["SEALANT", "PIPE15"]


async def test_a_tax_type_of_another_rate_withdraws_the_approval(client: Caller) -> None:
    made = await approved(client)

    answer = await post(client, "changes", selection=ids_of(made), set={"tax_type": "NONE"})

    assert answer["results"][0]["approval_withdrawn"] is True
    after = await read(client, made)
    assert (after["status"], after["total"]) == ("draft", "100.00")


async def test_a_cost_center_is_set_on_every_line_but_text(client: Caller) -> None:
    center = await make(client, "cost-centers", name="Napier")
    made = await approved(client, lines=[line(), {"description": "Thanks"}])

    await post(client, "changes", selection=ids_of(made), set={"cost_center_id": center["id"]})

    assert [row["cost_center_id"] for row in (await read(client, made))["lines"]] == [center["id"], None]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, ("#/set", "nothing_to_set")),
        ({"tax_type": "OUTPUT9"}, ("#/set/tax_type", "unknown_tax_type")),
        ({"cost_center_id": "cos_01jf9jwz2hfk2a38g7zvjjpf1x"}, ("#/set/cost_center_id", "unknown_cost_center")),
        ({"due_on": "tomorrow"}, ("#/set/due_on", "date_malformed")),
        ({"total": "1.00"}, ("#/set/total", "unknown_field")),
    ],
)
async def test_a_value_that_no_invoice_can_have_is_refused_and_nothing_changes(
    client: Caller, values: dict[str, Any], expected: tuple[str, str]
) -> None:
    made = await draft(client)

    refused = await client.post(f"{INVOICES}/changes", json={"selection": ids_of(made), "set": values})

    assert errors(refused) == {expected}
    assert await read(client, made) == made
