"""What one small export costs the database."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import event

from api.platform.db.lease import LeaseTiming
from api.sync.documents.service import read_on
from api.sync.timing import STANDARD
from tests.sync.connected_business import ConnectedBusiness

_LONG_LEASE = LeaseTiming(lease_seconds=150.0, renew_seconds=50.0, call_seconds=70.0)


@dataclass
class Cost:
    """Statements and transactions of the app's own engine."""

    statements: int = 0
    transactions: int = 0


@contextmanager
def counting(business: ConnectedBusiness) -> Iterator[Cost]:
    cost = Cost()
    engine = business.gateways.database.engine.sync_engine

    def count_statement(*arguments: object) -> None:
        cost.statements += not str(arguments[2]).startswith("BEGIN")  # counted as a transaction

    def count_transaction(*arguments: object) -> None:
        cost.transactions += 1

    event.listen(engine, "before_cursor_execute", count_statement)
    event.listen(engine, "begin", count_transaction)
    try:
        yield cost
    finally:
        event.remove(engine, "before_cursor_execute", count_statement)
        event.remove(engine, "begin", count_transaction)


@pytest.mark.parametrize(("are_known", "statements", "transactions"), [(True, 93, 17), (False, 102, 21)])
async def test_three_invoices_for_two_new_contacts_cost_few_statements(
    business: ConnectedBusiness,
    are_known: bool,
    statements: int,
    transactions: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """When the documents of Xero were read since the export was started, and when what changed has to be read first."""
    first, second = await business.company("Kōwhai Dental Ltd"), await business.company("Rātā Joinery Ltd")
    invoices = [
        await business.invoice("INV-1", first),
        await business.invoice("INV-2", first),
        await business.invoice("INV-3", second),
    ]
    await read_on(await business.gateway())  # as after connecting
    business.gateways.timing = replace(STANDARD, lease=_LONG_LEASE)  # not renewed meanwhile
    export_id = await business.export(*invoices)
    if are_known:
        await read_on(await business.gateway())  # as for another export of the same minute

    with counting(business) as cost:
        await business.drain()

    assert (await business.run(export_id))["exported"] == 3
    with capsys.disabled():
        sys.stdout.write(
            f"\n3 invoices, 2 new contacts: {cost.statements} statements, {cost.transactions} transactions\n"
        )
    assert cost.statements <= statements
    assert cost.transactions <= transactions


async def test_starting_an_export_costs_as_many_statements_for_many_invoices_as_for_one(
    business: ConnectedBusiness,
) -> None:
    contact = await business.company("Kōwhai Dental Ltd")
    invoices = [await business.invoice(f"INV-{number}", contact) for number in range(4)]
    with counting(business) as single:
        await business.export(invoices[0])
    with counting(business) as several:
        await business.export(*invoices[1:])
    assert (several.statements, several.transactions) == (single.statements, single.transactions) == (13, 1)
