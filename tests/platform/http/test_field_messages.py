"""Every error that a field of a request can have is described in our own words, with what to do."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import TypeAdapter

from api.app import create_app
from api.platform.http.field_messages import message_for
from api.platform.http.schemas import InputModel
from api.xero.config import JobtallySettings
from tests.callers import Caller

# The errors that pydantic itself raises for each kind of its schemas.
ERROR_TYPES = {
    "str": ["string_type", "string_unicode", "string_too_short", "string_too_long", "string_pattern_mismatch"],
    "int": [
        *("int_type", "int_parsing", "int_parsing_size", "int_from_float"),
        *("greater_than", "greater_than_equal", "less_than", "less_than_equal"),
    ],
    "bool": ["bool_type", "bool_parsing"],
    "list": ["list_type", "too_short", "too_long"],
    "dict": ["dict_type"],
    "model": ["model_type", "model_attributes_type"],
    "model-fields": ["model_type", "model_attributes_type", "missing", "extra_forbidden"],
    "literal": ["literal_error"],
    "enum": ["enum"],
    "tagged-union": ["union_tag_invalid", "union_tag_not_found"],
    "date": ["date_type", "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact"],
    "datetime": [
        *("datetime_type", "datetime_parsing", "datetime_from_date_parsing", "datetime_object_invalid"),
        "timezone_aware",
    ],
    "uuid": ["uuid_type", "uuid_parsing"],
}
# These have no error of their own: what they contain has, or one of our validators.
WITHOUT_ERRORS = {
    *("nullable", "default", "union", "definitions", "definition-ref", "model-field", "any", "none"),
    *("no-info", "with-info", "function-after", "function-before", "function-plain", "function-wrap"),
}


def input_models(base: type[InputModel] = InputModel) -> Iterator[type[InputModel]]:
    for model in base.__subclasses__():
        if model.__module__.startswith("api."):
            yield model
        yield from input_models(model)


def parameters(dependant: Dependant) -> Iterator[Any]:
    yield from (*dependant.query_params, *dependant.body_params)
    for dependency in dependant.dependencies:
        yield from parameters(dependency)


def kinds(schema: Any) -> Iterator[str]:
    """The kinds of all schemas inside a schema of pydantic's core."""
    if isinstance(schema, dict):
        if isinstance(schema.get("type"), str):
            yield schema["type"]
        for name, inner in schema.items():
            if name not in ("metadata", "serialization", "config"):
                yield from kinds(inner)
    elif isinstance(schema, list | tuple):
        for inner in schema:
            yield from kinds(inner)


@pytest.fixture(scope="module")
def kinds_of_our_fields() -> set[str]:
    app = create_app(JobtallySettings.from_env({}), embedded_worker=False)
    adapters: list[TypeAdapter[Any]] = [TypeAdapter(model) for model in input_models()]
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute):
            fields = [parameter.field_info for parameter in parameters(context.dependant)]
            adapters += [TypeAdapter(field.rebuild_annotation()) for field in fields]
    return {kind for adapter in adapters for kind in kinds(adapter.core_schema)}


def test_the_kinds_of_our_fields_are_known_here(kinds_of_our_fields: set[str]) -> None:
    assert {"str", "list", "datetime", "tagged-union"} <= kinds_of_our_fields
    assert kinds_of_our_fields - WITHOUT_ERRORS - set(ERROR_TYPES) == set()


def test_no_error_of_a_field_keeps_the_text_of_pydantic(kinds_of_our_fields: set[str]) -> None:
    possible = {error for kind in kinds_of_our_fields for error in ERROR_TYPES.get(kind, ())}
    limits = dict.fromkeys(("min_length", "max_length", "gt", "ge", "lt", "le"), 2)
    words = dict.fromkeys(("pattern", "expected", "tag", "discriminator", "expected_tags"), "x")
    pydantics = "Input should be something else"
    details = [{"type": error, "msg": pydantics, "ctx": {**limits, **words}} for error in sorted(possible)]
    assert [detail["type"] for detail in details if pydantics in message_for(detail)] == []


INSTANT = "Send an instant with its time zone, like 2026-11-22T09:00:00Z."


@pytest.mark.parametrize("value", ["yesterday", "2026-11-22T09:00:00", "2026-11-22", "1e9"])
async def test_a_malformed_instant_is_answered_with_how_to_write_it(client: Caller, value: str) -> None:
    reply = await client.get("/api/v1/invoices", params={"updated_since": value})
    assert reply.status_code == 422
    assert [(error["parameter"], error["detail"]) for error in reply.json()["errors"]] == [("updated_since", INSTANT)]


async def test_a_malformed_email_address_is_answered_with_how_to_write_it(client: Caller) -> None:
    body = {"email": "mere at kereru", "password": "x"}
    reply = await client.post("/api/v1/session", json=body)
    [error] = reply.json()["errors"]
    assert (error["pointer"], error["code"]) == ("#/email", "malformed_email")
    assert error["detail"].startswith("Send an e-mail address like mere@example.co.nz. ")


async def test_an_empty_text_and_an_empty_list_say_so(client: Caller) -> None:
    reply = await client.post("/api/v1/contacts", json={"kind": "company", "name": "", "roles": []})
    assert {error["pointer"]: error["detail"] for error in reply.json()["errors"]} == {
        "#/name": "This is empty. Write at least one character.",
        "#/roles": "This is empty. Give at least one element.",
    }
