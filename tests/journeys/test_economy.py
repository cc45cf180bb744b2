"""How few calls it takes: Xero counts them."""

import pytest

from tests.journeys.office import Office


@pytest.mark.parametrize(("invoices", "contacts", "writes", "calls"), [(120, 10, 3, 5), (300, 100, 6, 10)])
async def test_fifty_invoices_go_in_a_call_and_contacts_take_a_few_more(
    office: Office, invoices: int, contacts: int, writes: int, calls: int
):
    ids = await office.many(invoices, contacts=contacts)
    office.stand_in.world.calls.clear()

    run = await office.exported(*ids)

    assert run["exported"] == len(office.in_xero()) == invoices
    made = [(one["method"], one["path"].rpartition("/")[2]) for one in office.stand_in.world.calls]
    assert made.count(("PUT", "Invoices")) == writes
    assert len(made) <= calls, made
