"""Typed reading of request fields with the rules of Xero's .NET deserialiser; null counts as absent."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sandbox.replies import bad_data
from sandbox.state import Record

_MS_DATE = re.compile(r"/Date\((-?\d{1,15})([+-]\d{4})?\)/")
_TOO_BIG = Decimal(10) ** 17


def text(record: Record, name: str) -> str | None:
    """A string; numbers and booleans are converted."""
    value = record.get(name)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, Decimal)):
        return str(value)
    raise bad_data(f"Error reading string. Unexpected token for '{name}'.")


def number(record: Record, name: str) -> Decimal | None:
    """A finite number; a numeric string is converted."""
    value = record.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
        raise bad_data(f"Error converting value for '{name}' to type 'System.Decimal'.")
    try:
        parsed = Decimal(str(value).strip()) if value != "" else None
    except (InvalidOperation, ValueError):
        raise bad_data(f"Error converting value \"{value}\" to type 'System.Decimal'. Path '{name}'.") from None
    if parsed is not None and (not parsed.is_finite() or abs(parsed) >= _TOO_BIG or parsed.adjusted() < -40):
        raise bad_data(f"Value for '{name}' was either too large or too small for a Decimal.")
    return parsed


def flag(record: Record, name: str) -> bool | None:
    """A boolean; the strings true and false are converted."""
    value = record.get(name)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise bad_data(f"Error converting value for '{name}' to type 'System.Boolean'.")


def guid(record: Record, name: str) -> str | None:
    """A UUID in canonical form; an empty string counts as absent."""
    value = record.get(name)
    if value is None or value == "":
        return None
    parsed = as_guid(value)
    if parsed is None:
        raise bad_data(f"Error converting value \"{value}\" to type 'System.Guid'. Path '{name}'.")
    return parsed


def as_guid(value: object) -> str | None:
    """The UUID in canonical form, or None when `value` is not a UUID."""
    if not isinstance(value, str) or not re.fullmatch(r"\{?[0-9A-Fa-f-]{32,36}\}?", value):
        return None
    try:
        return str(UUID(value))
    except ValueError:
        return None


def day(record: Record, name: str) -> date | None:
    """A document date. A time with a zone is converted to UTC first, so the day may change, as in Xero."""
    value = text(record, name)
    if not value:
        return None
    try:
        if match := _MS_DATE.fullmatch(value):
            return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(match[1]))).date()
        moment = datetime.fromisoformat(value)
        return (moment.astimezone(UTC) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError):
        raise bad_data(f"String was not recognized as a valid DateTime. Path '{name}', value \"{value}\".") from None


def objects(record: Record, name: str) -> list[Record] | None:
    value: Any = record.get(name)
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise bad_data(f"Cannot deserialize the current JSON value for '{name}': a JSON array of objects is required.")
    return value


def mapping(record: Record, name: str) -> Record | None:
    value = record.get(name)
    if value is not None and not isinstance(value, dict):
        raise bad_data(f"Cannot deserialize the current JSON value for '{name}': a JSON object is required.")
    return value


def too_long(record: Record, limits: dict[str, int]) -> list[str]:
    """One message per text field that exceeds its limit; like .NET, an emoji counts as two characters."""
    return [
        f"The field {name} must be a string with a maximum length of {limit}."
        for name, limit in limits.items()
        if len((text(record, name) or "").encode("utf-16-le", "surrogatepass")) > 2 * limit
    ]
