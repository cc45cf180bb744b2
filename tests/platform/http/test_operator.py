"""What an operator asks a running Jobtally."""

from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from redis.exceptions import ConnectionError as RedisAway
from sqlalchemy import text

from api.app import create_app
from api.platform.db.work import SYSTEM
from api.xero.config import JobtallySettings
from tests.callers import Caller


async def test_alive_needs_nothing_and_ready_needs_all_parts(anonymous: httpx2.AsyncClient):
    assert (await anonymous.get("/healthz")).json() == {"status": "alive"}
    reply = await anonymous.get("/readyz")
    assert reply.status_code == 200
    assert [reply.json()[part]["ok"] for part in ("database", "migrations", "redis")] == [True] * 3


async def test_a_database_that_is_away_makes_it_unready_but_not_dead(settings: JobtallySettings):
    away = settings.model_copy(update={"database_url": "postgresql+psycopg://nobody@127.0.0.1:9/nowhere"})
    app = create_app(away, embedded_worker=False)
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8080") as caller:
            assert (await caller.get("/healthz")).status_code == 200
            reply = await caller.get("/readyz")
    assert reply.status_code == 503
    told: dict[str, Any] = reply.json()
    assert (told["ready"], told["database"]["ok"], told["redis"]["ok"]) == (False, False, True)
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


async def test_redis_that_is_away_is_told(app: FastAPI, anonymous: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch):
    async def refuse() -> None:
        raise RedisAway("no route")

    monkeypatch.setattr(app.state.redis, "ping", refuse)
    reply = await anonymous.get("/readyz")
    assert reply.status_code == 503
    assert reply.json()["redis"] == {"ok": False, "detail": "ConnectionError"}


async def test_the_version_names_program_schema_and_whether_xero_is_real(anonymous: httpx2.AsyncClient):
    told = (await anonymous.get("/version")).json()
    assert told["version"] == "0.1.0"
    assert told["schema_head"]
    assert told["xero_stand_in"] is False


async def test_metrics_count_requests_by_route_and_never_by_id(client: Caller):
    made = (await client.post("/api/v1/job-statuses", json={"name": "One"})).json()
    await client.get(f"/api/v1/job-statuses/{made['id']}")
    await client.get("/api/v1/nothing/at/all")
    await client.request("INVENTED", "/api/v1/nothing")
    text = (await client.get("/metrics")).text
    told = [line for line in text.splitlines() if line.startswith("jobtally_http_request_seconds_count")]
    assert any('route="/api/v1/job-statuses/{job_status_id}",status="200"' in line for line in told), told
    assert any('method="GET",route="other",status="404"' in line for line in told)
    assert any('method="other",route="other"' in line for line in told)
    assert made["id"] not in text
    assert "at/all" not in text
