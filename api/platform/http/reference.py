"""The OpenAPI document and the list of problems, both generated from the code."""

import re
from typing import Any

import yaml
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from api.platform.http.reference_examples import add_examples
from api.platform.http.reference_headers import add_headers
from api.platform.http.routing import ApiRoute
from api.platform.problems import Catalogue, ProblemKind

_DESCRIPTION = """\
The accounting bridge for trades businesses: approved invoices into Xero exactly once, to the cent.

Browsers sign in and carry a cookie; programs send `Authorization: Bearer jt_…`. Money is a decimal string, dates are
`YYYY-MM-DD`, instants are RFC 3339 in UTC. Every error is a problem (RFC 9457) with a stable `code`. New codes may be
added; handle an unknown code by its status. Most POST requests may carry an `Idempotency-Key`.
"""
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "Why a request was refused (RFC 9457): a stable code, plain words, and all field errors at once.",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "The address of a page about this code."},
        "title": {"type": "string", "description": "What happened, in a few words."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "What to do about it."},
        "code": {"type": "string", "description": "Stable name of this kind of problem.", "examples": ["invalid"]},
        "request_id": {"type": ["string", "null"], "description": "The id of this request in the logs."},
        "errors": {
            "type": "array",
            "description": "What is wrong with the request: at most 50 entries and one that counts the rest.",
            "items": {
                "type": "object",
                "required": ["code", "detail"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "The place in the body: a JSON Pointer as a fragment.",
                        "examples": ["#/lines/0/quantity"],
                    },
                    "parameter": {
                        "type": "string",
                        "description": "The parameter or header, if not in the body.",
                    },
                    "code": {"type": "string", "description": "Stable name of this error.", "examples": ["required"]},
                    "detail": {"type": "string", "description": "What is wrong and how to correct it."},
                },
            },
        },
        "fix": {
            "type": "object",
            "description": "The place in the app where it is fixed.",
            "required": ["label", "href"],
            "properties": {
                "label": {"type": "string", "description": "Text for a button."},
                "href": {"type": "string", "description": "A path in the app."},
            },
        },
    },
}
_SERVERS = [{"url": "/", "description": "The address that serves this document."}]


def openapi_document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document of this app; it depends on the code only, not on settings."""
    document: dict[str, Any] = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        summary="Approved invoices into Xero exactly once, to the cent.",
        description=_DESCRIPTION,
        routes=app.routes,
        servers=_SERVERS,
        tags=app.openapi_tags,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    components = document.setdefault("components", {})
    components["schemas"] = dict(sorted({**components.get("schemas", {}), "Problem": _PROBLEM}.items()))
    catalogue: Catalogue = app.state.catalogue
    codes = _codes_of_errors(document)
    components["examples"] = {kind.code: _example(kind) for kind in catalogue.values() if kind.code in codes}
    for schema in components["schemas"].values():
        _raise_descriptions(schema.get("properties", {}))
        _refer_to_elements(schema.get("properties", {}), components["schemas"])
    add_examples(document)
    add_headers(document, _api_routes(app))
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["summary"] = operation["operationId"].replace("_", " ").capitalize()
            operation.setdefault("security", [])  # an empty list: no credentials are needed
            _leave_out_keys(operation)
            _describe_parameters(operation.get("parameters", []))
            _share_responses(operation["responses"], components.setdefault("responses", {}))
    return document


def openapi_yaml(app: FastAPI) -> str:
    """The document as the text of `/openapi.yaml` and of the file `openapi.yaml` in the repository."""
    return yaml.dump(openapi_document(app), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=120)


def problems_markdown(catalogue: Catalogue) -> str:
    """The catalogue as the documentation page docs/problems.md."""
    lines = [
        "# Problems",
        "",
        "Every error is `application/problem+json` (RFC 9457) with one of these codes; its `type` is the address of a",
        "page with this text. New codes may be added. A code without a status is a problem or a remark of an invoice,",
        "a contact, an export item or a task, not the answer to a request. This page is generated from the code.",
        "",
        "| code | status | what happened | what to do |",
        "|---|---|---|---|",
        *(_row(kind) for kind in catalogue.values()),
    ]
    return "\n".join(lines) + "\n"


class _Plain(yaml.SafeDumper):
    """YAML without anchors, which are hard to read."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Plain.add_representer(str, _text)


def _codes_of_errors(document: dict[str, Any]) -> set[str]:
    answers = [
        answer
        for operations in document["paths"].values()
        for operation in operations.values()
        for answer in operation["responses"].values()
    ]
    problems = [answer.get("content", {}).get("application/problem+json", {}) for answer in answers]
    return {code for problem in problems for code in problem.get("examples", {})}


def _refer_to_elements(properties: dict[str, Any], schemas: dict[str, Any]) -> None:
    # pydantic repeats the schema of elements that it does not validate.
    for schema in properties.values():
        element = schema.get("items", {})
        if "properties" in element and element.get("title") in schemas:
            schema["items"] = {"$ref": f"#/components/schemas/{element['title']}"}


def _raise_descriptions(properties: dict[str, Any]) -> None:
    # A nullable property has the description of its type one level too deep.
    for schema in properties.values():
        branches = [branch for branch in schema.get("anyOf", []) if branch.get("type") != "null"]
        if "description" not in schema and len(branches) == 1 and "description" in branches[0]:
            schema["description"] = branches[0].pop("description")


def _describe_parameters(parameters: list[dict[str, Any]]) -> None:
    for parameter in parameters:
        schema = parameter.get("schema", {})
        if "description" in schema:
            description = schema.pop("description")
            parameter.setdefault("description", description)
        if parameter.get("in") == "path" and "examples" in schema:
            parameter["example"] = schema.pop("examples")[0]


def _leave_out_keys(operation: dict[str, Any]) -> None:
    # What only a signed-in person can do takes the same credentials and refuses those of a key.
    forbidden = operation["responses"].get("403", {}).get("content", {}).get("application/problem+json", {})
    if "session_only" in forbidden.get("examples", {}):
        operation["security"] = [each for each in operation["security"] if "ApiKey" not in each]


def _share_responses(responses: dict[str, Any], shared: dict[str, Any]) -> None:
    # Most operations have the same few errors; as components they make the document half as long.
    for status, response in responses.items():
        content = response.get("content", {}).get("application/problem+json")
        if content is None and status != "304":
            continue
        is_public = status not in {"401", "429"} and "RateLimit" not in response["headers"]
        codes = sorted(content["examples"]) if content else ["not_modified"]
        name = "_or_".join(codes) + f"_{status}" + ("_public" if is_public else "")
        shared[name] = response
        responses[status] = {"$ref": f"#/components/responses/{name}"}


def _example(kind: ProblemKind) -> dict[str, Any]:
    value = {
        "type": f"/problems/{kind.code}",
        "title": kind.title,
        "status": kind.status,
        "detail": kind.remedy,
        "code": kind.code,
        "request_id": "req_7Zk2vT0n1s9Qd4Wb",
    }
    return {"value": value}


def _api_routes(app: FastAPI) -> dict[tuple[str, str], ApiRoute]:
    return {
        (str(context.path_format), method.lower()): context.original_route
        for context in iter_route_contexts(app.routes)
        if isinstance(context.original_route, ApiRoute)
        for method in context.methods or ()
    }


def _row(kind: ProblemKind) -> str:
    cells = (f"`{kind.code}`", str(kind.status or ""), kind.title, kind.remedy)
    return "| " + " | ".join(re.sub(r"\s+", " ", cell).replace("|", "\\|") for cell in cells) + " |"
