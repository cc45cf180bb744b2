"""The API's description: the OpenAPI document and the list of problems, both made from the code."""

import re
from typing import Any

import yaml
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts

from api.platform.catalogue import ProblemKind, catalogue
from api.platform.errors import ApiError, every_error
from api.platform.http.routing import ApiRoute

_DESCRIPTION = """\
The accounting bridge for trades businesses: approved invoices into Xero exactly once, to the cent.

Browsers sign in and carry a cookie; programs send `Authorization: Bearer jt_…`. Money is a decimal string, dates are
`YYYY-MM-DD`, instants are RFC 3339 in UTC. Every refusal is a problem (RFC 9457) with a stable `code`; codes may be
added, so treat an unknown one by its status. A POST may carry an `Idempotency-Key`.
"""
_PROBLEM: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "Why a request was refused (RFC 9457): stable code, plain words, and everything to mend at once.",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "A page about this code."},
        "title": {"type": "string", "description": "What happened, in a few words."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "What to do about it."},
        "code": {"type": "string", "description": "Stable name of this kind of problem.", "examples": ["invalid"]},
        "request_id": {"type": ["string", "null"], "description": "Names this request in the logs."},
        "errors": {
            "type": "array",
            "description": "Each thing that is wrong with the request.",
            "items": {
                "type": "object",
                "required": ["code", "detail"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "Where in the body (JSON Pointer as a fragment).",
                        "examples": ["#/lines/0/quantity"],
                    },
                    "parameter": {"type": "string", "description": "Which parameter or header, if not in the body."},
                    "code": {"type": "string", "description": "Stable name of this error.", "examples": ["required"]},
                    "detail": {"type": "string", "description": "What is wrong and how to mend it."},
                },
            },
        },
        "fix": {
            "type": "object",
            "description": "The one place in the app that mends it.",
            "required": ["label", "href"],
            "properties": {
                "label": {"type": "string", "description": "Words for a button."},
                "href": {"type": "string", "description": "A path in the app."},
            },
        },
    },
}
_KEY_PARAMETER: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Repeat the request with the same key and get the first answer again, for 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "example": "import-2026-11-22-0001",
}


def openapi_document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI 3.1 document of this app; the same code gives the same document."""
    document: dict[str, Any] = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        summary="Approved invoices into Xero exactly once, to the cent.",
        description=_DESCRIPTION,
        routes=app.routes,
        tags=app.openapi_tags,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    components = document.setdefault("components", {})
    components["schemas"] = dict(sorted({**components.get("schemas", {}), "Problem": _PROBLEM}.items()))
    for schema in components["schemas"].values():
        if "examples" in schema:
            schema["examples"] = [_with_nulls(one, schema, document) for one in schema["examples"]]
    components["examples"] = dict(sorted((f"{kind.code}_{kind.status}", _example(kind)) for kind in every_error()))
    components["parameters"] = {"IdempotencyKey": _KEY_PARAMETER}
    keyed = _keyed_paths(app)
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            operation["summary"] = operation["operationId"].replace("_", " ").capitalize()
            if method == "post" and path in keyed:
                operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/IdempotencyKey"})
            _share_problems(operation["responses"], components.setdefault("responses", {}))
    return document


def openapi_yaml(app: FastAPI) -> str:
    """The document as text: what `/openapi.yaml` serves and `openapi.yaml` in the repository holds."""
    return yaml.dump(openapi_document(app), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=120)


def problems_markdown() -> str:
    """The catalogue as a page of the documentation."""
    lines = [
        "# Problems",
        "",
        "Every refusal is `application/problem+json` (RFC 9457) with one of these codes; its `type` leads to a page of",
        "this text in the running app. Codes are only ever added. Codes without a status are told about an item of a",
        "run, not as an answer of their own. This page is made from the code.",
        "",
        "| code | status | what happened | what to do |",
        "|---|---|---|---|",
        *(_row(kind) for kind in catalogue().values()),
    ]
    return "\n".join(lines) + "\n"


class _Plain(yaml.SafeDumper):
    """YAML without anchors: readers should not have to follow them."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Plain.add_representer(str, _text)


def _with_nulls(example: Any, schema: dict[str, Any], document: dict[str, Any]) -> Any:
    # FastAPI drops every null from the document, also those that are part of an example.
    if "$ref" in schema:
        return _with_nulls(example, document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document)
    if isinstance(example, list):
        return [_with_nulls(one, schema.get("items", {}), document) for one in example]
    if not isinstance(example, dict):
        return example
    branches = schema.get("anyOf", [])
    if branches:
        return _with_nulls(example, branches[0], document)
    missing = [name for name in schema.get("required", []) if name not in example]
    shapes = schema.get("properties", {})
    told = {name: _with_nulls(value, shapes.get(name, {}), document) for name, value in example.items()}
    return told | dict.fromkeys(missing)


def _share_problems(responses: dict[str, Any], shared: dict[str, Any]) -> None:
    # The same few refusals belong to most operations; said once, the document is half as long.
    for status, response in responses.items():
        told = response.get("content", {}).get("application/problem+json")
        if told is not None:
            name = "_or_".join(sorted(told["examples"])) + f"_{status}"
            shared[name] = response
            responses[status] = {"$ref": f"#/components/responses/{name}"}


def _example(kind: type[ApiError]) -> dict[str, Any]:
    value = {
        "type": f"/problems/{kind.code}",
        "title": kind.title,
        "status": kind.status,
        "detail": kind.remedy,
        "code": kind.code,
        "request_id": "req_7Zk2vT0n1s9Qd4Wb",
    }
    return {"value": value}


def _keyed_paths(app: FastAPI) -> set[str]:
    return {
        str(context.path_format)
        for context in iter_route_contexts(app.routes)
        if isinstance(context.original_route, ApiRoute)
        and context.original_route.keyed
        and "POST" in (context.methods or ())
    }


def _row(kind: ProblemKind) -> str:
    cells = (f"`{kind.code}`", str(kind.status or ""), kind.title, kind.remedy)
    return "| " + " | ".join(re.sub(r"\s+", " ", cell).replace("|", "\\|") for cell in cells) + " |"
