"""Our totals equal Xero's to the cent, for any lines."""

from decimal import Decimal
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.journeys.office import Office

TAXES = {"customer": ("OUTPUT2", "ZERORATED", "NONE"), "supplier": ("INPUT2", "NONE")}
_numbers = count(1)


def _decimals(low: str, high: str, places: int) -> st.SearchStrategy[str]:
    return st.decimals(Decimal(low), Decimal(high), places=places).map(lambda value: f"{value:f}")


@st.composite
def invoices(draw: st.DrawFn) -> dict[str, Any]:
    """A customer invoice or a bill with one to four lines of difficult amounts."""
    kind = draw(st.sampled_from(("customer", "supplier")))
    line = st.fixed_dictionaries(
        {
            "description": st.just("Work"),
            "quantity": _decimals("0.0001", "999.9999", 4),
            "unit_price": _decimals("0", "2999.9999", 4),
            "discount_percent": st.sampled_from(("0", "2.5", "10", "33.33", "100")),
            "tax_type": st.sampled_from(TAXES[kind]),
        }
    )
    amounts = draw(st.sampled_from(("exclusive", "inclusive", "no_tax")))
    return {"kind": kind, "amounts": amounts, "lines": draw(st.lists(line, min_size=1, max_size=4))}


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=st.lists(invoices(), min_size=6, max_size=10))
async def test_our_total_equals_xeros_to_the_cent(office: Office, made: list[dict[str, Any]]):
    (contact,) = await office.batch(
        "contacts", [{"external_id": "c", "kind": "company", "name": "Kōwhai Dental Ltd", "roles": ["customer"]}]
    )
    head = {"contact_id": contact, "issued_on": "2026-11-20", "due_on": "2026-12-20", "approve": True}
    rows = [{**head, **invoice, "number": number, "external_id": number} for invoice in made for number in (_number(),)]
    ids = await office.batch("invoices", rows)

    run = await office.exported(*ids)

    refused = [item for item in await office.items(run["id"]) if item["state"] != "exported"]
    assert [(row, item["problems"]) for row in rows for item in refused if row["number"] == item["number"]] == []
    theirs = {document["InvoiceNumber"]: document for document in office.in_xero()}
    for invoice_id, row in zip(ids, rows, strict=True):
        ours, document = await office.read(f"invoices/{invoice_id}"), theirs[row["number"]]
        assert (Decimal(ours["total"]), Decimal(ours["tax_total"])) == (document["Total"], document["TotalTax"])
        assert ours["remarks"] == []  # a difference would be a remark


def _number() -> str:
    return f"N-{next(_numbers):05d}"
