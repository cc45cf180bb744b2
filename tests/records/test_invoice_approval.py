"""Approval, exclusion and exports decide what may be changed on an invoice."""

from typing import Any

import pytest
from fastapi import FastAPI

from api.platform.problems import Problem
from tests.callers import Caller
from tests.records.invoicing import INVOICES, approved, draft, line, mark, read
from tests.records.making import errors

PROBLEM = Problem("contact_archived", "The contact is archived", "Restore it.", source="xero")


async def test_an_approved_invoice_cannot_be_changed_or_deleted(client: Caller) -> None:
    made = await approved(client)
    assert made["status"] == "approved"
    assert made["approved_at"] is not None

    changed = await client.patch(f"{INVOICES}/{made['id']}", json={"reference": "x"})
    deleted = await client.delete(f"{INVOICES}/{made['id']}")

    assert [(reply.status_code, reply.json()["code"]) for reply in (changed, deleted)] == [
        (409, "invoice_approved"),
        (409, "invoice_approved"),
    ]
    assert await read(client, made) == made


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


@pytest.mark.parametrize(
    ("state", "code"),
    [
        ("queued", "invoice_in_export"),
        ("sending", "invoice_in_export"),
        ("checking", "invoice_in_export"),
        ("exported", "invoice_exported"),
    ],
)
async def test_a_change_or_deletion_after_an_export_has_begun_is_refused_because_of_the_export(
    client: Caller, app: FastAPI, state: str, code: str
) -> None:
    made = await approved(client, external_id="I-1")
    await mark(app, client, made, state)

    changed = await client.patch(f"{INVOICES}/{made['id']}", json={"reference": "x"})
    deleted = await client.delete(f"{INVOICES}/{made['id']}")
    element = {"external_id": "I-1", "reference": "x"}
    (upserted,) = (await client.post(f"{INVOICES}/batch", json={"items": [element]})).json()["results"]

    assert [(reply.status_code, reply.json()["code"]) for reply in (changed, deleted)] == [(409, code), (409, code)]
    assert [error["code"] for error in upserted["errors"]] == [code]
    assert {changed.json()["detail"], deleted.json()["detail"]} == {upserted["errors"][0]["detail"]}


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
    assert actions == {"invoices.approve", "invoices.withdraw_approval"}
