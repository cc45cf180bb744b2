"""The secret keys of an installation as JOBTALLY_SECRET_KEYS has them."""

import base64
import re
from typing import Final

_KEY_BYTES: Final = 32
_FEWEST_DIFFERENT_BYTES: Final = 8
_KEY_ID: Final = re.compile(r"[A-Za-z0-9._-]+")  # encrypted values contain the id, between signs of their own


def parse_keys(text: str) -> dict[str, bytes]:
    """The keys by id, in their order. Raises ValueError with the remedy."""
    keys: dict[str, bytes] = {}
    for entry in text.split(","):
        kid, _, encoded = entry.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except ValueError:  # no base64, or no ASCII
            key = b""
        if not kid or len(key) != _KEY_BYTES or len(set(key)) < _FEWEST_DIFFERENT_BYTES:
            raise ValueError("write kid:base64 entries of 32 random bytes, separated by commas")
        if not _KEY_ID.fullmatch(kid):
            raise ValueError("the id of a key has letters A to Z, digits and . _ - only")
        if kid in keys:
            raise ValueError(f"the id {kid} is there twice: give each key an id of its own")
        keys[kid] = key
    return keys
