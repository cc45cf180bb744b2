"""The public keys with which Xero signs id tokens: read once an hour, and again when a token names another key."""

import time
from collections.abc import Awaitable, Callable
from typing import Final

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from api.xero.json_types import parse_json
from api.xero.outcomes import classify_malformed

_KEPT_SECONDS: Final = 3600.0


class SigningKeys:
    """The keys of one identity server. `read` gives the bytes of its JWKS document, or raises XeroError."""

    def __init__(self, read: Callable[[], Awaitable[bytes]]) -> None:
        self._read = read
        self._keys: KeySet | None = None
        self._read_at = 0.0

    async def get(self, *, again: bool = False) -> KeySet:
        """The keys, from memory unless they are old or wanted again. Raises XeroError."""
        if self._keys is None or again or time.monotonic() - self._read_at > _KEPT_SECONDS:
            self._keys = _parsed(await self._read())
            self._read_at = time.monotonic()
        return self._keys


def _parsed(document: bytes) -> KeySet:
    try:
        return KeySet.import_key_set(parse_json(document))
    except (JoseError, ValueError, TypeError, KeyError, AttributeError):
        pass  # the error is raised below, so that the reply does not become its context
    raise classify_malformed("GET", "signing keys that cannot be read")
