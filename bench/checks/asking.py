"""What the bench asks of the API: storing seeds, checking and exporting them, and ageing what was read of Xero."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bench.business import ConnectedBusiness
from bench.checks.seeds import Element, Seed

_BATCH_BYTES: Final = 5_000_000
_AT_ONCE: Final = 200
_POLL_SECONDS: Final = 0.1
_OLD_MINUTES: Final = 6


@dataclass
class Stored:
    """The invoices of a seed: the ids of those that were stored, and the codes by which the API refused the others."""

    seed: Seed
    ids: list[str] = field(default_factory=list)
    refused: list[set[str]] = field(default_factory=list)


async def store(business: ConnectedBusiness, seeds: Sequence[Seed]) -> list[Stored]:
    """Store the contacts, cost centers and invoices of these seeds."""
    for part in _parts([contact for seed in seeds for contact in seed.contacts]):
        results = (await business.ask("POST", "/contacts/batch", json={"items": part})).json()["results"]
        assert all(not each["errors"] for each in results), [each for each in results if each["errors"]]
    centers = await _centers(business, {line["cost_center"] for line in _centered(seeds)})
    for line in _centered(seeds):
        line["cost_center_id"] = centers[line.pop("cost_center")]
    stored = {seed.name: Stored(seed) for seed in seeds}
    owners = {each["external_id"]: seed.name for seed in seeds for each in seed.invoices}
    for part in _parts([each for seed in seeds for each in seed.invoices]):
        results = (await business.ask("POST", "/invoices/batch", json={"items": part})).json()["results"]
        for element, result in zip(part, results, strict=True):
            own = stored[owners[element["external_id"]]]
            if result["id"] is None or result["errors"]:
                own.refused.append({each["code"] for each in result["errors"]})
            else:
                own.ids.append(result["id"])
    return list(stored.values())


def _centered(seeds: Sequence[Seed]) -> list[Element]:
    lines = (line for seed in seeds for each in seed.invoices for line in each["lines"])
    return [line for line in {id(line): line for line in lines}.values() if "cost_center" in line]


async def _centers(business: ConnectedBusiness, names: Iterable[str]) -> dict[str, str]:
    return {
        name: (await business.ask("POST", "/cost-centers", json={"name": name})).json()["id"] for name in sorted(names)
    }


def _parts(elements: Sequence[Element]) -> Iterable[list[Element]]:
    part: list[Element] = []
    size = 0
    for element in elements:
        own = sum(2 * len(line["description"]) + 300 for line in element.get("lines", ())) + 600
        lines = sum(len(each.get("lines", ())) for each in [*part, element])
        if part and (size + own > _BATCH_BYTES or len(part) == _AT_ONCE or lines > 5000):
            yield part
            part, size = [], 0
        part.append(element)
        size += own
    if part:
        yield part


async def age_mirrors(business: ConnectedBusiness) -> None:
    """As if what was read of Xero were just old enough to be read again for a check."""
    async with business.engine.begin() as connection:
        await connection.exec_driver_sql("SET LOCAL app.business_id = 'system'")
        age = f"interval '{_OLD_MINUTES} minutes'"
        await connection.exec_driver_sql(f"UPDATE mirror_reads SET read_at = read_at - {age}")


async def check(business: ConnectedBusiness, ids: Sequence[str]) -> dict[str, Any]:
    """Check until nothing is being read again."""
    body = {"selection": {"mode": "ids", "ids": list(ids)}}
    while True:
        answer: dict[str, Any] = (await business.ask("POST", "/export-checks", json=body)).json()
        if not answer["refreshing"]:
            return answer
        await asyncio.sleep(_POLL_SECONDS)


async def export(business: ConnectedBusiness, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Export these, wait for the end, and give the items."""
    if not ids:
        return []
    run = (await business.ask("POST", "/exports", json={"selection": {"mode": "ids", "ids": list(ids)}})).json()
    while run["poll_after_ms"] is not None:
        await asyncio.sleep(_POLL_SECONDS)
        run = (await business.ask("GET", f"/exports/{run['id']}")).json()
    items: list[dict[str, Any]] = []
    cursor: Mapping[str, str] = {}
    while True:
        page = (await business.ask("GET", f"/exports/{run['id']}/items", params={"limit": 200, **cursor})).json()
        items += page["items"]
        if page["next_cursor"] is None:
            return items
        cursor = {"cursor": page["next_cursor"]}


async def prefer(business: ConnectedBusiness, **preferences: Any) -> None:
    """Change preferences."""
    await business.ask("PATCH", "/preferences", json=preferences, headers={"If-Match": "*"})


async def calls(business: ConnectedBusiness) -> list[dict[str, Any]]:
    """The calls to Xero since the last time, oldest first."""
    made = (await business.xero.get("/_ctl/calls")).json()
    await business.xero.delete("/_ctl/calls")
    return [call for call in made if "/api.xro/" in call["path"]]
