"""How long an export takes, divided by the shortest time that its calls allow with four in flight."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil

from sqlalchemy import event
from sqlalchemy.engine import Engine

from bench.business import ConnectedBusiness
from bench.records import make_contacts, make_invoices

_IN_FLIGHT = 4
_ELEMENTS_PER_CALL = 50
_POLL_SECONDS = 0.2


@dataclass
class _Cost:
    statements: int = 0
    transactions: int = 0


async def export_times(
    business: ConnectedBusiness, *, invoices: int, contacts: int, seconds_per_call: tuple[float, ...]
) -> list[dict[str, object]]:
    """Export this many invoices for this many new contacts, once for each time that Xero takes for a call."""
    return [await _export(business, invoices, contacts, seconds) for seconds in seconds_per_call]


async def _export(business: ConnectedBusiness, invoices: int, contacts: int, seconds: float) -> dict[str, object]:
    prefix = f"T{seconds:g}-"
    ids = await make_contacts(business, contacts, prefix)
    chosen = await make_invoices(business, invoices, ids, prefix)
    await _until_checked(business)
    await business.xero.delete("/_ctl/calls")
    if seconds:
        slow = {"kind": "slow", "seconds": seconds, "count": None}
        (await business.xero.post("/_ctl/faults", json=slow)).raise_for_status()
    cost = _Cost()
    engine = business.engine.sync_engine
    count_statement, count_transaction = _counters(engine, cost)
    cpu, started = time.process_time(), datetime.now(UTC)
    run = (await business.ask("POST", "/exports", json={"selection": {"mode": "ids", "ids": chosen}})).json()
    while run["poll_after_ms"] is not None:
        await asyncio.sleep(run["poll_after_ms"] / 1000)
        run = (await business.ask("GET", f"/exports/{run['id']}")).json()
    wall = (datetime.fromisoformat(run["finished_at"]) - started).total_seconds()  # one clock: the database is here
    cpu = time.process_time() - cpu
    event.remove(engine, "before_cursor_execute", count_statement)
    event.remove(engine, "begin", count_transaction)
    await business.xero.delete("/_ctl/faults")
    calls = [call for call in (await business.xero.get("/_ctl/calls")).json() if "/api.xro/" in call["path"]]
    shortest = ceil(len(calls) / _IN_FLIGHT) * seconds
    fewest = ceil(invoices / _ELEMENTS_PER_CALL) + ceil(contacts / _ELEMENTS_PER_CALL)
    return {
        "seconds_per_call": seconds,
        "exported": run["exported"],
        "calls": len(calls),
        "calls_to_fewest_possible": round(len(calls) / fewest, 3),
        "wall_seconds": round(wall, 2),
        "wall_to_shortest_possible": round(wall / shortest, 2) if shortest else None,
        "own_cpu_seconds": round(cpu, 2),
        "statements": cost.statements,
        "transactions": cost.transactions,
    }


async def _until_checked(business: ConnectedBusiness) -> None:
    """Wait until the worker has checked the new invoices, so that this is not counted as a part of the export."""
    is_left = 1
    while is_left:
        await asyncio.sleep(_POLL_SECONDS)
        async with business.engine.begin() as connection:
            await connection.exec_driver_sql("SET LOCAL app.business_id = 'system'")
            is_left = (await connection.exec_driver_sql("SELECT count(*) FROM standing_checks")).scalar_one()


def _counters(engine: Engine, cost: _Cost) -> tuple[Callable[..., None], Callable[..., None]]:
    def count_statement(*arguments: object) -> None:
        cost.statements += not str(arguments[2]).startswith("BEGIN")  # counted as a transaction

    def count_transaction(*arguments: object) -> None:
        cost.transactions += 1

    event.listen(engine, "before_cursor_execute", count_statement)
    event.listen(engine, "begin", count_transaction)
    return count_statement, count_transaction
