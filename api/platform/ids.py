"""Identifiers: time-ordered UUIDs inside, prefixed base32 at the edge."""

import os
import time
from typing import Any, Final
from uuid import UUID

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

# Crockford's alphabet: no i, l, o or u, so that an id read over the phone survives.
_ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES: Final = {letter: value for value, letter in enumerate(_ALPHABET)}
_LENGTH: Final = 26


def uuid7() -> UUID:
    """A version 7 UUID (RFC 9562): milliseconds since the epoch, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(10), "big")
    return UUID(int=value & ~(0xF << 76 | 0x3 << 62) | 0x7 << 76 | 0x2 << 62)


def encode(prefix: str, value: UUID) -> str:
    """`inv` and a UUID to `inv_01j…`: the prefix and 26 base32 digits."""
    digits = (_ALPHABET[value.int >> shift & 31] for shift in range(125, -1, -5))
    return f"{prefix}_{''.join(digits)}"


def decode(prefix: str, text: str) -> UUID:
    """The UUID behind a public id; ValueError when the prefix or a digit is wrong."""
    head, _, digits = text.rpartition("_")
    if head != prefix or len(digits) != _LENGTH or digits[0] not in "01234567":
        raise ValueError(f"not a {prefix}_ id")
    number = 0
    for digit in digits:
        if digit not in _VALUES:
            raise ValueError(f"not a {prefix}_ id")
        number = number << 5 | _VALUES[digit]
    return UUID(int=number)


class PublicId:
    """Annotation that turns a UUID into `prefix_…` in JSON and back: `Annotated[UUID, PublicId("inv")]`."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self._read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda value: encode(self.prefix, value), return_schema=core_schema.str_schema(), when_used="json"
            ),
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {
            "type": "string",
            "pattern": f"^{self.prefix}_[0-7][{_ALPHABET}]{{25}}$",
            "examples": [encode(self.prefix, UUID("01939b2e-7c51-7cc4-a1b8-0f7e5a2b1c3d"))],
        }

    def _read(self, value: Any) -> UUID:
        if isinstance(value, UUID):
            return value
        try:
            return decode(self.prefix, value)
        except (ValueError, TypeError, AttributeError):
            raise PydanticCustomError(
                "malformed_id", "This is not an id that starts with {prefix}_.", {"prefix": self.prefix}
            ) from None
