"""How few calls it takes: Xero counts them."""

from math import ceil

from tests.journeys.office import Office


def _calls(office: Office) -> list[tuple[str, str]]:
    return [(one["method"], one["path"].rpartition("/")[2]) for one in office.stand_in.world.calls]


async def test_a_hundred_and_twenty_invoices_take_three_calls_and_a_few_for_their_contacts(office: Office):
    ids = await office.many(120, contacts=10)
    office.stand_in.world.calls.clear()

    run = await office.exported(*ids)

    assert run["exported"] == 120
    calls = _calls(office)
    assert calls.count(("PUT", "Invoices")) == ceil(120 / 50)
    assert len(calls) <= ceil(120 / 50) + 2, calls


async def test_a_thousand_invoices_with_a_hundred_new_contacts_take_at_most_twenty_four_calls(office: Office):
    ids = await office.many(1000, contacts=100)
    office.stand_in.world.calls.clear()

    run = await office.exported(*ids)

    assert run["exported"] == 1000
    assert len(_calls(office)) <= 24, _calls(office)
    assert len(set(office.numbers_in_xero())) == len(office.in_xero()) == 1000
