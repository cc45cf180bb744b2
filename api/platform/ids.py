"""Identifiers: time-ordered UUIDs in the database, prefixed base32 (TypeID) in the API."""

from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from uuid_utils import compat

# Crockford's alphabet has no i, l, o or u, because people confuse them with 1, 0 and v.
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES: Final = {letter: value for value, letter in enumerate(_ALPHABET)}
_LENGTH: Final = 26
# Two digits at once: a page has some hundred ids.
_PAIRS: Final = [first + second for first in _ALPHABET for second in _ALPHABET]
_SHIFTS: Final = range(120, -1, -10)
_KEPT_IDS: Final = 16_384  # lists are read again and again, and their rows share contacts and jobs


def uuid7() -> UUID:
    """A version 7 UUID (RFC 9562), greater than every earlier one of this process."""
    return compat.uuid7()


@lru_cache(maxsize=_KEPT_IDS)
def encode(prefix: str, value: UUID) -> str:
    """The public id of a UUID: `inv` gives `inv_` and 26 base32 digits."""
    number = value.int
    digits = [_PAIRS[number >> shift & 1023] for shift in _SHIFTS]
    return f"{prefix}_{''.join(digits)}"


def decode(prefix: str, text: str) -> UUID:
    """The UUID of a public id; ValueError if the prefix, the length or a digit is wrong."""
    head, _, digits = text.rpartition("_")
    if head != prefix or len(digits) != _LENGTH or digits[0] not in "01234567":
        raise ValueError(f"not a {prefix}_ id")
    number = 0
    for digit in digits:
        if digit not in _VALUES:
            raise ValueError(f"not a {prefix}_ id")
        number = number << 5 | _VALUES[digit]
    return UUID(int=number)


def _with_article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiouA' else 'a'} {noun}"


class PublicId:
    """Converts a UUID to `prefix_…` in JSON and back: `Annotated[UUID, PublicId("inv", "invoice")]`."""

    def __init__(self, prefix: str, noun: str) -> None:
        self.prefix = prefix
        self.noun = noun

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._validate,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda value: encode(self.prefix, value), return_schema=core_schema.str_schema(), when_used="json"
            ),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {
            "type": "string",
            "description": f"The id of {_with_article(self.noun)}.",
            "pattern": f"^{self.prefix}_[0-7][{_ALPHABET}]{{25}}$",
            "examples": [encode(self.prefix, UUID("01939b2e-7c51-7cc4-a1b8-0f7e5a2b1c3d"))],
        }

    def _validate(self, value: Any) -> UUID:
        if isinstance(value, UUID):
            return value
        try:
            return decode(self.prefix, value)
        except (ValueError, TypeError, AttributeError):
            raise PydanticCustomError(
                "malformed_id", "This is not an id that starts with {prefix}_.", {"prefix": self.prefix}
            ) from None


def first_id_at(instant: datetime) -> UUID:
    """The smallest id that `uuid7` makes at this instant."""
    return UUID(int=int(instant.timestamp() * 1000) << 80)
