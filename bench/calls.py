"""The number of calls to Xero per export, divided by the smallest possible number."""

import asyncio
from math import ceil

from bench.business import ConnectedBusiness

_BATCH_INVOICES = 500
_ELEMENTS_PER_CALL = 50


async def calls_per_export(business: ConnectedBusiness, *, invoices: int, contacts: int) -> dict[str, object]:
    """Export this many invoices for this many new contacts and count the calls to the stand-in."""
    ids = await _contacts(business, contacts)
    chosen = await _invoices(business, invoices, ids)
    await business.xero.delete("/_ctl/calls")
    run = (await business.ask("POST", "/exports", json={"selection": {"mode": "ids", "ids": chosen}})).json()
    while run["poll_after_ms"] is not None:
        await asyncio.sleep(0.05)
        run = (await business.ask("GET", f"/exports/{run['id']}")).json()
    calls = [call for call in (await business.xero.get("/_ctl/calls")).json() if "/api.xro/" in call["path"]]
    fewest = ceil(invoices / _ELEMENTS_PER_CALL) + ceil(contacts / _ELEMENTS_PER_CALL)
    return {
        "invoices": invoices,
        "new_contacts": contacts,
        "exported": run["exported"],
        "calls": len(calls),
        "fewest_possible": fewest,
        "ratio_to_fewest": round(len(calls) / fewest, 3),
        "ratio_to_three_calls_each": round(len(calls) / (3 * invoices), 4),
    }


async def _contacts(business: ConnectedBusiness, count: int) -> list[str]:
    elements = [
        {"external_id": f"c{n}", "kind": "company", "name": f"Bench Builders {n}", "roles": ["customer"]}
        for n in range(count)
    ]
    results = (await business.ask("POST", "/contacts/batch", json={"items": elements})).json()["results"]
    return [result["id"] for result in results]


async def _invoices(business: ConnectedBusiness, count: int, contacts: list[str]) -> list[str]:
    elements = [
        {
            "external_id": f"i{n}",
            "kind": "customer",
            "number": f"B-{n:05}",
            "contact_id": contacts[n % len(contacts)],
            "issued_on": "2026-11-20",
            "due_on": "2026-12-20",
            "approve": True,
            "lines": [{"description": "Hours", "quantity": "1.25", "unit_price": "95.40"}],
        }
        for n in range(count)
    ]
    ids: list[str] = []
    for start in range(0, count, _BATCH_INVOICES):
        body = {"items": elements[start : start + _BATCH_INVOICES]}
        results = (await business.ask("POST", "/invoices/batch", json=body)).json()["results"]
        ids += [result["id"] for result in results]
    return ids
