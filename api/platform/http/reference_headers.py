"""The headers of the OpenAPI document: those that answers have, and those that requests may have."""

from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any, Final

from api.platform.http.routing import ApiRoute

_KEY: Final = "IdempotencyKey"
_IF_NONE_MATCH: Final = "IfNoneMatch"
_PARAMETERS: Final[dict[str, dict[str, Any]]] = {
    _KEY: {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "Repeat the request with the same key and get the first answer again, for 24 hours.",
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
        "example": "import-2026-11-22-0001",
    },
    _IF_NONE_MATCH: {
        "name": "If-None-Match",
        "in": "header",
        "required": False,
        "description": "The `ETag` that you have. If nothing has changed, the answer is 304 without a body.",
        "schema": {"type": "string"},
        "example": '"5f2b0c3d9a7e41c6b8d0e2f4a6c8e0b1"',
    },
}
_TEXT: Final = {"type": "string"}
_SECONDS: Final = {"type": "integer", "minimum": 0}
_HEADERS: Final[dict[str, dict[str, Any]]] = {
    "X-Request-Id": {
        "description": "The id of this request in the logs. A request may send its own: 8 to 64 letters, digits, . _ -",
        "required": True,
        "schema": _TEXT,
        "example": "req_7Zk2vT0n1s9Qd4Wb",
    },
    "RateLimit": {
        "description": "How many requests are left (`r`) and in how many seconds the minute ends (`t`).",
        "schema": _TEXT,
        "example": '"requests";r=1187;t=42',
    },
    "RateLimit-Policy": {
        "description": "How many requests (`q`) are allowed in how many seconds (`w`).",
        "schema": _TEXT,
        "example": '"requests";q=1200;w=60',
    },
    "Retry-After": {
        "description": "Seconds to wait before you ask again.",
        "schema": _SECONDS,
        "example": 2,
    },
    "ETag": {
        "description": "The version of the answer. Send it as `If-None-Match` to read again, as `If-Match` to change.",
        "schema": _TEXT,
        "example": '"5f2b0c3d9a7e41c6b8d0e2f4a6c8e0b1"',
    },
    "Location": {
        "description": "The address of the resource that the request created or started.",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
        "example": "/api/v1/contacts/con_01jedjwz2hfk2a3e0ffsd2p71x",
    },
    "Idempotent-Replayed": {
        "description": "`true` if this is the stored answer to an earlier request with the same `Idempotency-Key`.",
        "schema": {"type": "string", "const": "true"},
        "example": "true",
    },
}
_WITHOUT_KEY: Final = "\n\nAn `Idempotency-Key` has no effect: the answer has a secret, and secrets are not stored."
_NOT_MODIFIED: Final = "Nothing has changed since the answer with the `ETag` of `If-None-Match`."


def add_headers(document: MutableMapping[str, Any], routes: Mapping[tuple[str, str], ApiRoute]) -> None:
    """Add the headers of requests and answers, and the 304 of reads. `routes` are named by path and method."""
    document["components"]["parameters"] = _PARAMETERS
    document["components"]["headers"] = _HEADERS
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            route = routes.get((path, method))
            if route is not None:
                _add_request_headers(operation, method, route)
            for status, answer in operation["responses"].items():
                names = [*_common(operation, status, answer)]
                if route is not None:
                    names += _of_route(operation, method, status, route, document)
                references = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
                answer["headers"] = references | answer.get("headers", {})


def _add_request_headers(operation: dict[str, Any], method: str, route: ApiRoute) -> None:
    parameters = operation.setdefault("parameters", [])
    if method == "post" and route.keyed:
        parameters.append({"$ref": f"#/components/parameters/{_KEY}"})
    elif method == "post":
        operation["description"] += _WITHOUT_KEY
    if method == "get" and route.answers_not_modified:
        parameters.append({"$ref": f"#/components/parameters/{_IF_NONE_MATCH}"})
        operation["responses"]["304"] = {"description": _NOT_MODIFIED}
    if not parameters:
        del operation["parameters"]


def _common(operation: dict[str, Any], status: str, answer: dict[str, Any]) -> Iterator[str]:
    codes = answer.get("content", {}).get("application/problem+json", {}).get("examples", {})
    yield "X-Request-Id"
    if status == "429" or (operation.get("security") and status != "401"):
        yield from ("RateLimit", "RateLimit-Policy")
    if codes and (status in {"429", "503"} or "idempotent_request_running" in codes):
        yield "Retry-After"


def _of_route(
    operation: dict[str, Any], method: str, status: str, route: ApiRoute, document: MutableMapping[str, Any]
) -> Iterator[str]:
    is_success = status.startswith("2")
    if status == "412" or _has_tag(operation, method, status, route):
        yield "ETag"
    if method != "post" or not is_success:
        return
    if route.keyed:
        yield "Idempotent-Replayed"
    if route.status_code in {201, 202} and _has_id(operation, document):
        yield "Location"
        if route.status_code == 202:
            yield "Retry-After"


def _has_tag(operation: dict[str, Any], method: str, status: str, route: ApiRoute) -> bool:
    if status == "304":
        return True
    has_body = status.startswith("2") and "content" in operation["responses"][status]
    is_versioned = route.shape is not None and bool(route.shape.versioned)
    return has_body and (is_versioned or (method == "get" and status == "200"))


def _has_id(operation: dict[str, Any], document: MutableMapping[str, Any]) -> bool:
    """Whether the answer is a resource of its own, which has an address."""
    answers = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
    schemas = [answer.get("content", {}).get("application/json", {}).get("schema", {}) for answer in answers]
    names = [schema["$ref"].rpartition("/")[2] for schema in schemas if "$ref" in schema]
    return any("id" in document["components"]["schemas"][name]["properties"] for name in names)
