"""When an invoice whose reply was lost is certainly not in Xero, and when it only looks like that."""

from datetime import date, timedelta
from typing import Any

import pytest

from sandbox.faults import Fault
from sandbox.seeds import NZ_TENANT
from tests.clock import Clock
from tests.records.making import API
from tests.sync.connected_business import ConnectedBusiness

_INVOICES = "/api.xro/2.0/Invoices"


async def _export_without_a_reply(business: ConnectedBusiness, kind: str = "supplier") -> str:
    """Xero has the document, and we do not know it."""
    contact = await business.company("Pipeline Supplies Ltd")
    export_id = await business.export(await business.invoice("7", contact, kind))
    business.stand_in.faults.waiting.append(Fault(kind="timeout", method="PUT", path="Invoices", when="after"))
    await business.drain()
    assert len(business.in_xero()) == 1
    return export_id


def _edit(business: ConnectedBusiness, **fields: Any) -> None:
    """Change the document in Xero."""
    (document,) = business.in_xero()
    business.stand_in.world.ledgers[NZ_TENANT].put_invoice({**document, **fields})


async def _outcome(business: ConnectedBusiness, clock: Clock, export_id: str) -> dict[str, Any]:
    """The item of the export after more time than any absence needs."""
    for _ in range(4):
        clock.shift(timedelta(minutes=11))
        await business.drain()
        (item,) = await business.items(export_id)
    return item


async def test_a_bill_is_looked_for_by_the_clock_of_xero_when_ours_is_fast(
    business: ConnectedBusiness, clock: Clock
) -> None:
    clock.shift_database(timedelta(minutes=20))  # Xero has the time of the process
    await business.client.post(f"{API}/ledger/refreshes")  # by the other clock, the ledger is too old
    await business.refresh_ledger()
    export_id = await _export_without_a_reply(business)
    clock.shift(timedelta(seconds=10))
    await business.drain()

    (item,) = await business.items(export_id)
    assert item["state"] == "exported"
    assert len(business.calls("PUT", _INVOICES)) == 1


async def test_a_bill_whose_date_somebody_changed_in_xero_is_known_by_its_marker(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await _export_without_a_reply(business)
    _edit(business, Date=date(2026, 11, 21))

    assert (await _outcome(business, clock, export_id))["state"] == "exported"
    assert len(business.in_xero()) == 1


async def test_a_bill_that_the_list_of_changes_lacks_is_seen_among_its_suppliers_bills(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await _export_without_a_reply(business)
    _edit(business, UpdatedDateUTC=business.stand_in.world.now() - timedelta(hours=2))

    assert (await _outcome(business, clock, export_id))["state"] == "exported"
    assert len(business.in_xero()) == 1


async def test_a_bill_like_ours_without_our_marker_is_for_a_person_to_decide(
    business: ConnectedBusiness, clock: Clock
) -> None:
    export_id = await _export_without_a_reply(business)
    _edit(business, Url=None, _ClientID="somebody")

    item = await _outcome(business, clock, export_id)

    assert (item["state"], [problem["code"] for problem in item["problems"]]) == ("review", ["document_alike"])
    assert len(business.in_xero()) == 1


@pytest.mark.parametrize(("choice", "documents"), [("same", 1), ("different", 2)])
async def test_a_person_is_asked_whether_it_is_the_same_once_xero_is_read_again(
    business: ConnectedBusiness, clock: Clock, choice: str, documents: int
) -> None:
    export_id = await _export_without_a_reply(business)
    _edit(business, Url=None, _ClientID="somebody")
    invoice = (await _outcome(business, clock, export_id))["invoice_id"]
    await business.refresh_ledger()  # asked for by what the look-up has shown
    await business.check_standing()
    assert await business.problems(invoice) == ["looks_entered_already"]

    path = f"{API}/invoices/{invoice}/answers/looks_entered_already"
    answered = (await business.client.put(path, json={"choice": choice})).json()
    assert answered["problems"] == []
    if choice == "different":
        await business.export(invoice)
        await business.drain()  # which waits for the ledger
        await business.refresh_ledger()
        await business.drain()
    assert len(business.in_xero()) == documents
    assert (await business.client.get(f"{API}/invoices/{invoice}")).json()["export_state"] == "exported"


@pytest.mark.parametrize("kind", ["customer", "supplier"])
async def test_an_unreadable_element_of_a_list_proves_no_absence(
    business: ConnectedBusiness, clock: Clock, kind: str
) -> None:
    export_id = await _export_without_a_reply(business, kind)
    reads_once = kind == "customer"
    if not reads_once:
        _edit(business, UpdatedDateUTC=business.stand_in.world.now() - timedelta(hours=2))
    unreadable = "createdByMyApp" if reads_once else "ContactIDs"
    business.stand_in.faults.waiting.append(
        Fault(kind="unreadable_element", method="GET", path="Invoices", query_contains=unreadable, count=None)
    )

    assert (await _outcome(business, clock, export_id))["state"] == "unknown"
    assert len(business.calls("PUT", _INVOICES)) == 1
