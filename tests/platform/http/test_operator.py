"""The operator endpoints: health, readiness, version, metrics."""

import asyncio
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from redis.exceptions import ConnectionError as RedisConnectionError
from sqlalchemy import text

from api.app import create_app
from api.platform.db.work import SYSTEM
from api.platform.http import operator
from api.xero.config import JobtallySettings
from tests.callers import Caller


async def test_health_checks_nothing_and_readiness_checks_every_part(anonymous: httpx2.AsyncClient):
    assert (await anonymous.get("/healthz")).json() == {"status": "alive"}
    reply = await anonymous.get("/readyz")
    assert reply.status_code == 200
    assert [reply.json()[part]["ok"] for part in ("database", "migrations", "redis")] == [True] * 3


async def test_an_unreachable_database_makes_the_service_unready_but_not_dead(settings: JobtallySettings):
    unreachable = settings.model_copy(update={"database_url": "postgresql+psycopg://nobody@127.0.0.1:9/nowhere"})
    app = create_app(unreachable, embedded_worker=False)
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8080") as caller:
            assert (await caller.get("/healthz")).status_code == 200
            reply = await caller.get("/readyz")
    assert reply.status_code == 503
    state: dict[str, Any] = reply.json()
    assert (state["ready"], state["database"]["ok"], state["redis"]["ok"]) == (False, False, True)
    assert "127.0.0.1" not in reply.text


async def test_a_schema_of_another_release_is_not_ready(
    settings: JobtallySettings, app: FastAPI, anonymous: httpx2.AsyncClient
):
    async with app.state.database.work(SYSTEM) as work:
        await work.session.execute(text("UPDATE alembic_version SET version_num = 'of-the-past'"))
    reply = await anonymous.get("/readyz")
    assert reply.status_code == 503
    assert reply.json()["database"]["ok"]
    assert "of-the-past" in reply.json()["migrations"]["detail"]
    assert "jobtally migrate" in reply.json()["migrations"]["detail"]


async def test_an_unreachable_redis_makes_the_service_unready(
    app: FastAPI, anonymous: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    async def refuse() -> None:
        raise RedisConnectionError("no route")

    monkeypatch.setattr(app.state.redis, "ping", refuse)
    reply = await anonymous.get("/readyz")
    assert reply.status_code == 503
    assert reply.json()["redis"] == {"ok": False, "detail": "ConnectionError"}


async def test_many_probes_at_once_cost_one_look_at_the_database(
    app: FastAPI, anonymous: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    pings = 0

    async def note() -> None:
        nonlocal pings
        pings += 1

    monkeypatch.setattr(app.state.redis, "ping", note)
    replies = await asyncio.gather(*(anonymous.get("/readyz") for _ in range(10)))
    assert [reply.status_code for reply in replies] == [200] * 10
    assert pings == 1


async def test_a_part_that_fails_is_noticed_by_the_next_second(
    app: FastAPI, anonymous: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    async def refuse() -> None:
        raise RedisConnectionError("no route")

    assert (await anonymous.get("/readyz")).status_code == 200
    monkeypatch.setattr(app.state.redis, "ping", refuse)
    monkeypatch.setattr(operator, "_SHARED_SECONDS", 0.0)
    assert (await anonymous.get("/readyz")).status_code == 503


async def test_the_version_shows_program_schema_and_whether_xero_is_real(anonymous: httpx2.AsyncClient):
    version = (await anonymous.get("/version")).json()
    assert version["version"] == "0.1.0"
    assert version["schema_head"]
    assert version["xero_stand_in"] is False


async def test_metrics_count_requests_by_route_and_never_by_id(client: Caller):
    made = (await client.post("/api/v1/job-statuses", json={"name": "One"})).json()
    await client.get(f"/api/v1/job-statuses/{made['id']}")
    await client.get("/api/v1/nothing/at/all")
    await client.request("INVENTED", "/api/v1/nothing")
    text = (await client.get("/metrics")).text
    counts = [line for line in text.splitlines() if line.startswith("jobtally_http_request_seconds_count")]
    assert any('route="/api/v1/job-statuses/{job_status_id}",status="200"' in line for line in counts), counts
    assert any('method="GET",route="other",status="404"' in line for line in counts)
    assert any('method="other",route="other"' in line for line in counts)
    assert made["id"] not in text
    assert "at/all" not in text


@pytest.mark.parametrize(
    ("path", "route"),
    [("/problems/problems", "/problems/{code}"), ("/api/v1/contacts/contacts", "/api/v1/contacts/{contact_id}")],
)
async def test_metrics_use_the_template_of_the_route_when_an_id_equals_a_step_of_the_path(
    client: Caller, path: str, route: str
):
    assert (await client.get(path)).status_code == 404
    counted = f'jobtally_http_request_seconds_count{{method="GET",route="{route}",status="404"}}'
    assert counted in (await client.get("/metrics")).text
