"""Checks requests and replies of the Accounting API against Xero's published OpenAPI file, made strict.

The repository does not contain the file; `XERO_SPEC` gives its path. Objects may only have names that the file
knows, and the few names of `MISSING_IN_SPEC`.
"""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import jsonschema_rs
import yaml

SPEC = os.environ.get("XERO_SPEC", "")
NOT_AVAILABLE = "XERO_SPEC does not name a copy of Xero's accounting OpenAPI file"
BASE = "/api.xro/2.0"

_ANY: dict[str, Any] = {}
_ENVELOPE = ("Id", "Status", "ProviderName", "DateTimeUTC")
MISSING_IN_SPEC: dict[str, tuple[str, ...]] = {
    "Invoice": ("DateString", "DueDateString"),
    "LineItem": ("ValidationErrors",),
    "TrackingOption": ("HasValidationErrors", "IsDeleted", "IsArchived", "IsActive", "ValidationErrors"),
    "TrackingCategory": ("HasValidationErrors", "ValidationErrors"),
    "HistoryRecord": ("DateUTCString",),
    "Contact": ("Warnings",),
}
"""Names of Xero's own replies (and of the file's own examples) that its schemas leave out."""
_REFUSED = {
    "Invoices": "Invoice",
    "Contacts": "Contact",
    "Items": "Item",
    "Accounts": "Account",
    "TrackingCategories": "TrackingCategory",
    "Options": "TrackingOption",
}
"""The schemas of the elements of a refusal; the file itself declares only their ids."""


@dataclass(frozen=True)
class Operation:
    """One operation of the OpenAPI file."""

    template: re.Pattern[str]
    method: str
    fixed_parts: int
    document: dict[str, Any]


class _Loader(yaml.SafeLoader):
    """Reads dates as text, because a JSON schema cannot contain a date."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@cache
def _spec() -> dict[str, Any]:
    spec: dict[str, Any] = yaml.load(Path(SPEC).read_text(encoding="utf-8"), Loader=_Loader)  # _Loader is a SafeLoader
    for name, schema in spec["components"]["schemas"].items():
        for missing in MISSING_IN_SPEC.get(name, ()):
            schema["properties"][missing] = _ANY
    _make_strict(spec["components"]["schemas"])
    spec["components"]["schemas"]["Element"]["additionalProperties"] = True
    return spec


def _make_strict(node: Any) -> None:
    if isinstance(node, list):
        for inner in node:
            _make_strict(inner)
    if not isinstance(node, dict):
        return
    if isinstance(node.get("properties"), dict):
        node.setdefault("additionalProperties", False)
        for inner in node["properties"].values():
            _make_strict(inner)
    if node.get("nullable") is True and isinstance(node.get("type"), str):
        node["type"] = [node["type"], "null"]
    for key, inner in node.items():
        if key not in ("properties", "example", "examples"):
            _make_strict(inner)


@cache
def _operations() -> list[Operation]:
    operations = []
    for path, item in _spec()["paths"].items():
        pattern = re.compile(BASE + re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)), re.IGNORECASE)
        fixed = sum("{" not in part for part in path.split("/"))
        operations += [
            Operation(pattern, method.upper(), fixed, document)
            for method, document in item.items()
            if method in ("get", "put", "post", "delete")
        ]
    return sorted(operations, key=lambda operation: -operation.fixed_parts)


def _operation(method: str, path: str) -> Operation | None:
    return next((row for row in _operations() if row.method == method and row.template.fullmatch(path)), None)


def judge_request(
    method: str, path: str, query: str | Mapping[str, str], headers: Mapping[str, str], body: bytes | str
) -> list[str]:
    """Problems of a request that the file does not allow; empty for a correct request."""
    operation = _operation(method, path)
    if operation is None:
        return [f"there is no {method} {path}"]
    parameters = [_resolved(row) for row in operation.document.get("parameters", [])]
    sent = {name.lower(): value for name, value in headers.items()}
    pairs = parse_qsl(query, keep_blank_values=True) if isinstance(query, str) else list(query.items())
    problems = _judge_headers(sent) + _judge_query(pairs, parameters)
    content = operation.document.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return problems
    try:
        document = json.loads(body)
    except ValueError as problem:
        return [*problems, f"the body is not JSON: {problem}"]
    return problems + _faults(content["schema"], document)


def judge_reply(method: str, path: str, status: int, headers: Mapping[str, str], body: bytes | str) -> list[str]:
    """Problems of a reply that the file does not allow. Refusals that the file leaves out are not checked."""
    operation = _operation(method, path)
    if operation is None:
        return [] if status >= 400 else [f"there is no {method} {path}"]
    declared = operation.document["responses"].get(str(status))
    if declared is None:
        return [] if status >= 400 else [f"{method} {path} does not answer {status}"]
    content = _resolved(declared).get("content", {}).get("application/json")
    kinds = [value for name, value in headers.items() if name.lower() == "content-type"]
    if content is None or not any("json" in kind for kind in kinds):
        return []
    document = json.loads(body)
    if status == 400:
        named = next((_REFUSED[part] for part in reversed(path.split("/")) if part in _REFUSED), "Element")
        elements = document.get("Elements", [])
        return _faults(content["schema"], document) + [
            fault for row in elements for fault in _faults({"$ref": f"#/components/schemas/{named}"}, row)
        ]
    for name in _ENVELOPE:
        if not isinstance(document.pop(name, None), str):
            return [f"the envelope has no {name}"]
    return _faults(content["schema"], document)


def _judge_headers(sent: Mapping[str, str]) -> list[str]:
    problems = [] if sent.get("xero-tenant-id") else ["the header xero-tenant-id is missing"]
    if "application/json" not in sent.get("accept", ""):
        problems.append("Accept does not ask for JSON")
    if len(sent.get("idempotency-key", "")) > 128:
        problems.append("the Idempotency-Key is longer than 128 characters")
    return problems


def _judge_query(pairs: list[tuple[str, str]], parameters: list[dict[str, Any]]) -> list[str]:
    known = {row["name"]: _resolved(row["schema"]) for row in parameters if row["in"] == "query"}
    problems = []
    for name, value in pairs:
        schema = known.get(name)
        if schema is None:
            problems.append(f"the query parameter {name} is unknown here")
        elif schema.get("type") == "boolean" and value.lower() not in ("true", "false"):
            problems.append(f"{name}={value} is not a boolean")
        elif schema.get("type") == "integer" and not value.isdigit():
            problems.append(f"{name}={value} is not an integer")
    return problems


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        target: Any = _spec()
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        node = target
    return node


def _faults(schema: dict[str, Any], document: Any) -> list[str]:
    validator = _validator(json.dumps(schema))
    return [f"{'/'.join(map(str, error.instance_path))}: {error.message}" for error in validator.iter_errors(document)]


@cache
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    whole = json.loads(schema) | {"components": {"schemas": _spec()["components"]["schemas"]}}
    return jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
