"""Measure the requests against server processes, with the rows of 20 businesses in the database."""

import time
from typing import Any
from uuid import UUID

import httpx2

from api.platform.ids import decode, encode
from bench.business import ConnectedBusiness
from bench.requests import rows
from bench.requests.measuring import GENERATOR, measure, quantiles, timed
from bench.requests.paths import batch_of, export_of, measured_requests
from bench.requests.servers import Servers, running_servers

_BUSINESSES = 20
_PAGES_DEEP = 40
_EXPORTED = (1000, 1000, 10_000)  # the first warms up
_TAKEN_IN = 500  # invoices of a batch
_RAW_ROUNDS = 200
# The page of 50 as a program without the product would read it.
_RAW_PAGE = """
SELECT i.*, coalesce(c.name, concat_ws(' ', c.first_name, c.last_name)), c.external_id, j.number, j.external_id,
  j.description
FROM invoices i JOIN contacts c ON c.id = i.contact_id LEFT JOIN jobs j ON j.id = i.job_id
WHERE i.business_id = %s AND i.kind = 'customer' ORDER BY i.issued_on DESC, i.id DESC LIMIT 51
"""


async def request_costs(
    environment: dict[str, str], owner_url: str, business: ConnectedBusiness, *, processes: int
) -> dict[str, Any]:
    """Start the servers and measure each request as the user of the connected business."""
    cookie = "; ".join(f"{name}={value}" for name, value in business.app.cookies.items())
    with running_servers(environment, processes) as servers:
        headers = {"Cookie": cookie, "Origin": servers.address}
        limits = httpx2.Limits(max_connections=8, max_keepalive_connections=8)
        async with httpx2.AsyncClient(
            base_url=servers.address, headers=headers, timeout=60, limits=limits, trust_env=False
        ) as client:
            return await _measured(servers, client, owner_url, processes)


def write_rows(owner_url: str, invoices: int) -> None:
    """The rows of all businesses, the connected one among them."""
    rows.write_rows(owner_url, businesses=_BUSINESSES, invoices=invoices)


async def _measured(servers: Servers, client: httpx2.AsyncClient, owner_url: str, processes: int) -> dict[str, Any]:
    session = (await client.get("/api/v1/session")).json()
    business_id = decode("biz", session["business"]["id"])
    tag = (await client.get("/api/v1/notifications")).headers["etag"]
    idle_megabytes = servers.resident_megabytes()
    requests = measured_requests(tag_of_feed=tag, deep_cursor=await _deep_cursor(client))
    costs = await measure(servers, client, requests)
    raw = _raw_page(owner_url, business_id)
    return {
        "load_generator": GENERATOR,
        "processes": processes,
        "ready_seconds": servers.ready_seconds,
        "requests": costs,
        "raw_sql_page_of_50": raw,
        "page_p95_to_raw_sql": round(costs["page_of_50"]["p95_ms"] / raw["p95_ms"], 2),
        "view_p50_to_page": {
            view: round(costs[view]["p50_ms"] / costs["page_of_50"]["p50_ms"], 2)
            for view in ("ready_view", "attention_view")
        },
        "exports": await _exports(servers, client, owner_url, business_id),
        "intake": await _intake(servers, client),
        "resident_megabytes": {"idle": idle_megabytes, "after_load": servers.resident_megabytes()},
    }


async def _deep_cursor(client: httpx2.AsyncClient) -> str:
    cursor = ""
    for _ in range(_PAGES_DEEP):
        page = await client.get("/api/v1/invoices?kind=customer&limit=50" + (f"&cursor={cursor}" if cursor else ""))
        cursor = page.json()["next_cursor"] or cursor
    return cursor


async def _exports(
    servers: Servers, client: httpx2.AsyncClient, owner_url: str, business_id: UUID
) -> dict[str, dict[str, float]]:
    results = {}
    for count in _EXPORTED:
        ids = [encode("inv", each) for each in rows.ready_invoices(owner_url, business_id, count)]
        results[f"POST /exports of {len(ids)}"] = await timed(servers, client, "/api/v1/exports", export_of(ids))
    return results


async def _intake(servers: Servers, client: httpx2.AsyncClient) -> dict[str, dict[str, float]]:
    """Batches of new invoices, then the last of them once more, where nothing has changed."""
    contact = (await client.get("/api/v1/contacts?limit=1")).json()["items"][0]["id"]
    batches = [batch_of(contact, number, _TAKEN_IN) for number in range(3)]
    results = {}
    for name, body in zip(("first", "new", "new again", "unchanged"), [*batches, batches[-1]], strict=True):
        results[f"POST /invoices/batch of {_TAKEN_IN}, {name}"] = await timed(
            servers, client, "/api/v1/invoices/batch", body, expected=200
        )
    return results


def _raw_page(owner_url: str, business_id: UUID) -> dict[str, float]:
    """The duration of the statement of a page through the same driver, prepared, with its rows as Python values."""
    seconds = []
    with rows.connected(owner_url) as connection:
        for _ in range(_RAW_ROUNDS):
            started = time.perf_counter()
            connection.execute(_RAW_PAGE, (business_id,), prepare=True).fetchall()
            seconds.append(time.perf_counter() - started)
    return quantiles(seconds)
