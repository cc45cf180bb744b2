"""Reads that identify their caller in the same round trip: nothing leaves them for a caller who may not have it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, Final
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import event

from api.identity.roles import KEY_SCOPES
from api.platform.clock import now
from api.platform.db.base import Owned
from api.platform.db.reads import Reads
from api.platform.ids import encode
from api.sync.contacts.imports.models import ContactImport
from api.sync.contacts.pushes.models import ContactPush
from api.sync.exports.models import ExportRun
from tests.callers import Caller
from tests.records.invoicing import draft, line
from tests.records.making import COMPANY, business_of, make

READ_AT_ONCE = (
    "/api/v1/accounting-codes",
    "/api/v1/accounting-codes/counts",
    "/api/v1/contact-imports",
    "/api/v1/contact-pushes",
    "/api/v1/contacts",
    "/api/v1/contacts/counts",
    "/api/v1/cost-centers",
    "/api/v1/cost-centers/counts",
    "/api/v1/exports",
    "/api/v1/exports/counts",
    "/api/v1/invoices",
    "/api/v1/invoices/counts",
    "/api/v1/invoices/overview",
    "/api/v1/items",
    "/api/v1/items/counts",
    "/api/v1/job-statuses",
    "/api/v1/jobs",
    "/api/v1/jobs/counts",
    "/api/v1/notifications",
    "/api/v1/preferences",
    "/api/v1/tax-rates",
)
READING = sorted(scope for scope in KEY_SCOPES if scope.endswith(":read"))

_COMMON: Final = {"organisation_id": uuid4(), "started_by": "Mere Hohepa"}
_IMPORTED: Final = {"organisation_name": "Kauri", "mode": "preview", "roles": [], "actor": "system"}
EXPORT: Final = partial(ExportRun, number=1, organisation_name="Kauri", total=0, waiting=0, **_COMMON)
PUSH: Final = partial(ContactPush, **_COMMON)
IMPORT: Final = partial(ContactImport, next_due=now(), **_IMPORTED, **_COMMON)


@dataclass
class Cost:
    """What requests cost: round trips of reads, their statements, and statements of units of work."""

    round_trips: int = 0
    reads: int = 0
    others: int = 0


@pytest.fixture
def cost(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cost]:
    cost = Cost()
    fetch = Reads.fetch

    async def counted(self: Reads, *reads: Any) -> Any:
        cost.round_trips += 1
        cost.reads += len(reads)
        return await fetch(self, *reads)

    def count_other(*_: object) -> None:
        cost.others += 1

    monkeypatch.setattr(Reads, "fetch", counted)
    engine = app.state.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", count_other)
    yield cost
    event.remove(engine, "before_cursor_execute", count_other)


@pytest.mark.parametrize(
    "path",
    [
        *READ_AT_ONCE,
        "/api/v1/invoices?kind=customer&view=ready",
        "/api/v1/invoices?q=kowhai+217",
        "/api/v1/invoices/counts?kind=supplier&view=draft",
        "/api/v1/invoices/counts?q=kowhai",
        "/api/v1/accounting-codes?kind=income&q=sales",
        "/api/v1/contact-imports?mode=apply",
        "/api/v1/contacts?role=supplier&q=mere+hohepa&updated_since=2026-11-20T00:00:00Z",
        "/api/v1/contacts/counts?sync_state=in_step&email=mere@example.nz",
        "/api/v1/cost-centers?match=matched",
        "/api/v1/exports?state=done&started_by=Mere&from=2026-11-20T00:00:00Z",
        "/api/v1/items?match=differs&q=cylinder",
        "/api/v1/job-statuses?updated_since=2026-11-20T00:00:00Z",
        "/api/v1/jobs?q=rata+street&external_id=8116",
    ],
)
async def test_a_read_costs_one_round_trip_and_two_statements(client: Caller, cost: Cost, path: str):
    assert (await client.get(path)).status_code == 200
    assert cost == Cost(round_trips=1, reads=2, others=0)


@pytest.mark.parametrize(
    ("resource", "fields"),
    [
        ("accounting-codes", {"code": "201", "name": "Labour", "kind": "income", "tax_type": "OUTPUT2"}),
        ("contacts", {**COMPANY, "address": {"line1": "14 Rata Street", "city": "Wellington"}}),
        ("cost-centers", {"name": "Wellington"}),
        ("items", {"code": "TAP", "name": "Tap", "sale_price": "19.5"}),
        ("job-statuses", {"name": "Quoted"}),
        ("jobs", {"number": "J-1", "location": "14 Rata Street"}),
    ],
)
async def test_one_row_costs_one_round_trip_and_two_statements(
    client: Caller, cost: Cost, resource: str, fields: dict[str, Any]
):
    created = await make(client, resource, **fields)
    before = replace(cost)
    reply = await client.get(f"/api/v1/{resource}/{created['id']}")
    assert reply.json() == created
    assert cost == Cost(before.round_trips + 1, before.reads + 2, before.others)


async def test_an_invoice_with_its_lines_costs_one_round_trip(client: Caller, cost: Cost):
    created = await draft(client, lines=[line(), line(description="Pipes", unit_price="12.5")])
    before = replace(cost)
    invoice = (await client.get(f"/api/v1/invoices/{created['id']}")).json()
    assert invoice == {**created, "contact": None, "job": None}
    assert cost == Cost(before.round_trips + 1, before.reads + 3, before.others)


async def test_the_next_page_costs_one_round_trip(client: Caller, cost: Cost):
    for name in ("Kōwhai Dental Ltd", "Rātā Builders"):
        await make(client, "contacts", **{**COMPANY, "name": name})
    first = (await client.get("/api/v1/contacts", params={"limit": 1})).json()
    before = replace(cost)
    second = await client.get("/api/v1/contacts", params={"limit": 1, "cursor": first["next_cursor"]})
    assert [contact["name"] for contact in second.json()["items"]] == ["Rātā Builders"]
    assert cost == Cost(before.round_trips + 1, before.reads + 2, before.others)


@pytest.mark.parametrize(
    ("run", "path", "reads"),
    [
        (EXPORT, "exports/exp_{}", 2),
        (EXPORT, "exports/exp_{}/items", 3),
        (EXPORT, "exports/exp_{}/items?state=rejected", 3),
        (PUSH, "contact-pushes/cpu_{}", 2),
        (PUSH, "contact-pushes/cpu_{}/items?result=failed", 3),
        (IMPORT, "contact-imports/cim_{}", 2),
    ],
)
async def test_following_a_run_costs_one_round_trip(
    client: Caller, app: FastAPI, cost: Cost, run: Callable[[], Owned], path: str, reads: int
):
    async with app.state.database.work(business_of(client)) as work:
        row = run()
        row.business_id = work.business_id
        work.session.add(row)
    address = "/api/v1/" + path.format(encode("any", row.id).removeprefix("any_"))
    before = replace(cost)
    assert (await client.get(address)).status_code == 200
    assert cost == Cost(before.round_trips + 1, before.reads + reads, before.others)


async def test_an_unchanged_poll_costs_one_round_trip(client: Caller, cost: Cost):
    tag = (await client.get("/api/v1/notifications")).headers["etag"]
    before = cost.round_trips
    assert (await client.get("/api/v1/notifications", headers={"If-None-Match": tag})).status_code == 304
    assert (cost.round_trips - before, cost.others) == (1, 0)


async def test_identity_costs_one_statement_where_a_unit_of_work_follows(client: Caller, cost: Cost):
    assert (await client.get("/api/v1/audit-events")).status_code == 200
    assert (cost.round_trips, cost.reads) == (1, 1)


@pytest.mark.parametrize("path", READ_AT_ONCE)
async def test_a_revoked_key_reads_nothing_from_its_next_request_on(client: Caller, app: FastAPI, path: str):
    expiry = (now().date() + timedelta(days=9)).isoformat()
    made = await client.post("/api/v1/api-keys", json={"name": "Robot", "scopes": READING, "expires_on": expiry})
    program = httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app),
        base_url=str(client.base_url),
        headers={"Authorization": f"Bearer {made.json()['secret']}"},
    )
    assert (await program.get(path)).status_code == 200
    assert (await client.delete(made.headers["location"])).status_code == 204
    refused = await program.get(path)
    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")


@pytest.mark.parametrize("path", READ_AT_ONCE)
async def test_a_key_without_the_scope_is_refused_and_the_refusal_recorded(client: Caller, app: FastAPI, path: str):
    expiry = (now().date() + timedelta(days=9)).isoformat()
    made = await client.post(
        "/api/v1/api-keys", json={"name": "Robot", "scopes": ["connections:write"], "expires_on": expiry}
    )
    program = httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app),
        base_url=str(client.base_url),
        headers={"Authorization": f"Bearer {made.json()['secret']}"},
    )
    refused = await program.get(path)
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    events = (await client.get("/api/v1/audit-events")).json()["items"]
    assert any(event["action"] == "access.check" and event["outcome"] == "refused" for event in events)


@pytest.mark.parametrize("path", ["/api/v1/invoices", "/api/v1/notifications"])
async def test_an_invalid_query_of_an_unknown_caller_is_refused_as_unknown(anonymous: httpx2.AsyncClient, path: str):
    refused = await anonymous.get(path, params={"limit": "many"}, headers={"Authorization": "Bearer jt_12345678_no"})
    assert (refused.status_code, refused.json()["code"]) == (401, "not_signed_in")


async def test_an_invalid_query_of_a_known_caller_counts_for_the_caller(client: Caller):
    first = await client.get("/api/v1/invoices")
    refused = await client.get("/api/v1/invoices", params={"limit": "many"})
    assert refused.status_code == 422
    assert _left(refused) == _left(first) - 1


def _left(reply: httpx2.Response) -> int:
    return int(reply.headers["ratelimit"].split("r=")[1].split(";")[0])
