"""The examples of the OpenAPI document: every JSON body and every JSON answer gets the example of its schema."""

from collections.abc import Iterator, MutableMapping
from typing import Any, Final

_JSON: Final = "application/json"
_MISSING: Final = object()


def add_examples(document: MutableMapping[str, Any]) -> None:
    """Put the examples of the schemas into `components/examples` and refer to them from bodies and 2xx answers.

    A schema without an example of its own gets one from the examples of its properties.
    """
    examples = document["components"].setdefault("examples", {})
    for media in _json_media(document):
        names = [name for name in _schema_names(media["schema"]) if _add(name, document, examples)]
        if names:
            media["examples"] = {name: {"$ref": f"#/components/examples/{name}"} for name in names}
    for name, schema in document["components"]["schemas"].items():
        if name in examples:
            schema.pop("examples", None)
        elif "examples" in schema:
            schema["examples"] = [_with_nulls(example, schema, document) for example in schema["examples"]]


def _json_media(document: MutableMapping[str, Any]) -> Iterator[dict[str, Any]]:
    for operations in document["paths"].values():
        for operation in operations.values():
            answers = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
            for part in [operation.get("requestBody", {}), *answers]:
                if _JSON in part.get("content", {}):
                    yield part["content"][_JSON]


def _schema_names(schema: dict[str, Any]) -> list[str]:
    branches = schema.get("oneOf") or schema.get("anyOf") or [schema]
    return [_name(branch) for branch in branches if "$ref" in branch]


def _name(reference: dict[str, Any]) -> str:
    return str(reference["$ref"].rpartition("/")[2])


def _add(name: str, document: MutableMapping[str, Any], examples: dict[str, Any]) -> bool:
    if name not in examples:
        example = _example({"$ref": f"#/components/schemas/{name}"}, document)
        if example is _MISSING:
            return False
        examples[name] = {"value": example}
    return True


def _example(schema: dict[str, Any], document: MutableMapping[str, Any]) -> Any:
    """The example of a schema, or one that is made of the examples of its parts."""
    if "examples" in schema:
        return _with_nulls(schema["examples"][0], schema, document)
    if "$ref" in schema:
        name = _name(schema)
        if name in document["components"]["examples"]:
            return document["components"]["examples"][name]["value"]
        return _example(document["components"]["schemas"][name], document)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if branches := schema.get("anyOf") or schema.get("oneOf"):
        choices = [_example(branch, document) for branch in branches]
        return next((choice for choice in choices if choice is not _MISSING), _MISSING)
    return _composed(schema, document)


def _composed(schema: dict[str, Any], document: MutableMapping[str, Any]) -> Any:
    match schema.get("type"):
        case "null":
            return None
        case "array":
            element = _example(schema.get("items", {}), document)
            return _MISSING if element is _MISSING else [element]
        case "object" if "properties" in schema:
            parts = {name: _example(schema["properties"][name], document) for name in schema.get("required", [])}
            return _MISSING if _MISSING in parts.values() else parts
    return _MISSING


def _with_nulls(example: Any, schema: dict[str, Any], document: MutableMapping[str, Any]) -> Any:
    # FastAPI removes every null from the document, also from examples.
    if "$ref" in schema:
        return _with_nulls(example, document["components"]["schemas"][_name(schema)], document)
    if isinstance(example, list):
        return [_with_nulls(item, schema.get("items", {}), document) for item in example]
    if not isinstance(example, dict):
        return example
    branches = schema.get("anyOf", [])
    if branches:
        return _with_nulls(example, branches[0], document)
    missing = [name for name in schema.get("required", []) if name not in example]
    properties = schema.get("properties", {})
    present = {name: _with_nulls(value, properties.get(name, {}), document) for name, value in example.items()}
    return present | dict.fromkeys(missing)
