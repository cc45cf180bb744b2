"""What thousands of contacts cost: importing them, checking an invoice for each, and pushing those that changed."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import ceil
from pathlib import Path
from typing import Any

from bench.business import ConnectedBusiness
from bench.records import make_invoices

_POLL_SECONDS = 0.2
_PAGE = 200
_READ_AT_ONCE, _WRITTEN_AT_ONCE = 1000, 50  # contacts in a call to Xero
_DAY_SECONDS = 86_400
_Cost = dict[str, object]


async def contact_costs(business: ConnectedBusiness, *, contacts: int, changed: int) -> dict[str, _Cost]:
    """Import contacts, check an invoice for each, push a change of some, and push when nothing has changed."""
    await _seed(business, contacts)
    imported = await _import(business, contacts)
    ids = await _contact_ids(business)
    checked = await _check(business, ids[:contacts])
    for contact_id in ids[:changed]:
        await business.ask("PATCH", f"/contacts/{contact_id}", json={"phone": "04 555 0142"})
    return {
        "import": imported,
        "check": checked,
        "push": await _push(business, fewest=ceil(changed / _WRITTEN_AT_ONCE) + 1),
        "push_without_changes": await _push(business, fewest=0),
    }


async def _seed(business: ConnectedBusiness, contacts: int) -> None:
    """Contacts that Xero has had for a day: what changed a moment ago is read twice."""
    for path, body in (
        ("clock", {"seconds": -_DAY_SECONDS}),
        ("seed", {"contact_count": contacts}),
        ("clock", {"seconds": _DAY_SECONDS}),
    ):
        (await business.xero.post(f"/_ctl/{path}", json=body, timeout=300)).raise_for_status()


async def _import(business: ConnectedBusiness, contacts: int) -> _Cost:
    async with _measured(business) as cost:
        run = (await business.ask("POST", "/contact-imports", json={"mode": "apply"})).json()
        run = await _until_done(business, f"/contact-imports/{run['id']}", run)
    return {"imported": run["imported"], **_by_fewest(cost, ceil(contacts / _READ_AT_ONCE)), **cost}


async def _check(business: ConnectedBusiness, contact_ids: list[str]) -> _Cost:
    invoices = await make_invoices(business, len(contact_ids), contact_ids, "K-")
    async with _measured(business) as cost:
        body = {"selection": {"mode": "ids", "ids": invoices}}
        check = (await business.ask("POST", "/export-checks", json=body)).json()
    return {"ready": check["ready"], "contacts": len(check["contacts"]), **cost}


async def _push(business: ConnectedBusiness, *, fewest: int) -> _Cost:
    async with _measured(business) as cost:
        push = (await business.ask("POST", "/contact-pushes")).json()
        push = await _until_done(business, f"/contact-pushes/{push['id']}", push)
    return {"updated": push["updated"], **_by_fewest(cost, fewest), **cost}


def _by_fewest(cost: _Cost, fewest: int) -> _Cost:
    calls = cost["calls"]
    assert isinstance(calls, int)
    return {"calls_to_fewest_possible": round(calls / fewest, 3) if fewest else None}


async def _until_done(business: ConnectedBusiness, path: str, run: dict[str, Any]) -> dict[str, Any]:
    while run["poll_after_ms"] is not None:
        await asyncio.sleep(_POLL_SECONDS)
        run = (await business.ask("GET", path)).json()
    return run


async def _contact_ids(business: ConnectedBusiness) -> list[str]:
    ids: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await business.ask("GET", "/contacts", params={"limit": _PAGE, **cursor})).json()
        ids += [contact["id"] for contact in page["items"]]
        if page["next_cursor"] is None:
            return ids
        cursor = {"cursor": page["next_cursor"]}


@asynccontextmanager
async def _measured(business: ConnectedBusiness) -> AsyncIterator[_Cost]:
    """The cost of what is done inside: calls to Xero, seconds, and the largest memory by the memory before."""
    cost: _Cost = {}
    await business.xero.delete("/_ctl/calls")
    before = _begin_memory()
    cpu, started = time.process_time(), time.perf_counter()
    yield cost
    wall, cpu = time.perf_counter() - started, time.process_time() - cpu
    calls = [call for call in (await business.xero.get("/_ctl/calls")).json() if "/api.xro/" in call["path"]]
    cost |= {
        "calls": len(calls),
        "wall_seconds": round(wall, 2),
        "own_cpu_seconds": round(cpu, 2),
        "peak_memory_to_idle": round(_memory("VmHWM") / before, 3),
    }


def _begin_memory() -> int:
    """The memory now; the largest one counts from here on."""
    Path("/proc/self/clear_refs").write_text("5")
    return _memory("VmRSS")


def _memory(name: str) -> int:
    """Kilobytes of this process, as Linux counts them."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))
