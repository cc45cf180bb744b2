"""An export takes few calls to Xero."""

import pytest

from tests.journeys.office import Office


@pytest.mark.parametrize(("invoices", "contacts", "writes", "calls"), [(120, 10, 3, 6), (300, 100, 6, 10)])
async def test_an_export_sends_fifty_invoices_per_call_and_few_calls_for_contacts(
    office: Office, invoices: int, contacts: int, writes: int, calls: int
):
    ids = await office.many(invoices, contacts=contacts)
    office.stand_in.world.calls.clear()

    run = await office.exported(*ids)

    assert run["exported"] == len(office.in_xero()) == invoices
    made = [(call["method"], call["path"].rpartition("/")[2]) for call in office.stand_in.world.calls]
    assert made.count(("PUT", "Invoices")) == writes
    assert len(made) <= calls, made
