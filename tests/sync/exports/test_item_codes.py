"""Lines that name an item: sent only when asked for, and an item that Xero does not have is noticed before."""

import json
from typing import Any

from sandbox.seeds import NZ_TENANT
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness

_LINE = {"description": "Copper pipe", "quantity": "2", "unit_price": "12.45"}


async def _invoice(business: ConnectedBusiness, number: str, *item_codes: str) -> str:
    contact = await business.company(f"Customer of {number}")
    lines = [{**_LINE, "item_code": code} for code in item_codes]
    return await business.invoice(number, contact, lines=lines)


async def _problems(business: ConnectedBusiness, *ids: str) -> list[dict[str, Any]]:
    selection = {"mode": "ids", "ids": list(ids)}
    reply = await business.client.post(f"{API}/export-checks", json={"selection": selection})
    return [problem for checked in reply.json()["invoices"] for problem in checked["problems"]]


async def test_an_item_code_is_sent_as_xero_spells_it_and_only_when_asked_for(business: ConnectedBusiness) -> None:
    first = await _invoice(business, "INV-1", "pipe15")
    await business.export(first)
    await business.drain()
    await business.prefer(send_item_codes=True)
    second = await _invoice(business, "INV-2", " pipe15 ")
    export_id = await business.export(second)
    await business.drain()

    bodies = [json.loads(call["body"]) for call in business.calls("PUT", "/api.xro/2.0/Invoices")]
    sent = [body["Invoices"][0]["LineItems"][0].get("ItemCode") for body in bodies]
    assert sent == [None, "PIPE15"]
    (item,) = await business.items(export_id)
    assert (item["state"], item["remarks"]) == ("exported", [])


async def test_an_item_that_was_deleted_in_xero_is_noticed_before_sending(business: ConnectedBusiness) -> None:
    invoice = await _invoice(business, "INV-1", "PIPE15", "SEALANT")
    assert await _problems(business, invoice) == []
    await business.prefer(send_item_codes=True)
    items = business.stand_in.world.ledgers[NZ_TENANT].items
    (sealant,) = (item_id for item_id, item in items.items() if item["Code"] == "SEALANT")
    del items[sealant]
    assert (await business.client.post(f"{API}/ledger/refreshes")).status_code == 202
    await business.refresh_ledger()

    (problem,) = await _problems(business, invoice)
    assert (problem["code"], problem["pointer"]) == ("item_unknown", "#/lines/1/item_code")
    assert problem["detail"] == "Line 2: Xero has no item SEALANT."
    assert problem["fix"]["href"] == "/settings/accounting#items"
    (ours,) = (await business.client.get(f"{API}/items", params={"match": "missing"})).json()["items"]
    assert ours["code"] == "SEALANT"

    await business.prefer(send_item_codes=False)
    assert await _problems(business, invoice) == []


async def test_an_item_that_xero_refuses_is_a_problem_of_its_line(business: ConnectedBusiness) -> None:
    invoice = await _invoice(business, "INV-1", "PIPE15")
    await business.prefer(send_item_codes=True)
    business.stand_in.world.ledgers[NZ_TENANT].items.clear()
    export_id = await business.export(invoice)
    await business.drain()

    (item,) = await business.items(export_id)
    (problem,) = item["problems"]
    assert (item["state"], problem["code"]) == ("rejected", "item_unknown")
    assert problem["xero_message"] == "Item code 'PIPE15' is not valid"
