"""Housekeeping: what can no longer be used is deleted, and the data directory is closed to others."""

from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api.platform.clock import now
from api.platform.crypto import development_keys
from api.platform.db.work import SYSTEM
from api.platform.mail import MailMessage
from api.worker import housekeeping
from tests.callers import Caller
from tests.clock import Clock

_TABLES = ("sessions", "invitations", "one_time_links", "idempotency_keys", "authorizations", "api_keys")


async def rows(app: FastAPI) -> dict[str, int]:
    """How many rows each table has."""
    async with app.state.database.work(SYSTEM) as work:
        counts = {}
        for table in _TABLES:
            counts[table] = await work.session.scalar(text(f"SELECT count(*) FROM {table}"))
        return counts


@pytest.fixture
async def used(app: FastAPI, client: Caller, messages: list[MailMessage]) -> Caller:
    """A business with one row in each of the tables."""
    body = {"name": "Robot", "scopes": ["contacts:read"], "expires_on": (now().date() + timedelta(days=1)).isoformat()}
    assert (await client.post("/api/v1/api-keys", json=body)).status_code == 201
    assert (await client.post("/api/v1/connections/xero/authorizations")).status_code == 201
    await client.post("/api/v1/password-resets", json={"email": client.email})
    await client.post("/api/v1/invitations", json={"email": "hemi@example.nz", "role": "viewer"})
    await client.post("/api/v1/job-statuses", json={"name": "Waiting"}, headers={"Idempotency-Key": "import-1"})
    return client


async def test_what_can_no_longer_be_used_is_deleted(app: FastAPI, used: Caller, clock: Clock):
    assert set((await rows(app)).values()) == {1}
    await housekeeping({"gateways": app.state.gateways})
    assert set((await rows(app)).values()) == {1}, "everything can still be used"
    clock.shift(timedelta(hours=25))
    await housekeeping({"gateways": app.state.gateways})
    assert await rows(app) == dict.fromkeys(_TABLES, 0) | {"invitations": 1, "api_keys": 1}
    clock.shift(timedelta(days=14))
    await housekeeping({"gateways": app.state.gateways})
    assert (await rows(app))["invitations"] == 0
    clock.shift(timedelta(days=370))
    await housekeeping({"gateways": app.state.gateways})
    assert set((await rows(app)).values()) == {0}


async def test_a_revoked_key_is_deleted_a_year_after_it_was_revoked(app: FastAPI, client: Caller, clock: Clock):
    expiry = (now().date() + timedelta(days=300)).isoformat()
    body = {"name": "Robot", "scopes": ["contacts:read"], "expires_on": expiry}
    made = await client.post("/api/v1/api-keys", json=body)
    assert (await client.delete(made.headers["location"])).status_code == 204
    for days, count in ((365, 1), (2, 0)):
        clock.shift(timedelta(days=days))
        await housekeeping({"gateways": app.state.gateways})
        assert (await rows(app))["api_keys"] == count


def test_the_data_directory_is_closed_to_others(tmp_path: Path):
    fresh, ours, shared = tmp_path / "a" / "fresh", tmp_path / "ours", tmp_path / "shared"
    for folder in (ours, shared):
        folder.mkdir(mode=0o755)
    (ours / "postgres").mkdir()
    (shared / "file of somebody").touch()
    for folder in (fresh, ours, shared):
        development_keys(folder)
    assert [folder.stat().st_mode & 0o777 for folder in (fresh, ours, shared)] == [0o700, 0o700, 0o755]
    assert (fresh / "secret-key").stat().st_mode & 0o777 == 0o600
