"""A POST that is sent twice with the same Idempotency-Key has its effect once."""

import asyncio
from datetime import timedelta

import pytest
import time_machine
from fastapi import FastAPI

from api.platform.clock import now
from api.platform.db.work import SYSTEM
from api.platform.http.idempotency import forget_expired
from tests.callers import Caller, sign_up
from tests.platform.http.conftest import Gate, status_and_code

STATUSES = "/api/v1/job-statuses"
KEY = {"Idempotency-Key": "import-1"}


async def count(client: Caller) -> int:
    return len((await client.get(STATUSES, params={"limit": 200})).json()["items"])


async def test_a_repeated_request_gets_the_same_answer_and_has_no_second_effect(client: Caller):
    before = await count(client)
    first = await client.post(STATUSES, json={"name": "Waiting for parts"}, headers=KEY)
    second = await client.post(STATUSES, json={"name": "Waiting for parts"}, headers=KEY)
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert first.headers["location"] == second.headers["location"]
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert await count(client) == before + 1


@pytest.mark.parametrize("path", [STATUSES, f"{STATUSES}?"])
async def test_a_key_of_another_request_is_refused(client: Caller, path: str):
    await client.post(STATUSES, json={"name": "One"}, headers=KEY)
    reply = await client.post(path, json={"name": "Two"}, headers=KEY)
    assert status_and_code(reply) == (422, "idempotency_key_reused")
    assert reply.json()["errors"][0]["parameter"] == "Idempotency-Key"


async def test_a_key_with_the_same_body_at_another_address_is_refused(client: Caller):
    await client.post(STATUSES, json={"name": "One"}, headers=KEY)
    reply = await client.post("/api/v1/cost-centers", json={"name": "One"}, headers=KEY)
    assert status_and_code(reply) == (422, "idempotency_key_reused")


async def test_two_users_of_a_business_can_use_the_same_key(client: Caller):
    link = (await client.post("/api/v1/invitations", json={"email": "hemi@example.nz", "role": "member"})).json()[
        "link"
    ]
    first = await client.post(STATUSES, json={"name": "One"}, headers=KEY)
    async with Caller(transport=client._transport, base_url="http://localhost:8080") as other:
        body = {"token": link.partition("#")[2], "name": "Hemi Walker", "password": "four unrelated plain words"}
        assert (await other.post("/api/v1/invitations/acceptances", json=body)).status_code == 201
        second = await other.post(STATUSES, json={"name": "Two"}, headers=KEY)
    assert (first.json()["name"], second.json()["name"]) == ("One", "Two")


async def test_an_error_is_not_stored(client: Caller):
    assert (await client.post(STATUSES, json={"name": ""}, headers=KEY)).status_code == 422
    assert (await client.post(STATUSES, json={"name": "Corrected"}, headers=KEY)).status_code == 201


async def test_a_repeated_request_waits_while_the_first_one_runs(client: Caller, gate: Gate):
    first = asyncio.create_task(client.post("/api/v1/probe/waits", headers=KEY))
    await gate.entered.wait()
    second = await client.post("/api/v1/probe/waits", headers=KEY)
    other = asyncio.create_task(client.post("/api/v1/probe/waits", headers={"Idempotency-Key": "another"}))
    assert status_and_code(second) == (409, "idempotent_request_running")
    assert second.headers["retry-after"] == "1"
    gate.opened.set()
    assert (await first).status_code == (await other).status_code == 201
    third = await client.post("/api/v1/probe/waits", headers=KEY)
    assert third.headers["idempotent-replayed"] == "true"


async def test_a_key_is_valid_for_24_hours(client: Caller, app: FastAPI):
    await client.post(STATUSES, json={"name": "One"}, headers=KEY)
    credentials = {"email": client.email, "password": "correct horse battery staple"}
    with time_machine.travel(now() + timedelta(hours=25)):
        await client.post("/api/v1/session", json=credentials)
        fresh = await client.post(STATUSES, json={"name": "Two"}, headers=KEY)
        assert fresh.status_code == 201
        assert "idempotent-replayed" not in fresh.headers
        again = await client.post(STATUSES, json={"name": "Two"}, headers=KEY)
        assert again.headers["idempotent-replayed"] == "true"


async def test_only_expired_answers_are_deleted(client: Caller, app: FastAPI):
    await client.post(STATUSES, json={"name": "One"}, headers=KEY)
    async with app.state.database.work(SYSTEM) as work:
        await forget_expired(work)
    replayed = await client.post(STATUSES, json={"name": "One"}, headers=KEY)
    assert replayed.headers["idempotent-replayed"] == "true"


async def test_two_businesses_can_use_the_same_key(client: Caller, app: FastAPI):
    await client.post(STATUSES, json={"name": "One"}, headers=KEY)
    async with Caller(transport=client._transport, base_url="http://localhost:8080") as other:
        await sign_up(other)
        reply = await other.post(STATUSES, json={"name": "Two"}, headers=KEY)
        assert reply.status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256])
async def test_an_empty_or_overlong_key_is_refused(client: Caller, key: str):
    reply = await client.post(STATUSES, json={"name": "One"}, headers={"Idempotency-Key": key})
    assert status_and_code(reply) == (422, "invalid")
    assert reply.json()["errors"][0] == {
        "parameter": "Idempotency-Key",
        "code": "idempotency_key_malformed",
        "detail": "Use 1 to 255 printable characters.",
    }


async def test_a_sign_in_is_never_replayed(client: Caller):
    credentials = {"email": client.email, "password": "correct horse battery staple"}
    first = await client.post("/api/v1/session", json=credentials, headers=KEY)
    second = await client.post("/api/v1/session", json=credentials, headers=KEY)
    assert first.headers["set-cookie"] != second.headers["set-cookie"]
    assert "idempotent-replayed" not in second.headers
