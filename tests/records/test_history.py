"""What was done with a record, when, and by whom: a person or an API key."""

import httpx2
from fastapi import FastAPI

from tests.callers import Caller
from tests.records.invoicing import INVOICES, contact, draft, head, line
from tests.records.making import API, COMPANY, items, make


async def _key(app: FastAPI, client: Caller, name: str) -> httpx2.AsyncClient:
    wanted = {"name": name, "scopes": ["invoices:write", "contacts:write"], "expires_on": "2027-06-30"}
    secret = (await make(client, "api-keys", **wanted))["secret"]
    transport = httpx2.ASGITransport(app=app)
    return httpx2.AsyncClient(
        transport=transport, base_url="http://localhost:8080", headers={"Authorization": f"Bearer {secret}"}
    )


async def test_the_history_of_an_invoice_names_the_person_and_the_key_that_changed_it(
    app: FastAPI, client: Caller
) -> None:
    async with await _key(app, client, "Zapier") as program:
        made = (await program.post(INVOICES, json=head(await contact(client)))).json()
        address = f"{INVOICES}/{made['id']}"
        await client.put(f"{address}/approval")
        await program.patch(address, json={"lines": [line(unit_price="101.00")]})

    history = await items(client, f"invoices/{made['id']}/history")

    assert [(event["action"], event["actor_name"], event["details"]) for event in history] == [
        ("invoices.change", "Zapier", {"approval": "withdrawn"}),
        ("invoices.approve", "Mere Hohepa", {}),
        ("invoices.create", "Zapier", {}),
    ]
    assert [event["actor"][:4] for event in history] == ["key_", "usr_", "key_"]


async def test_the_history_of_a_contact_names_the_changed_fields_also_of_a_batch(client: Caller) -> None:
    made = await make(client, "contacts", **COMPANY, external_id="C-1")
    element = {"external_id": "C-1", "email": "a@kowhai.nz"}
    for _ in range(2):
        await client.post(f"{API}/contacts/batch", json={"items": [element]})

    history = await items(client, f"contacts/{made['id']}/history")

    assert [(event["action"], event["details"]) for event in history] == [
        ("contacts.change", {"fields": ["email"]}),
        ("contacts.create", {}),
    ]


async def test_a_history_has_the_events_of_its_record_only(client: Caller, neighbour: Caller) -> None:
    first = await draft(client, "A")
    second = await draft(client, "B", contact_id=first["contact_id"])

    assert len(await items(client, f"invoices/{second['id']}/history")) == 1
    assert (await neighbour.get(f"{INVOICES}/{first['id']}/history")).status_code == 404
