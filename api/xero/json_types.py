"""Types that all elements of Xero's JSON share: exact amounts, dates, ids, and validation messages at any depth."""

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from pydantic import BeforeValidator, Field

# Xero gives this id to an element that it did not save.
NO_ID = UUID(int=0)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UPPER = {"id": "ID", "utc": "UTC"}


def xero_name(field: str) -> str:
    """The name of a field at Xero: `line_item_id` is `LineItemID`, `updated_date_utc` is `UpdatedDateUTC`."""
    return "".join(UPPER.get(word, word.capitalize()) for word in field.split("_"))


def parse_json(body: bytes) -> Any:
    """Parse JSON with every fraction as the exact Decimal of its text. Raises ValueError for unreadable JSON."""
    try:
        return json.loads(body, parse_float=Decimal, parse_int=_whole_number)
    except RecursionError:
        raise ValueError("JSON nested too deeply") from None


def parse_instant(value: Any) -> Any:
    """Read a UTC instant from `/Date(ms+offset)/` or ISO text. The milliseconds are UTC; the offset is ignored."""
    if not isinstance(value, str):
        return value
    if (milliseconds := _milliseconds(value)) is not None:
        return milliseconds
    instant = datetime.fromisoformat(value) if value else None
    return instant.replace(tzinfo=UTC) if instant and instant.tzinfo is None else instant


def parse_day(value: Any) -> Any:
    """Read a calendar day from `2019-03-11T00:00:00` or `/Date(ms)/`. No local time zone is applied."""
    if not isinstance(value, str):
        return value
    if (instant := _milliseconds(value)) is not None:
        return instant.date()
    return date.fromisoformat(value[:10]) if value else None


def blank_to_none(value: Any) -> Any:
    """Turn an empty string into None: Xero writes an unset text or id as either."""
    return None if value == "" else value


def storable(value: Any) -> Any:
    """Remove from a text what PostgreSQL cannot store: NUL, and halves of surrogate pairs."""
    if not isinstance(value, str):
        return value
    if "\0" in value:
        value = value.replace("\0", "")
    return value if value.isascii() else value.encode("utf-8", "replace").decode()


def null_to_empty(value: Any) -> Any:
    """Turn null into an empty list: Xero writes an empty list as either."""
    return () if value is None else value


Instant = Annotated[datetime | None, BeforeValidator(parse_instant)]
Day = Annotated[date | None, BeforeValidator(parse_day)]
Text = Annotated[str | None, BeforeValidator(blank_to_none), BeforeValidator(storable)]
RequiredText = Annotated[str, BeforeValidator(storable)]
OptionalId = Annotated[UUID | None, BeforeValidator(blank_to_none)]
# Far above anything meant. A number of thousands of digits would stop the rest when it is computed with or stored.
_LIMIT = Decimal(10) ** 40
Amount = Annotated[Decimal, Field(gt=-_LIMIT, lt=_LIMIT)] | None


def _whole_number(text: str) -> int | Decimal:
    """A whole number. Python refuses to convert one of thousands of digits to int, but not to Decimal."""
    return int(text) if len(text) < 40 else Decimal(text)


def _milliseconds(value: str) -> datetime | None:
    match = re.fullmatch(r"/Date\((-?\d{1,16})(?:[+-]\d{4})?\)/", value)
    if match is None:
        return None
    try:
        return EPOCH + timedelta(milliseconds=int(match[1]))
    except OverflowError:
        raise ValueError("a date outside the calendar") from None


@dataclass(frozen=True, slots=True)
class Message:
    """One validation message of Xero and the path of its subject, such as `("LineItems", 0)`."""

    path: tuple[str | int, ...]
    text: str


class Messages(NamedTuple):
    """The validation messages of an element and of everything in it, outermost first."""

    errors: tuple[Message, ...]
    warnings: tuple[Message, ...]


def messages_in(node: Any) -> Messages:
    """Find all messages in parsed JSON. Keys match in any letter case."""
    errors: list[Message] = []
    warnings: list[Message] = []
    _gather(node, (), {"validationerrors": errors, "warnings": warnings})
    return Messages(tuple(errors), tuple(warnings))


def _gather(node: Any, path: tuple[str | int, ...], gathered: dict[str, list[Message]]) -> None:
    """Go only into what can contain a message, because most of a reply cannot."""
    if isinstance(node, dict):
        nested = []
        for name, value in node.items():
            if not value or not isinstance(value, (dict, list)):
                continue
            messages = gathered.get(name.lower())
            if messages is None:
                nested.append((name, value))
            elif isinstance(value, list):
                messages.extend(Message(path, text) for text in map(_message_text, value) if text)
        for name, value in nested:
            _gather(value, (*path, name), gathered)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            if value and isinstance(value, (dict, list)):
                _gather(value, (*path, index), gathered)


def _message_text(entry: Any) -> str:
    """The text of one message. Xero writes `Message`; one of its own samples writes `Description`."""
    fields = {name.lower(): value for name, value in entry.items()} if isinstance(entry, dict) else {}
    text = fields.get("message") or fields.get("description")
    return str(storable(text)).strip() if isinstance(text, str) else ""
