"""What ends a right counts in the next request, on every process: two apps on one database stand for two processes."""

from collections.abc import AsyncIterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import httpx2
import pytest
from fakeredis import FakeServer
from fakeredis.aioredis import FakeAsyncRedisConnection
from fastapi import FastAPI
from redis.asyncio import ConnectionPool

from api.app import create_app
from api.identity.throttle import FAILURES_PER_MINUTE
from api.platform.clock import now
from api.platform.http import limits
from api.platform.http.limits import RequestCounts, RequestLimiter
from api.platform.mail import MailMessage
from api.xero.config import JobtallySettings
from tests.callers import PASSWORD, Caller
from tests.identity.conftest import ADDRESS, Open, join

CONTACTS, SESSION = "/api/v1/contacts", "/api/v1/session"
NEW_CONTACT = {"kind": "company", "name": "Kauri Homes", "roles": ["customer"]}


@pytest.fixture
async def elsewhere(app: FastAPI, settings: JobtallySettings) -> AsyncIterator[FastAPI]:
    """The app of a second process."""
    second = create_app(settings, embedded_worker=False)
    async with second.router.lifespan_context(second):
        yield second


def as_seen_by(process: FastAPI, caller: httpx2.AsyncClient) -> httpx2.AsyncClient:
    """The same browser or program, at another process."""
    return httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=process),
        base_url=ADDRESS,
        headers={name: value for name, value in caller.headers.items() if name in {"origin", "authorization"}},
        cookies=caller.cookies,
    )


async def test_a_sign_out_counts_on_every_process(client: Caller, elsewhere: FastAPI):
    there = as_seen_by(elsewhere, client)
    assert (await there.get(SESSION)).status_code == 200
    assert (await client.delete(SESSION)).status_code == 204
    assert (await there.get(SESSION)).status_code == 401


async def test_a_changed_role_counts_on_every_process(
    client: Caller, browser: Open, messages: list[MailMessage], elsewhere: FastAPI
):
    member = await browser()
    user = await join(client, member, messages)
    there = as_seen_by(elsewhere, member)
    assert (await there.post(CONTACTS, json=NEW_CONTACT)).status_code == 201
    assert (await client.patch(f"/api/v1/users/{user}", json={"role": "viewer"})).status_code == 200
    assert (await there.post(CONTACTS, json=NEW_CONTACT)).status_code == 403
    assert (await there.get(CONTACTS)).status_code == 200


async def test_a_removed_member_is_out_on_every_process(
    client: Caller, browser: Open, messages: list[MailMessage], elsewhere: FastAPI
):
    member = await browser()
    user = await join(client, member, messages)
    there = as_seen_by(elsewhere, member)
    assert (await there.get(CONTACTS)).status_code == 200
    assert (await client.delete(f"/api/v1/users/{user}")).status_code == 204
    assert (await there.get(CONTACTS)).status_code == 401


async def test_a_revoked_key_is_refused_on_every_process(client: Caller, elsewhere: FastAPI):
    expiry = (now().date() + timedelta(days=9)).isoformat()
    made = await client.post(
        "/api/v1/api-keys", json={"name": "Robot", "scopes": ["contacts:read"], "expires_on": expiry}
    )
    program = httpx2.AsyncClient(headers={"Authorization": f"Bearer {made.json()['secret']}"})
    there = as_seen_by(elsewhere, program)
    assert (await there.get(CONTACTS)).status_code == 200
    assert (await client.delete(made.headers["location"])).status_code == 204
    assert (await there.get(CONTACTS)).status_code == 401


async def test_a_new_password_ends_the_other_sessions_on_every_process(
    client: Caller, browser: Open, elsewhere: FastAPI
):
    other = await browser()
    await other.post(SESSION, json={"email": client.email, "password": PASSWORD})
    there = as_seen_by(elsewhere, other)
    assert (await there.get(SESSION)).status_code == 200
    change = {"current_password": PASSWORD, "new_password": "four unrelated plain words"}
    assert (await client.put(f"{SESSION}/password", json=change)).status_code == 204
    assert (await there.get(SESSION)).status_code == 401


async def test_a_device_is_known_on_every_process(client: Caller, browser: Open, elsewhere: FastAPI):
    elsewhere.state.attempts.account = RequestLimiter(RequestCounts(None), "failures-account", 0)
    credentials = {"email": client.email, "password": PASSWORD}
    assert (await as_seen_by(elsewhere, await browser()).post(SESSION, json=credentials)).status_code == 429
    assert (await as_seen_by(elsewhere, client).post(SESSION, json=credentials)).status_code == 201


@pytest.mark.usefixtures("start_of_minute")
async def test_wrong_passwords_are_counted_for_all_processes(
    settings: JobtallySettings, monkeypatch: pytest.MonkeyPatch
):
    """Their counters are in one Redis, which is not the one of the tasks here."""
    redis: dict[str, Any] = {"connection_class": FakeAsyncRedisConnection, "server": FakeServer()}
    monkeypatch.setattr(limits, "ConnectionPool", SimpleNamespace(from_url=lambda _, **__: ConnectionPool(**redis)))
    shared = settings.model_copy(update={"redis_url": "redis://127.0.0.1:9/0"})
    first, second = (create_app(shared, embedded_worker=False) for _ in range(2))
    guess = {"email": "mere@example.nz", "password": "a guess too many"}
    async with first.router.lifespan_context(first), second.router.lifespan_context(second):
        guesser = httpx2.AsyncClient()
        at_first, at_second = as_seen_by(first, guesser), as_seen_by(second, guesser)
        statuses = [(await at_first.post(SESSION, json=guess)).status_code for _ in range(FAILURES_PER_MINUTE)]
        assert set(statuses) == {401}
        assert (await at_second.post(SESSION, json=guess)).status_code == 429
