"""Whatever goes wrong, the answer is a problem with a code, words and the way to mend it."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.xero.config import JobtallySettings
from tests.callers import Caller
from tests.platform.http.conftest import status_and_code

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api", "/api/v1/session/", "/healthz/more", "/problems/nothing"])
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
async def test_an_unknown_address_of_the_api_is_a_problem_for_browsers_too(
    anonymous: httpx2.AsyncClient, path: str, accept: str
):
    reply = await anonymous.get(path, headers={"Accept": accept})
    assert status_and_code(reply) == (404, "not_found")


async def test_a_method_that_is_not_taken_names_all_that_are(anonymous: httpx2.AsyncClient):
    for method in ("PATCH", "TRACE", "NONSENSE"):
        reply = await anonymous.request(method, "/api/v1/session")
        assert status_and_code(reply) == (405, "method_not_allowed")
        assert reply.headers["allow"] == "DELETE, GET, POST"


async def test_a_body_over_a_megabyte_is_refused_unless_it_is_a_batch(client: Caller):
    large = json.dumps({"things": ["x" * 1_100_000]}).encode()
    assert status_and_code(await client.post("/api/v1/contacts", content=large, headers=JSON))[0] == 413
    assert status_and_code(await client.post("/api/v1/contacts/batch", content=large, headers=JSON))[0] == 422
    huge = json.dumps({"items": ["x" * 8_500_000]}).encode()
    reply = await client.post("/api/v1/contacts/batch", content=huge, headers=JSON)
    assert status_and_code(reply) == (413, "body_too_large")


async def test_a_body_that_does_not_tell_its_length_is_measured_as_it_comes(client: Caller):
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 50_000

    reply = await client.post("/api/v1/contacts", content=pieces(), headers=JSON)
    assert status_and_code(reply) == (413, "body_too_large")


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_only_json_is_read(client: Caller, anonymous: httpx2.AsyncClient, media_type: str):
    for caller, path in ((client, "/api/v1/contacts"), (anonymous, "/api/v1/session")):
        reply = await caller.post(path, content=b'{"email": "x"}', headers={"Content-Type": media_type})
        assert status_and_code(reply) == (415, "not_json")


@pytest.mark.parametrize("body", [b'{"name": ', b"{'name': 1}", b'{"name": "\xff"}', b"[" * 100_000, b'{"a": 1}}'])
async def test_a_body_that_is_not_json_is_told_so(client: Caller, body: bytes):
    status, code = status_and_code(await client.post("/api/v1/job-statuses", content=body, headers=JSON))
    assert status == 400
    assert code in {"malformed_json", "bad_request"}


@pytest.mark.parametrize("text", [b'"a\\u0000b"', b'"\\ud800"'])
async def test_text_that_cannot_be_stored_is_refused_by_name(client: Caller, text: bytes):
    reply = await client.post("/api/v1/job-statuses", content=b'{"name": ' + text + b"}", headers=JSON)
    assert status_and_code(reply) == (422, "invalid")
    assert reply.json()["errors"][0]["pointer"] == "#/name"


async def test_text_of_every_script_comes_back_as_it_was(client: Caller):
    name = "Tāmaki 🛠️ \u202etrap\u202c 𠜎"
    assert (await client.post("/api/v1/job-statuses", json={"name": name})).json()["name"] == name


async def test_every_wrong_parameter_is_named_at_once(client: Caller):
    reply = await client.get("/api/v1/contacts?limt=5&limit=1&limit=2&q=a%00b")
    assert status_and_code(reply) == (422, "invalid")
    told = {(error["parameter"], error["code"]) for error in reply.json()["errors"]}
    assert told == {("limt", "unknown_parameter"), ("limit", "repeated_parameter"), ("q", "nul_character")}
    assert "Known: cursor, limit" in next(f["detail"] for f in reply.json()["errors"] if f["parameter"] == "limt")


@pytest.mark.parametrize("wrong", ["con_nonsense", "job_01j5qwerty", "1", "con_" + "z" * 26, "con_%00"])
async def test_an_id_that_can_be_nobodys_is_not_found(client: Caller, wrong: str):
    assert status_and_code(await client.get(f"/api/v1/contacts/{wrong}")) == (404, "not_found")


async def test_a_crash_tells_the_caller_nothing_and_the_log_everything_but_secrets(
    client: Caller, written: Callable[[], str]
):
    reply = await client.get("/api/v1/probe/crashes")
    assert status_and_code(reply) == (500, "internal_error")
    for leak in ("RuntimeError", "ingredient", "Traceback", "test_refusals"):
        assert leak not in reply.text
    assert reply.headers["x-content-type-options"] == "nosniff"
    logged = written()
    assert reply.headers["x-request-id"] in logged
    assert "RuntimeError" in logged
    assert "jt_aaaaaaaa_bbbbbbbbbbbbbbbb" not in logged


async def test_a_database_that_is_away_is_a_pause_not_a_failure(settings: JobtallySettings):
    away = settings.model_copy(update={"database_url": "postgresql+psycopg://nobody@127.0.0.1:9/nowhere"})
    app = create_app(away, embedded_worker=False)
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8080") as caller:
            body = {"email": "mere@example.nz", "password": "whatever it was"}
            reply = await caller.post("/api/v1/session", json=body)
    assert status_and_code(reply) == (503, "temporarily_unavailable")
    assert int(reply.headers["retry-after"]) >= 1
    assert "postgresql" not in reply.text


@pytest.mark.parametrize(
    ("offered", "taken"),
    [
        ("my-request_01.x", True),
        ("short", False),
        ("with space in it", False),
        ("x" * 65, False),
        ("a%0Ab-c-d-e-f", False),
    ],
)
async def test_a_sane_request_id_is_taken_over_and_any_other_replaced(
    anonymous: httpx2.AsyncClient, offered: str, taken: bool
):
    reply = await anonymous.get("/api/v1/session", headers={"X-Request-Id": offered})
    assert (reply.headers["x-request-id"] == offered) is taken
    assert reply.json()["request_id"] == reply.headers["x-request-id"]
    assert len(reply.headers["x-request-id"]) >= 8


async def test_two_requests_have_two_ids(anonymous: httpx2.AsyncClient):
    first, second = [(await anonymous.get("/healthz")).headers["x-request-id"] for _ in range(2)]
    assert first != second


async def test_what_the_database_refuses_is_no_crash(app: FastAPI, client: Caller):
    body: dict[str, Any] = {"name": "x" * 100_000}
    assert (await client.post("/api/v1/job-statuses", json=body)).status_code == 422
