"""Approval, exclusion and exports decide what may be changed on an invoice."""

from decimal import Decimal
from typing import Any

import pytest
from fastapi import FastAPI

from api.platform.problems import Problem
from tests.callers import Caller
from tests.records.invoicing import INVOICES, approved, contact, draft, line, mark, read
from tests.records.making import errors, items

PROBLEM = Problem("contact_archived", "The contact is archived", "Restore it.", source="xero")


async def test_an_approved_invoice_cannot_be_deleted(client: Caller) -> None:
    made = await approved(client)
    assert made["status"] == "approved"
    assert made["approved_at"] is not None

    deleted = await client.delete(f"{INVOICES}/{made['id']}")

    assert (deleted.status_code, deleted.json()["code"]) == (409, "invoice_approved")
    assert await read(client, made) == made


@pytest.mark.parametrize(
    "correction",
    [
        {"due_on": "2027-01-20"},
        {"issued_on": "2026-11-21"},
        {"number": "INV-2"},
        {"reference": "PO 4471"},
        {"lines": [line(accounting_code="201", description="Two plumbers")]},
        {"lines": [line(quantity="2", unit_price="50.00")]},
        {"lines": [line(), {"description": "12 months' warranty"}]},
    ],
)
async def test_a_correction_that_keeps_contact_and_amounts_keeps_the_approval(
    client: Caller, correction: dict[str, Any]
) -> None:
    made = await approved(client)

    changed = await client.patch(f"{INVOICES}/{made['id']}", json=correction)

    assert (changed.status_code, changed.json()["approval_withdrawn"]) == (200, False)
    assert (changed.json()["status"], changed.json()["approved_at"]) == ("approved", made["approved_at"])
    assert (await read(client, made))["status"] == "approved"


@pytest.mark.parametrize(
    "correction",
    [
        {"lines": [line(unit_price="100.01")]},
        {"lines": [line(unit_price="50.00"), line(unit_price="50.00")]},
        {"lines": [line(tax_type="NONE")]},
        {"currency": "AUD"},
        {"amounts": "inclusive"},
    ],
)
async def test_a_correction_of_an_amount_withdraws_the_approval_and_says_so(
    client: Caller, correction: dict[str, Any]
) -> None:
    made = await approved(client)

    changed = await client.patch(f"{INVOICES}/{made['id']}", json=correction)

    assert (changed.status_code, changed.json()["approval_withdrawn"]) == (200, True)
    assert (changed.json()["status"], changed.json()["approved_at"]) == ("draft", None)


async def test_a_correction_of_the_contact_withdraws_the_approval_and_is_in_the_audit_trail(client: Caller) -> None:
    made = await approved(client)
    other = await contact(client, "Rātā Builders")

    changed = await client.patch(f"{INVOICES}/{made['id']}", json={"contact_id": other})

    assert (changed.json()["contact_name"], changed.json()["approval_withdrawn"]) == ("Rātā Builders", True)
    (event,) = [row for row in await items(client, "audit-events") if row["action"] == "invoices.change"]
    assert (event["subject"], event["details"]) == (made["id"], {"approval": "withdrawn"})


async def test_approving_twice_changes_nothing(client: Caller) -> None:
    made = await approved(client)

    again = await client.put(f"{INVOICES}/{made['id']}/approval")

    assert (again.status_code, again.json()) == (200, made)


async def test_after_withdrawal_an_invoice_can_be_changed_and_approved_again(client: Caller) -> None:
    made = await approved(client)

    assert (await client.delete(f"{INVOICES}/{made['id']}/approval")).status_code == 204
    assert (await client.delete(f"{INVOICES}/{made['id']}/approval")).status_code == 204
    changed = await client.patch(f"{INVOICES}/{made['id']}", json={"reference": "PO 4471"})

    assert (changed.json()["status"], changed.json()["approved_at"]) == ("draft", None)
    assert (await client.put(f"{INVOICES}/{made['id']}/approval")).json()["reference"] == "PO 4471"


@pytest.mark.parametrize(
    ("lines", "code"),
    [([], "lines_missing"), ([line(), line(unit_price="-100.01")], "total_negative")],
)
async def test_an_invoice_without_lines_or_with_a_negative_total_cannot_be_approved(
    client: Caller, lines: list[Any], code: str
) -> None:
    made = await draft(client, lines=lines)

    refused = await client.put(f"{INVOICES}/{made['id']}/approval")

    assert errors(refused) == {("#/lines", code)}
    assert (await read(client, made))["status"] == "draft"


async def test_an_invoice_with_a_total_of_zero_can_be_approved(client: Caller) -> None:
    made = await approved(client, lines=[line(), line(unit_price="-100.00")])

    assert (made["status"], made["total"]) == ("approved", "0.00")


@pytest.mark.parametrize("state", ["queued", "sending", "checking"])
async def test_an_invoice_in_an_export_cannot_be_withdrawn_or_excluded(
    client: Caller, app: FastAPI, state: str
) -> None:
    made = await approved(client)
    await mark(app, client, made, state)

    tried = [
        await client.delete(f"{INVOICES}/{made['id']}/approval"),
        await client.put(f"{INVOICES}/{made['id']}/exclusion"),
        await client.delete(f"{INVOICES}/{made['id']}/exclusion"),
    ]

    assert {(reply.status_code, reply.json()["code"]) for reply in tried} == {(409, "invoice_in_export")}
    assert (await read(client, made))["export_state"] == state


@pytest.mark.parametrize("state", ["queued", "sending", "checking"])
async def test_a_change_or_deletion_while_an_export_runs_is_refused_because_of_the_export(
    client: Caller, app: FastAPI, state: str
) -> None:
    made = await approved(client, external_id="I-1")
    await mark(app, client, made, state)

    changed = await client.patch(f"{INVOICES}/{made['id']}", json={"reference": "x"})
    deleted = await client.delete(f"{INVOICES}/{made['id']}")
    element = {"external_id": "I-1", "reference": "x"}
    (upserted,) = (await client.post(f"{INVOICES}/batch", json={"items": [element]})).json()["results"]

    assert [reply.json()["code"] for reply in (changed, deleted)] == ["invoice_in_export", "invoice_in_export"]
    assert [error["code"] for error in upserted["errors"]] == ["invoice_in_export"]
    assert {changed.json()["detail"], deleted.json()["detail"]} == {upserted["errors"][0]["detail"]}


async def test_an_exported_invoice_can_be_corrected_and_not_deleted(client: Caller, app: FastAPI) -> None:
    made = await approved(client, external_id="I-1")
    await mark(app, client, made, "exported")

    deleted = await client.delete(f"{INVOICES}/{made['id']}")
    changed = await client.patch(f"{INVOICES}/{made['id']}", json={"reference": "PO 4471"})

    assert (deleted.status_code, deleted.json()["code"]) == (409, "invoice_exported")
    assert [changed.json()[name] for name in ("status", "export_state", "approval_withdrawn")] == [
        "approved",
        "changed",
        False,
    ]


async def test_an_invoice_edited_back_to_what_was_exported_is_exported_again(client: Caller, app: FastAPI) -> None:
    made = await approved(client, lines=[line(quantity="1.5", unit_price="95.00")])
    await mark(app, client, made, "exported", external_url="https://go.example/1")
    address = f"{INVOICES}/{made['id']}"

    changes: tuple[dict[str, Any], ...] = (
        {"reference": "PO 4471"},
        {"lines": [line(quantity="3", unit_price="95")]},
        {"reference": None},
        {"lines": [line(quantity="1.5000", unit_price="95.0000")]},
    )
    states = [(await client.patch(address, json=change)).json()["export_state"] for change in changes]

    assert states == ["changed", "changed", "changed", "exported"]
    assert (await read(client, made))["external_url"] == "https://go.example/1"


async def test_editing_an_exported_invoice_sets_its_state_to_changed(client: Caller, app: FastAPI) -> None:
    made = await approved(client)
    await mark(app, client, made, "exported", external_url="https://go.example/1")
    await client.delete(f"{INVOICES}/{made['id']}/approval")

    same = await client.patch(f"{INVOICES}/{made['id']}", json={"number": made["number"]})
    edited = await client.patch(f"{INVOICES}/{made['id']}", json={"lines": [line(unit_price="101.00")]})

    assert (same.json()["export_state"], edited.json()["export_state"]) == ("exported", "changed")
    assert edited.json()["external_url"] == "https://go.example/1"
    refused = await client.delete(f"{INVOICES}/{made['id']}")
    assert (refused.status_code, refused.json()["code"]) == (409, "invoice_exported")


async def test_a_problem_stays_until_the_invoice_is_edited(client: Caller, app: FastAPI) -> None:
    made = await approved(client)
    await mark(app, client, made, "not_exported", problems=[PROBLEM])
    await client.delete(f"{INVOICES}/{made['id']}/approval")

    same = await client.patch(f"{INVOICES}/{made['id']}", json={"number": made["number"]})
    edited = await client.patch(f"{INVOICES}/{made['id']}", json={"number": "INV-2"})

    assert same.json()["problems"] == [PROBLEM.as_row()]
    assert edited.json()["problems"] == []


async def test_an_excluded_invoice_stays_here_until_it_is_included_again(client: Caller, app: FastAPI) -> None:
    made = await approved(client)
    await mark(app, client, made, "not_exported", problems=[PROBLEM], remarks=[PROBLEM])
    assert (await read(client, made))["problems"] == [PROBLEM.as_row()]

    excluded = await client.put(f"{INVOICES}/{made['id']}/exclusion")

    assert excluded.json()["export_state"] == "excluded"
    assert (excluded.json()["problems"], excluded.json()["remarks"]) == ([PROBLEM.as_row()], [])
    assert (await client.put(f"{INVOICES}/{made['id']}/exclusion")).json()["export_state"] == "excluded"
    assert (await client.delete(f"{INVOICES}/{made['id']}/exclusion")).status_code == 204
    included = await read(client, made)
    assert (included["export_state"], included["problems"]) == ("not_exported", [PROBLEM.as_row()])


async def test_an_exported_invoice_cannot_be_excluded(client: Caller, app: FastAPI) -> None:
    made = await approved(client)
    await mark(app, client, made, "exported")

    refused = await client.put(f"{INVOICES}/{made['id']}/exclusion")

    assert (refused.status_code, refused.json()["code"]) == (409, "invoice_exported")
    assert (await client.delete(f"{INVOICES}/{made['id']}/exclusion")).status_code == 204
    assert (await read(client, made))["export_state"] == "exported"


async def test_approval_and_withdrawal_are_in_the_audit_trail(client: Caller) -> None:
    made = await approved(client)
    await client.delete(f"{INVOICES}/{made['id']}/approval")

    trail = (await client.get("/api/v1/audit-events")).json()["items"]

    actions = {event["action"] for event in trail if event["subject"] == made["id"]}
    assert actions == {"invoices.create", "invoices.approve", "invoices.withdraw_approval"}


async def _in_view(client: Caller, view: str) -> list[str]:
    listed = (await client.get(INVOICES, params={"view": view, "kind": "customer"})).json()["items"]
    return [row["number"] for row in listed]


async def test_an_exported_invoice_with_another_amount_needs_attention(client: Caller, app: FastAPI) -> None:
    made = await approved(client)
    await mark(app, client, made, "exported")
    edited = await client.patch(f"{INVOICES}/{made['id']}", json={"lines": [line(unit_price="101.00")]})
    assert [edited.json()[name] for name in ("status", "export_state", "approval_withdrawn")] == [
        "draft",
        "changed",
        True,
    ]
    assert await _in_view(client, "attention") == ["INV-1"]
    assert (await client.get(f"{INVOICES}/counts")).json()["customer"]["needs_attention"] == 1
    (group,) = (await client.get(f"{INVOICES}/overview")).json()["items"]
    assert (group["group"], group["count"], group["approved_since"]) == ("changed", 1, None)


async def test_an_amount_edited_back_to_what_was_exported_is_approved_again(client: Caller, app: FastAPI) -> None:
    made = await approved(client, lines=[line(unit_price="95.00")])
    await mark(app, client, made, "exported")
    address = f"{INVOICES}/{made['id']}"
    await client.patch(address, json={"lines": [line(unit_price="101.00")]})
    back = (await client.patch(address, json={"lines": [line(unit_price="95.00")]})).json()
    assert (back["status"], back["export_state"], back["approval_withdrawn"]) == ("approved", "exported", False)
    assert await _in_view(client, "attention") == await _in_view(client, "draft") == []
    assert await _in_view(client, "exported") == ["INV-1"]


@pytest.mark.parametrize("between", [[], ["102.00"]])
async def test_an_invoice_given_the_total_of_the_document_it_is_linked_with_is_exported(
    client: Caller, app: FastAPI, between: list[str]
) -> None:
    made = await approved(client, lines=[line(unit_price="100.00")])
    remark = Problem("total_mismatch", "The totals differ", "Ours is 115.00, Xero has 103.50.")
    await mark(app, client, made, "exported", remarks=[remark], ledger_total=Decimal("103.50"))
    assert await _in_view(client, "attention") == ["INV-1"]
    address = f"{INVOICES}/{made['id']}"
    for price in (*between, "90.00"):
        last = (await client.patch(address, json={"lines": [line(unit_price=price)]})).json()
    assert (last["total"], last["status"], last["export_state"], last["remarks"]) == (
        "103.50",
        "approved",
        "exported",
        [],
    )
    assert await _in_view(client, "attention") == await _in_view(client, "draft") == []
