"""If-Match on every resource that a client may change."""

from typing import Any

import pytest
from fastapi import FastAPI

from tests.callers import Caller
from tests.records.invoicing import INVOICES, approved, draft, line, mark
from tests.records.making import API, COMPANY

RESOURCES: list[tuple[str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ("contacts", COMPANY, {"phone": "04 555 0142"}, {"phone": "04 555 0143"}),
    ("jobs", {"number": "J-1"}, {"location": "Napier"}, {"location": "Nelson"}),
    ("job-statuses", {"name": "Invoiced"}, {"name": "Sent"}, {"name": "Paid"}),
    ("items", {"code": "TAP", "name": "Tap"}, {"name": "Stop tap"}, {"name": "Mixer tap"}),
    ("accounting-codes", {"code": "201", "name": "Sales", "kind": "income"}, {"name": "Labour"}, {"name": "Parts"}),
    ("cost-centers", {"name": "Wellington"}, {"name": "Napier"}, {"name": "Nelson"}),
]


@pytest.mark.parametrize(("resource", "content", "first", "second"), RESOURCES)
async def test_a_change_or_deletion_of_an_old_version_is_refused_and_of_the_present_version_done(
    client: Caller, resource: str, content: dict[str, Any], first: dict[str, Any], second: dict[str, Any]
) -> None:
    made = await client.post(f"{API}/{resource}", json=content)
    address, old = made.headers["Location"], made.headers["ETag"]
    assert (await client.get(address)).headers["ETag"] == old

    changed = await client.patch(address, json=first, headers={"If-Match": old})
    assert changed.status_code == 200
    present = (await client.get(address)).json()

    for refused in (
        await client.patch(address, json=second, headers={"If-Match": old}),
        await client.delete(address, headers={"If-Match": old}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (412, "changed_meanwhile")
        assert refused.headers["ETag"] == changed.headers["ETag"]
    weak = await client.delete(address, headers={"If-Match": f"W/{changed.headers['ETag']}"})
    assert (weak.status_code, weak.json()["code"]) == (412, "if_match_malformed")
    assert (await client.get(address)).json() == present

    assert (await client.patch(address, json=second, headers={"If-Match": "*"})).status_code == 200
    last = (await client.get(address)).headers["ETag"]
    assert (await client.delete(address, headers={"If-Match": f'"other", {last}'})).status_code == 204


@pytest.mark.parametrize(
    ("method", "path"),
    [("PATCH", ""), ("DELETE", ""), ("PUT", "/approval"), ("PUT", "/exclusion"), ("DELETE", "/exclusion")],
)
async def test_a_decision_on_an_old_version_of_an_invoice_is_refused(client: Caller, method: str, path: str) -> None:
    made = await draft(client)
    address = f"{INVOICES}/{made['id']}"
    old = (await client.get(address)).headers["ETag"]
    await client.patch(address, json={"lines": [line(unit_price="120.00")]})

    content = {"reference": "PO 1"} if method == "PATCH" else None
    refused = await client.request(method, address + path, headers={"If-Match": old}, json=content)

    assert refused.status_code == 412
    after = (await client.get(address)).json()
    assert (after["total"], after["status"], after["export_state"]) == ("138.00", "draft", "not_exported")


async def test_withdrawing_an_approval_of_an_old_version_is_refused(client: Caller) -> None:
    made = await draft(client)
    old = (await client.get(f"{INVOICES}/{made['id']}")).headers["ETag"]
    await client.put(f"{INVOICES}/{made['id']}/approval")

    refused = await client.delete(f"{INVOICES}/{made['id']}/approval", headers={"If-Match": old})

    assert refused.status_code == 412
    assert (await client.get(f"{INVOICES}/{made['id']}")).json()["status"] == "approved"


async def test_what_an_export_writes_does_not_move_the_tag_and_is_never_hidden_by_it(
    app: FastAPI, client: Caller
) -> None:
    invoice = await approved(client)
    address = f"{INVOICES}/{invoice['id']}"
    tag = (await client.get(address)).headers["ETag"]
    await mark(app, client, invoice, "exported", external_url="https://go.xero.com/1")

    read = await client.get(address, headers={"If-None-Match": tag})

    assert (read.status_code, read.headers["ETag"], read.json()["export_state"]) == (200, tag, "exported")


async def test_renaming_a_contact_does_not_move_the_tag_of_its_invoices(client: Caller) -> None:
    invoice = await draft(client)
    tag = (await client.get(f"{INVOICES}/{invoice['id']}")).headers["ETag"]
    await client.patch(f"{API}/contacts/{invoice['contact_id']}", json={"name": "Rātā Builders"})

    reply = await client.patch(f"{INVOICES}/{invoice['id']}", json={"reference": "PO 1"}, headers={"If-Match": tag})

    assert reply.status_code == 200


async def test_a_replayed_answer_carries_the_tag_of_the_first(client: Caller) -> None:
    first, second = [
        await client.post(f"{API}/contacts", json=COMPANY, headers={"Idempotency-Key": "contact-1"}) for _ in range(2)
    ]
    assert second.headers["Idempotent-Replayed"] == "true"
    assert first.headers["ETag"] == second.headers["ETag"]
