"""Contacts and invoices for benchmarks, stored through the API."""

from bench.business import ConnectedBusiness

_BATCH_INVOICES = 500


async def make_contacts(business: ConnectedBusiness, count: int, prefix: str) -> list[str]:
    """The ids of new companies."""
    elements = [
        {
            "external_id": f"{prefix}c{n}",
            "kind": "company",
            "name": f"Bench Builders {prefix}{n}",
            "roles": ["customer"],
        }
        for n in range(count)
    ]
    results = (await business.ask("POST", "/contacts/batch", json={"items": elements})).json()["results"]
    return [result["id"] for result in results]


async def make_invoices(business: ConnectedBusiness, count: int, contacts: list[str], prefix: str) -> list[str]:
    """The ids of new approved customer invoices, for the contacts in rotation."""
    elements = [
        {
            "external_id": f"{prefix}i{n}",
            "kind": "customer",
            "number": f"{prefix}{n:05}",
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
