"""Requests of unknown callers: what they may cost, and that they are counted before their body is read."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import ValidationError

from api.platform.http.bodies import BodyRequest
from api.platform.http.limits import RequestCounts, RequestLimiter
from api.platform.http.schemas import InputModel
from api.records.invoices.schemas import InvoiceIn
from tests.callers import Caller
from tests.platform.http.conftest import status_and_code

JSON = {"Content-Type": "application/json"}
ADDRESS = "http://localhost:8080"
_PATIENCE_SECONDS = 20


@pytest.mark.parametrize(
    "body",
    [
        {f"f{number}": 1 for number in range(70_000)},
        {"email": "mere@example.nz", "password": {f"f{number}": 1 for number in range(70_000)}},
        [{f"f{number}": 1 for number in range(1002)}],
        [{}] * 200_000,
    ],
    ids=["body", "field", "element", "elements"],
)
@pytest.mark.parametrize("credentials", [{}, {"Authorization": "Bearer jt_aaaaaaaa_unknown"}])
async def test_an_object_with_very_many_fields_is_refused_before_they_are_looked_at(
    anonymous: httpx2.AsyncClient, body: Any, credentials: dict[str, str]
):
    reply = await anonymous.post("/api/v1/session", content=json.dumps(body), headers=JSON | credentials)
    assert status_and_code(reply) == (422, "invalid")
    assert len(reply.content) < 1000
    if credentials and body == [{}] * 200_000:
        return  # many small objects are refused by the schema
    [error] = reply.json()["errors"]
    assert error["code"] == "too_many_fields"
    assert error["detail"].startswith("An object may have at most 1,000 fields")


async def test_a_thousand_unknown_fields_get_a_short_answer(anonymous: httpx2.AsyncClient):
    body = {f"f{number}": 1 for number in range(1_000)}
    reply = await anonymous.post("/api/v1/session", json=body)
    assert status_and_code(reply) == (422, "invalid")
    assert len(reply.content) <= 64 * 1024
    errors = reply.json()["errors"]
    assert len(errors) == 51
    assert errors[-1]["code"] == "more_errors"
    assert errors[-1]["detail"].startswith("And 952 more.")  # 2 required fields are absent


async def test_five_hundred_wrong_lines_get_a_short_answer_and_few_errors_are_built(client: Caller):
    lines = [{f"unknown{number}": 1 for number in range(55)} for _ in range(500)]
    body = {"kind": "customer", "number": "INV-1", "contact_id": "con_1", "issued_on": "2026-11-20", "lines": lines}
    with pytest.raises(ValidationError) as refused:
        InvoiceIn.model_validate(body)
    assert refused.value.error_count() < 1000
    reply = await client.post("/api/v1/invoices", json=body)
    assert status_and_code(reply) == (422, "invalid")
    assert len(reply.content) <= 64 * 1024
    assert len(reply.json()["errors"]) == 51


def test_the_errors_of_one_body_do_not_shorten_those_of_the_next():
    class Fields(InputModel):
        name: str

    for _ in range(300):
        with pytest.raises(ValidationError) as refused:
            Fields.model_validate({})
        assert [error["type"] for error in refused.value.errors()] == ["missing"]


@pytest.mark.parametrize("text", ["x" * 900_000, "\u0301" * 300_000 + "@example.nz"])
async def test_a_long_text_is_refused_for_its_length_before_anything_else(anonymous: httpx2.AsyncClient, text: str):
    reply = await anonymous.post("/api/v1/password-resets", json={"email": text})
    assert reply.json()["errors"] == [
        {"pointer": "#/email", "code": "string_too_long", "detail": "Use at most 254 characters."}
    ]


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths of the requests whose body was read."""
    paths: list[str] = []
    check = BodyRequest.check

    async def note(self: BodyRequest) -> None:
        paths.append(self.url.path)
        await check(self)

    monkeypatch.setattr(BodyRequest, "check", note)
    return paths


def limit(app: FastAPI, per_minute: int) -> None:
    app.state.limiter = RequestLimiter(RequestCounts(None), "requests", per_minute)


async def chunks() -> AsyncIterator[bytes]:
    yield b"{}"


@pytest.mark.usefixtures("start_of_minute")
async def test_a_body_of_an_unknown_caller_is_not_read_when_the_address_has_no_requests_left(
    app: FastAPI, anonymous: httpx2.AsyncClient, parsed: list[str]
):
    limit(app, 2)
    replies = [await anonymous.post("/api/v1/session", json={}) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [422, 422, 429]
    assert int(replies[2].headers["retry-after"]) > 0
    assert replies[0].headers["ratelimit"].startswith('"requests";r=1;')
    assert len(parsed) == 2


@pytest.mark.usefixtures("start_of_minute")
async def test_of_many_requests_at_once_each_is_counted_before_its_body_is_read(
    app: FastAPI, anonymous: httpx2.AsyncClient
):
    limit(app, 2)
    arrived = asyncio.Event()

    async def body() -> AsyncIterator[bytes]:
        await arrived.wait()
        yield b"{}"

    headers = JSON | {"Content-Length": "2"}
    sent = [asyncio.create_task(anonymous.post("/api/v1/session", content=body(), headers=headers)) for _ in range(3)]
    refused, waiting = await asyncio.wait(sent, return_when=asyncio.FIRST_COMPLETED, timeout=_PATIENCE_SECONDS)
    arrived.set()
    assert [task.result().status_code for task in refused] == [429]
    assert [reply.status_code for reply in await asyncio.gather(*waiting)] == [422, 422]


@pytest.mark.usefixtures("start_of_minute")
@pytest.mark.parametrize(
    "credentials", [{"Authorization": "Bearer jt_aaaaaaaa_unknown"}, {"Cookie": "jt_session=unknown"}]
)
async def test_credentials_that_nobody_knows_do_not_help(
    app: FastAPI, anonymous: httpx2.AsyncClient, parsed: list[str], credentials: dict[str, str]
):
    limit(app, 2)
    headers = {**credentials, "Origin": ADDRESS}
    replies = [await anonymous.post("/api/v1/contacts", json={}, headers=headers) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [401, 401, 429]
    assert len(parsed) == 2


@pytest.mark.usefixtures("start_of_minute")
async def test_a_large_body_of_an_unknown_caller_counts_as_several_requests(
    app: FastAPI, anonymous: httpx2.AsyncClient
):
    limit(app, 150)
    large = {"email": "x" * 900_000}
    assert (await anonymous.post("/api/v1/session", json=large)).status_code == 422
    assert (await anonymous.post("/api/v1/session", json=large)).status_code == 429


@pytest.mark.usefixtures("start_of_minute")
async def test_a_body_of_unknown_size_counts_as_a_large_one(app: FastAPI, anonymous: httpx2.AsyncClient):
    limit(app, 200)
    reply = await anonymous.post("/api/v1/session", content=chunks(), headers=JSON)
    assert reply.status_code == 422
    assert reply.headers["ratelimit"].startswith('"requests";r=72;')


@pytest.mark.usefixtures("start_of_minute")
async def test_known_callers_do_not_use_up_their_address(app: FastAPI, client: Caller, anonymous: httpx2.AsyncClient):
    limit(app, 70)
    body = {"kind": "company", "name": "Kauri Homes", "notes": "x" * 900_000}
    for _ in range(3):
        assert (await client.post("/api/v1/contacts", json=body)).status_code == 422
    for _ in range(3):
        assert (await anonymous.post("/api/v1/session", json={})).status_code == 422


@pytest.mark.usefixtures("start_of_minute")
async def test_a_known_caller_is_served_when_others_have_used_up_the_address(
    app: FastAPI, client: Caller, anonymous: httpx2.AsyncClient
):
    limit(app, 3)
    assert (await client.get("/api/v1/session")).status_code == 200
    for _ in range(4):
        reply = await anonymous.post("/api/v1/session", json={})
    assert reply.status_code == 429
    created = await client.post(
        "/api/v1/contacts", json={"kind": "company", "name": "Kauri Homes", "roles": ["customer"]}
    )
    assert created.status_code == 201


@pytest.mark.usefixtures("start_of_minute")
async def test_a_session_that_ended_is_counted_for_its_address_again(app: FastAPI, client: Caller):
    cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    assert (await client.delete("/api/v1/session")).status_code == 204
    limit(app, 1)
    headers = {"Cookie": cookie, "Origin": ADDRESS}
    replies = [await client.post("/api/v1/contacts", json={}, headers=headers) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [401, 429, 429]


@pytest.mark.usefixtures("start_of_minute")
@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/api/v1/contacts", {"Authorization": "Bearer jt_Ab3dEf7h_0123456789abcdefghijklmnopqrstuvwxyz"}),
        ("GET", "/wp-login.php", {}),
        ("HEAD", "/api/v1/contacts", {}),
        ("PROPFIND", "/api/v1/contacts", {}),
        ("GET", "/api/v1/contacts?" + "&".join(f"p{number}=" for number in range(101)), {}),
    ],
    ids=["wrong key", "unknown address", "head", "unusual method", "many parameters"],
)
async def test_refused_reads_of_unknown_callers_count_for_their_address_too(
    app: FastAPI, client: Caller, anonymous: httpx2.AsyncClient, method: str, path: str, headers: dict[str, str]
):
    limit(app, 3)
    statuses = [(await anonymous.request(method, path, headers=headers)).status_code for _ in range(5)]
    assert 429 not in statuses[:3]
    assert statuses[3:] == [429, 429]
    assert (await anonymous.get("/readyz")).status_code == 200, "a probe is answered"
    assert (await client.get("/api/v1/contacts")).status_code == 200, "a known caller is answered"


@pytest.mark.usefixtures("start_of_minute")
async def test_an_address_that_goes_on_is_refused_without_a_look_at_the_request(
    app: FastAPI, client: Caller, anonymous: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
):
    limit(app, 5)
    for _ in range(6):
        await anonymous.post("/api/v1/session", json={})
    monkeypatch.setattr(app.state.limiter, "spend", None)  # would fail
    refused = await anonymous.post("/api/v1/nothing/of/that/name")
    assert status_and_code(refused) == (429, "too_many_requests")
    assert int(refused.headers["retry-after"]) > 0
    assert (await anonymous.get("/healthz")).status_code == 200
