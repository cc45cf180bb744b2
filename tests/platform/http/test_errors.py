"""Every error is answered with a problem: a code, a title and what to do."""

import json
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import ValidationError
from starlette.types import Message

from api.app import create_app
from api.platform.http.schemas import InputModel
from api.xero.config import JobtallySettings
from tests.callers import Caller
from tests.platform.http.conftest import status_and_code

JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api", "/api/v1/session/", "/healthz/more", "/problems/nothing"])
@pytest.mark.parametrize("accept", ["*/*", "text/html"])
async def test_an_unknown_api_address_is_a_problem_for_browsers_too(
    anonymous: httpx2.AsyncClient, path: str, accept: str
):
    reply = await anonymous.get(path, headers={"Accept": accept})
    assert status_and_code(reply) == (404, "not_found")


async def test_an_unsupported_method_gets_the_list_of_supported_ones(anonymous: httpx2.AsyncClient):
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


@pytest.mark.parametrize("digits", [19, 400, 5000])
async def test_a_declared_length_of_many_digits_is_refused_as_too_large(client: Caller, digits: int):
    reply = await client.post("/api/v1/contacts", headers=JSON | {"Content-Length": "9" * digits})
    assert (reply.status_code, reply.json()["code"]) == (413, "body_too_large")


async def test_a_body_without_a_declared_length_is_limited_too(client: Caller):
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 50_000

    reply = await client.post("/api/v1/contacts", content=pieces(), headers=JSON)
    assert status_and_code(reply) == (413, "body_too_large")


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
async def test_a_body_that_is_not_declared_as_json_is_refused(
    client: Caller, anonymous: httpx2.AsyncClient, media_type: str
):
    for caller, path in ((client, "/api/v1/contacts"), (anonymous, "/api/v1/session")):
        reply = await caller.post(path, content=b'{"email": "x"}', headers={"Content-Type": media_type})
        assert status_and_code(reply) == (415, "not_json")


@pytest.mark.parametrize("body", [b'{"name": ', b"{'name': 1}", b'{"name": "\xff"}', b"[" * 100_000, b'{"a": 1}}'])
async def test_a_body_that_is_not_json_is_refused(client: Caller, body: bytes):
    status, code = status_and_code(await client.post("/api/v1/job-statuses", content=body, headers=JSON))
    assert status == 400
    assert code in {"malformed_json", "bad_request"}


@pytest.mark.parametrize(
    ("text", "code"),
    [(b'"a\\u0000b"', "control_character"), (b'"\\ud800"', "string_unicode")],
    ids=["nul", "surrogate"],
)
async def test_text_that_cannot_be_stored_is_refused_at_its_field(client: Caller, text: bytes, code: str):
    reply = await client.post("/api/v1/job-statuses", content=b'{"name": ' + text + b"}", headers=JSON)
    assert status_and_code(reply) == (422, "invalid")
    (error,) = reply.json()["errors"]
    assert (error["pointer"], error["code"]) == ("#/name", code)


async def test_text_of_every_script_is_stored_unchanged(client: Caller):
    name = "Tāmaki 🛠️ トラップ 𠜎"
    assert (await client.post("/api/v1/job-statuses", json={"name": name})).json()["name"] == name


async def test_all_wrong_parameters_are_reported_at_once(client: Caller):
    reply = await client.get("/api/v1/contacts?limt=5&limit=1&limit=2&q=a%00b")
    assert status_and_code(reply) == (422, "invalid")
    reported = {(error["parameter"], error["code"]) for error in reply.json()["errors"]}
    assert reported == {("limt", "unknown_parameter"), ("limit", "repeated_parameter"), ("q", "control_character")}
    unknown = next(error["detail"] for error in reply.json()["errors"] if error["parameter"] == "limt")
    assert {"cursor", "limit", "q"} <= set(unknown.partition("Known: ")[2].rstrip(".").split(", "))


def test_no_errors_are_built_for_the_fields_that_are_only_counted():
    class Fields(InputModel):
        name: str

    with pytest.raises(ValidationError) as refused:
        Fields.model_validate({f"field{number}": 1 for number in range(90_000)})
    kinds = Counter(error["type"] for error in refused.value.errors())
    assert kinds == {"missing": 1, "extra_forbidden": 50, "more_errors": 1}


async def test_long_names_and_values_are_cut_in_an_answer(anonymous: httpx2.AsyncClient, client: Caller):
    long_names = {f"{number}{'x' * 15_000}": 1 for number in range(60)}
    reply = await anonymous.post("/api/v1/session", json=long_names)
    assert status_and_code(reply) == (422, "invalid")
    assert len(reply.content) <= 64 * 1024
    selection = {"selection": {"mode": "x" * 500_000}}
    reply = await client.post("/api/v1/export-checks", json=selection)
    assert status_and_code(reply) == (422, "invalid")
    assert len(reply.content) <= 64 * 1024


async def test_an_address_with_thousands_of_unknown_parameters_gets_a_short_answer(client: Caller):
    reply = await client.get("/api/v1/contacts?" + "&".join(f"p{number}=1" for number in range(5_000)))
    assert status_and_code(reply) == (422, "invalid")
    assert len(reply.content) <= 64 * 1024
    assert [error["code"] for error in reply.json()["errors"]] == ["too_many_parameters"]


@pytest.mark.parametrize("target", ["*", "", "no-slash"])
@pytest.mark.parametrize("method", ["OPTIONS", "GET"])
async def test_a_target_that_is_not_a_path_is_a_bad_request(app: FastAPI, method: str, target: str):
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": target,
        "raw_path": target.encode(),
        "query_string": b"",
        "headers": [(b"host", b"localhost:8080")],
        "http_version": "1.1",
        "scheme": "http",
        "root_path": "",
    }
    await app(scope, receive, send)
    assert messages[0]["status"] == 400
    assert json.loads(messages[1]["body"])["code"] == "bad_request"


@pytest.mark.parametrize("wrong", ["con_nonsense", "job_01j5qwerty", "1", "con_" + "z" * 26, "con_%00"])
async def test_a_malformed_id_is_not_found(client: Caller, wrong: str):
    assert status_and_code(await client.get(f"/api/v1/contacts/{wrong}")) == (404, "not_found")


async def test_an_unexpected_error_is_logged_without_secrets_and_the_caller_sees_no_details(
    client: Caller, written: Callable[[], str]
):
    reply = await client.get("/api/v1/probe/crashes")
    assert status_and_code(reply) == (500, "internal_error")
    for leak in ("RuntimeError", "ingredient", "Traceback", "test_errors"):
        assert leak not in reply.text
    assert reply.headers["x-content-type-options"] == "nosniff"
    logged = written()
    assert reply.headers["x-request-id"] in logged
    assert "RuntimeError" in logged
    assert "jt_aaaaaaaa_bbbbbbbbbbbbbbbb" not in logged


async def test_an_unreachable_database_is_answered_with_503(settings: JobtallySettings):
    unreachable = settings.model_copy(update={"database_url": "postgresql+psycopg://nobody@127.0.0.1:9/nowhere"})
    app = create_app(unreachable, embedded_worker=False)
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8080") as caller:
            body = {"email": "mere@example.nz", "password": "whatever it was"}
            reply = await caller.post("/api/v1/session", json=body)
    assert status_and_code(reply) == (503, "temporarily_unavailable")
    assert int(reply.headers["retry-after"]) >= 1
    assert "postgresql" not in reply.text


@pytest.mark.parametrize(
    ("sent", "is_kept"),
    [
        ("my-request_01.x", True),
        ("short", False),
        ("with space in it", False),
        ("x" * 65, False),
        ("a%0Ab-c-d-e-f", False),
    ],
)
async def test_a_well_formed_request_id_is_kept_and_any_other_is_replaced(
    anonymous: httpx2.AsyncClient, sent: str, is_kept: bool
):
    reply = await anonymous.get("/api/v1/session", headers={"X-Request-Id": sent})
    assert (reply.headers["x-request-id"] == sent) is is_kept
    assert reply.json()["request_id"] == reply.headers["x-request-id"]
    assert len(reply.headers["x-request-id"]) >= 8


async def test_two_requests_have_different_ids(anonymous: httpx2.AsyncClient):
    first, second = [(await anonymous.get("/healthz")).headers["x-request-id"] for _ in range(2)]
    assert first != second


async def test_a_name_that_is_too_long_is_refused(app: FastAPI, client: Caller):
    body: dict[str, Any] = {"name": "x" * 100_000}
    assert (await client.post("/api/v1/job-statuses", json=body)).status_code == 422
