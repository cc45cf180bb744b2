"""What every list of records offers: filters, what changed since an instant, and counts."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.callers import Caller
from tests.clock import Clock
from tests.records.making import API, COMPANY, PERSON, items, make

LISTS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("contacts", COMPANY, {**COMPANY, "name": "Rātā Builders"}),
    ("jobs", {"number": "J-1"}, {"number": "J-2"}),
    ("items", {"code": "TAP", "name": "Tap"}, {"code": "SINK", "name": "Sink"}),
    (
        "accounting-codes",
        {"code": "201", "name": "Labour", "kind": "income"},
        {"code": "202", "name": "Parts", "kind": "income"},
    ),
    ("cost-centers", {"name": "Wellington"}, {"name": "Napier"}),
]


async def _count(client: Caller, resource: str, **asked: Any) -> tuple[int, bool]:
    reply = await client.get(f"{API}/{resource}/counts", params=asked)
    assert reply.status_code == 200, reply.text
    return reply.json()["count"], reply.json()["more"]


@pytest.mark.parametrize(
    ("resource", "first", "second"), [*LISTS, ("job-statuses", {"name": "Quoted"}, {"name": "Done"})]
)
async def test_a_list_shows_what_changed_since_an_instant(
    client: Caller, clock: Clock, resource: str, first: dict[str, Any], second: dict[str, Any]
) -> None:
    earlier = await make(client, resource, **first)
    clock.shift(timedelta(minutes=10))
    later = await make(client, resource, **second)
    since = (datetime.fromisoformat(later["updated_at"]) - timedelta(minutes=1)).isoformat()

    assert [row["id"] for row in await items(client, resource, updated_since=since)] == [later["id"]]
    change = {"number": "J-9"} if resource == "jobs" else {"name": "Renamed"}
    await client.patch(f"{API}/{resource}/{earlier['id']}", json=change)
    assert {row["id"] for row in await items(client, resource, updated_since=since)} == {earlier["id"], later["id"]}


@pytest.mark.parametrize(("resource", "first", "second"), LISTS)
async def test_counts_take_the_filters_of_the_list(
    client: Caller, clock: Clock, resource: str, first: dict[str, Any], second: dict[str, Any]
) -> None:
    await make(client, resource, **first)
    clock.shift(timedelta(minutes=10))
    latest = (await make(client, resource, **second))["updated_at"]

    assert await _count(client, resource, updated_since=latest) == (1, False)
    assert (await _count(client, resource))[0] == len(await items(client, resource, limit=200))
    refused = await client.get(f"{API}/{resource}/counts", params={"limit": 1})
    assert refused.status_code == 422


async def test_a_record_is_read_by_its_external_id_and_a_contact_by_its_address(client: Caller) -> None:
    await make(client, "contacts", **COMPANY, external_id="C-1", email="Accounts@Kowhai.nz")
    await make(client, "contacts", **PERSON, external_id="C-2", email="mere@kowhai.nz")
    await make(client, "jobs", number="J-1", external_id="C-1")

    assert [row["external_id"] for row in await items(client, "contacts", external_id="C-2")] == ["C-2"]
    assert [row["external_id"] for row in await items(client, "contacts", email="accounts@kowhai.nz")] == ["C-1"]
    assert await items(client, "contacts", email="kowhai.nz") == []
    assert [row["number"] for row in await items(client, "jobs", external_id="C-1")] == ["J-1"]
    assert await _count(client, "contacts", q="mere", role="customer") == (1, False)


@pytest.mark.parametrize("instant", ["yesterday", "2026-11-20", "2026-11-20T10:00:00"])
async def test_an_instant_without_a_time_zone_is_refused_by_name(client: Caller, instant: str) -> None:
    refused = await client.get(f"{API}/contacts", params={"updated_since": instant})

    assert refused.status_code == 422
    assert [error["parameter"] for error in refused.json()["errors"]] == ["updated_since"]
