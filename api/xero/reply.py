"""The JSON object around Xero's elements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Generic, TypeVar

import structlog
from pydantic import TypeAdapter, ValidationError

from api.xero.http import Answer
from api.xero.json_types import parse_instant, parse_json
from api.xero.outcomes import classify_malformed
from api.xero.wire import Pagination, Read

E = TypeVar("E", bound=Read)

log = structlog.get_logger("jobtally.xero")


@dataclass(frozen=True, slots=True)
class Reply(Generic[E]):
    """The result of one call.

    `unreadable` elements are left out of `elements`: after a write the outcome of each of them is unknown, and a read
    with any of them cannot prove that something is absent. `answered_at` is by Xero's clock.
    """

    elements: tuple[E, ...]
    http_status: int
    correlation_id: str | None
    unreadable: int = 0
    paging: Pagination | None = None
    answered_at: datetime | None = None
    size_bytes: int = 0


def read_reply(method: str, answer: Answer, envelope: str, model: type[E], *, skip: int = 0) -> Reply[E]:
    """Read the elements of a 2xx after the first `skip`; an element that cannot be read is logged and left out.

    A body that cannot be read at all raises the error of `classify_malformed`.
    """
    correlation_id = answer.headers.get("xero-correlation-id")
    try:
        fields = _fields(answer.body)
        listed = TypeAdapter(list[Any]).validate_python(fields[envelope.lower()])[skip:]
        paging = fields.get("pagination")
        pagination = Pagination.model_validate(paging) if paging else None
    except (ValueError, KeyError):
        pass  # the error is raised below, so that the reply does not become its context
    else:
        elements = _readable(listed, envelope, model, correlation_id)
        return Reply(
            elements=elements,
            http_status=answer.status,
            correlation_id=correlation_id,
            unreadable=len(listed) - len(elements),
            paging=pagination,
            answered_at=_answered_at(fields.get("datetimeutc"), answer),
            size_bytes=len(answer.body),
        )
    error = classify_malformed(method, f"a reply without readable {envelope}")
    error.http_status, error.correlation_id = answer.status, correlation_id
    raise error


def _readable(listed: Sequence[Any], envelope: str, model: type[E], correlation_id: str | None) -> tuple[E, ...]:
    elements: list[E] = []
    for position, raw in enumerate(listed):
        try:
            elements.append(model.model_validate(raw))
        except ValidationError as invalid:
            # Only the places: the values are the customer's.
            places = sorted({".".join(map(str, error["loc"])) for error in invalid.errors(include_input=False)})
            log.warning(
                "xero.unreadable_element",
                envelope=envelope,
                position=position,
                places=places[:5],
                correlation_id=correlation_id,
            )
    return tuple(elements)


def _answered_at(stated: Any, answer: Answer) -> datetime | None:
    """The instant of the reply by Xero's clock: the Date header, as for the limits, else the field in the body."""
    date = answer.headers.get("date")
    try:
        instant = parsedate_to_datetime(date) if date else parse_instant(stated)
        return instant.astimezone(UTC) if isinstance(instant, datetime) else None
    except (ValueError, OverflowError):
        return None


def _fields(body: bytes) -> dict[str, Any]:
    parsed = TypeAdapter(dict[str, Any]).validate_python(parse_json(body))
    return {name.lower(): value for name, value in parsed.items()}
