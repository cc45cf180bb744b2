"""The OpenAPI document is valid and agrees with the code."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openapi_core
import pytest
from jsonschema_rs import Draft202012Validator

from api.app import create_app, problem_catalogue
from api.platform.http.reference import openapi_document, openapi_yaml, problems_markdown
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


def test_it_does_not_depend_on_settings():
    other = {"JOBTALLY_PUBLIC_URL": "https://jobs.example.nz", "XERO_API_URL": "http://localhost:9/api.xro/2.0"}
    assert openapi_yaml(create_app(JobtallySettings.from_env({}))) == openapi_yaml(
        create_app(JobtallySettings.from_env(other))
    )


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


def test_every_example_fits_its_schema(document: dict[str, Any]):
    wrong: dict[str, list[str]] = {}
    for name, schema in document["components"]["schemas"].items():
        for example in schema.get("examples", []):
            root = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
            errors = [error.message for error in Draft202012Validator(root).iter_errors(example)]
            wrong |= {name: errors} if errors else {}
    assert not wrong


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
