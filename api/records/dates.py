"""Dates of documents: calendar days without a time and a time zone."""

import re
from datetime import date
from typing import Annotated, Any, Final

from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2100, 12, 31)
_FORM: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(value: Any) -> date:
    if type(value) is date:  # a datetime is a subclass of date and is refused
        return value
    try:
        if not isinstance(value, str) or not _FORM.fullmatch(value.strip()):
            raise ValueError
        day = date.fromisoformat(value.strip())
    except ValueError:
        raise PydanticCustomError(
            "date_malformed", 'Send a day that exists as text, like "2026-11-22", without a time.'
        ) from None
    if not FIRST_DAY <= day <= LAST_DAY:
        limits = {"first": FIRST_DAY.isoformat(), "last": LAST_DAY.isoformat()}
        raise PydanticCustomError("date_out_of_range", "Use a day from {first} to {last}.", limits)
    return day


DocumentDate = Annotated[
    date,
    PlainValidator(_day, json_schema_input_type=str),
    WithJsonSchema({"type": "string", "format": "date", "examples": ["2026-11-22"]}),
]
