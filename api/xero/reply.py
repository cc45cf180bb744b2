"""The JSON object around Xero's elements."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from api.xero.http import Answer
from api.xero.json_types import parse_json
from api.xero.outcomes import classify_malformed
from api.xero.wire import Pagination, Read

E = TypeVar("E", bound=Read)


@dataclass(frozen=True, slots=True)
class Reply(Generic[E]):
    """The result of one call."""

    elements: tuple[E, ...]
    http_status: int
    correlation_id: str | None
    page_count: int = 1


def read_reply(method: str, answer: Answer, envelope: str, model: type[E]) -> Reply[E]:
    """Read the elements of a 2xx. A body that cannot be read raises the error of `classify_malformed`."""
    correlation_id = answer.headers.get("xero-correlation-id")
    try:
        fields = _fields(answer.body)
        paging = fields.get("pagination")
        return Reply(
            elements=_elements(model).validate_python(fields[envelope.lower()]),
            http_status=answer.status,
            correlation_id=correlation_id,
            page_count=Pagination.model_validate(paging).page_count if paging else 1,
        )
    except (ValueError, KeyError):
        pass  # the error is raised below, so that the reply does not become its context
    error = classify_malformed(method, f"a reply without readable {envelope}")
    error.http_status, error.correlation_id = answer.status, correlation_id
    raise error


def _elements(model: type[E]) -> TypeAdapter[tuple[E, ...]]:
    return TypeAdapter(tuple[model, ...])  # type: ignore[valid-type]  # a type at run time


def _fields(body: bytes) -> dict[str, Any]:
    parsed = TypeAdapter(dict[str, Any]).validate_python(parse_json(body))
    return {name.lower(): value for name, value in parsed.items()}
