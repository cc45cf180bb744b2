"""The OpenAPI document is valid and agrees with the code."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openapi_core
import pytest
from jsonschema_rs import Draft202012Validator

from api.app import create_app, problem_catalogue
from api.platform.http.reference import openapi_document, problems_markdown
from api.xero.config import JobtallySettings

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi_document(create_app(JobtallySettings.from_env({})))


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_it_is_valid_openapi(document: dict[str, Any]):
    openapi_core.OpenAPI.from_dict(document)


def test_what_refuses_every_api_key_does_not_ask_for_one(document: dict[str, Any]):
    asked = {name: operation["security"] for name, operation in operations(document)}
    refusing = {name for name, operation in operations(document) if "session_only" in str(operation["responses"])}
    assert {"GET /api/v1/session", "GET /api/v1/sessions", "PUT /api/v1/session/business"} <= refusing
    assert {name for name in refusing if any("ApiKey" in each for each in asked[name])} == set()
    assert {"ApiKey": ["contacts:read"]} in asked["GET /api/v1/contacts"]


def test_it_does_not_depend_on_settings(document: dict[str, Any]):
    other = {
        "JOBTALLY_ENV": "development",
        "JOBTALLY_PUBLIC_URL": "https://jobs.example.nz",
        "XERO_API_URL": "http://localhost:9/api.xro/2.0",
    }
    assert openapi_document(create_app(JobtallySettings.from_env(other))) == document


def test_every_operation_has_a_unique_name_one_described_tag_and_a_description(document: dict[str, Any]):
    described = {tag["name"] for tag in document["tags"] if tag["description"]}
    names = [operation["operationId"] for _, operation in operations(document)]
    assert len(names) == len(set(names))
    for where, operation in operations(document):
        assert len(operation["tags"]) == 1, where
        assert operation["tags"][0] in described, where
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", operation["operationId"]), where
        assert len(operation["summary"]) <= 60, where
        assert operation.get("description"), where


def test_every_post_takes_an_idempotency_key_or_says_that_it_has_no_effect(document: dict[str, Any]):
    without = set()
    for where, operation in operations(document):
        if not where.startswith("POST "):
            continue
        takes_key = {"$ref": "#/components/parameters/IdempotencyKey"} in operation.get("parameters", [])
        assert takes_key != ("`Idempotency-Key` has no effect" in operation["description"]), where
        without |= set() if takes_key else {where.removeprefix("POST /api/v1")}
    assert {"/session", "/businesses"} <= without


def test_every_error_it_mentions_is_in_the_catalogue(document: dict[str, Any]):
    known = {(kind.code, kind.status) for kind in problem_catalogue().values()}
    for where, operation in operations(document):
        for status, declared in operation["responses"].items():
            shared = declared.get("$ref", "").rpartition("/")[2]
            response = document["components"]["responses"][shared] if shared else declared
            for media, content in response.get("content", {}).items():
                if media == "application/problem+json":
                    for code in content["examples"]:
                        assert (code, int(status)) in known, (where, code, status)


def test_every_problem_of_an_example_is_in_the_catalogue(document: dict[str, Any]):
    def codes(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            if {"code", "title", "fix"} <= node.keys() and isinstance(node["code"], str):
                yield node["code"]
            for value in node.values():
                yield from codes(value)
        elif isinstance(node, list):
            for value in node:
                yield from codes(value)

    assert set(codes(document)) <= {kind.code for kind in problem_catalogue().values()}


def test_every_reference_has_a_target(document: dict[str, Any]):
    def references(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    for reference in set(references(document)):
        target: Any = document
        for step in reference.removeprefix("#/").split("/"):
            assert step in target, reference
            target = target[step]


def test_every_property_says_what_it_is(document: dict[str, Any]):
    def silent(node: Any, where: str) -> Iterator[str]:
        if isinstance(node, dict):
            properties = node.get("properties", {}) if node.get("type") == "object" else {}
            yield from (f"{where}/{name}" for name, each in properties.items() if not each.get("description"))
            for step, value in node.items():
                yield from silent(value, f"{where}/{step}")
        elif isinstance(node, list):
            for index, value in enumerate(node):
                yield from silent(value, f"{where}/{index}")

    assert not list(silent(document["components"]["schemas"], "")), "give the field a description"


def test_every_parameter_says_what_it_is_and_every_id_has_an_example(document: dict[str, Any]):
    for where, operation in operations(document):
        for parameter in operation.get("parameters", []):
            shown = document["components"]["parameters"].get(parameter.get("$ref", "").rpartition("/")[2], parameter)
            assert shown.get("description"), (where, parameter)
            assert shown["in"] != "path" or Draft202012Validator(shown["schema"]).is_valid(shown["example"]), where


def json_media(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every JSON body and every JSON answer that is not an error."""
    for where, operation in operations(document):
        answers = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
        for part in [operation.get("requestBody", {}), *answers]:
            if media := part.get("content", {}).get("application/json"):
                yield where, media


def test_every_body_and_every_answer_has_an_example_that_fits(document: dict[str, Any]):
    for where, media in json_media(document):
        root = {**media["schema"], "components": document["components"]}
        names = [example["$ref"].rpartition("/")[2] for example in media.get("examples", {}).values()]
        assert names, (where, "give its schema an example, or one to each of its fields")
        for name in names:
            example = document["components"]["examples"][name]["value"]
            errors = [error.message for error in Draft202012Validator(root).iter_errors(example)]
            assert not errors, (where, name, errors)


def test_the_example_of_a_list_has_an_item(document: dict[str, Any]):
    pages = {name: each for name, each in document["components"]["examples"].items() if name.startswith("Page_")}
    assert len(pages) > 15
    assert all(page["value"]["items"] for page in pages.values())


def test_every_example_of_a_schema_fits_it(document: dict[str, Any]):
    wrong: dict[str, list[str]] = {}
    for name, schema in document["components"]["schemas"].items():
        for example in schema.get("examples", []):
            root = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
            errors = [error.message for error in Draft202012Validator(root).iter_errors(example)]
            wrong |= {name: errors} if errors else {}
    assert not wrong


def headers_of(document: dict[str, Any], method: str, path: str, status: str) -> set[str]:
    answer = document["paths"][path][method]["responses"][status]
    shared = answer.get("$ref", "").rpartition("/")[2]
    return set(document["components"]["responses"].get(shared, answer)["headers"])


def test_every_answer_has_a_request_id_and_every_header_is_described(document: dict[str, Any]):
    for header in document["components"]["headers"].values():
        assert header["description"]
        assert Draft202012Validator(header["schema"]).is_valid(header["example"])
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for status in operation["responses"]:
                assert "X-Request-Id" in headers_of(document, method, path, status), (method, path, status)


@pytest.mark.parametrize(
    ("method", "path", "status", "expected"),
    [
        ("post", "/contacts", "201", {"ETag", "Location", "Idempotent-Replayed", "RateLimit", "RateLimit-Policy"}),
        ("post", "/contacts", "409", {"Retry-After", "RateLimit", "RateLimit-Policy"}),
        ("post", "/contacts", "429", {"Retry-After", "RateLimit", "RateLimit-Policy"}),
        ("post", "/contacts", "503", {"Retry-After", "RateLimit", "RateLimit-Policy"}),
        ("post", "/contacts", "401", set()),
        ("get", "/contacts", "200", {"ETag", "RateLimit", "RateLimit-Policy"}),
        ("get", "/contacts", "304", {"ETag", "RateLimit", "RateLimit-Policy"}),
        ("patch", "/contacts/{contact_id}", "412", {"ETag", "RateLimit", "RateLimit-Policy"}),
        (
            "post",
            "/exports",
            "202",
            {"ETag", "Location", "Retry-After", "Idempotent-Replayed", "RateLimit", "RateLimit-Policy"},
        ),
        ("post", "/session", "201", {"Set-Cookie"}),
        ("post", "/businesses", "201", {"Set-Cookie"}),
        ("post", "/invitations/acceptances", "201", {"Set-Cookie"}),
        ("delete", "/session", "204", {"Set-Cookie", "RateLimit", "RateLimit-Policy"}),
        ("put", "/session/business", "200", {"RateLimit", "RateLimit-Policy"}),
    ],
)
def test_the_headers_of_an_answer_are_those_that_are_sent(
    document: dict[str, Any], method: str, path: str, status: str, expected: set[str]
):
    assert headers_of(document, method, f"/api/v1{path}", status) == expected | {"X-Request-Id"}


def test_every_problem_has_a_code_a_title_and_a_remedy(document: dict[str, Any]):
    for kind in problem_catalogue().values():
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", kind.code)
        assert kind.title
        assert not kind.title.endswith("."), kind.code
        assert kind.remedy.endswith((".", "!")), kind.code


def test_the_documentation_lists_every_problem(document: dict[str, Any]):
    path = REPOSITORY / "docs" / "problems.md"
    words = "out of date: run `make openapi`"
    assert path.read_text("utf-8") == problems_markdown(problem_catalogue()), words
