"""The credentials that this process has lately accepted or refused."""

import hashlib
from typing import Final

from starlette.datastructures import Headers

_MOST_KEPT: Final = 10_000
_NAMES: Final = ("authorization", "cookie")


class KnownCredentials:
    """The credentials that this process has lately accepted or refused, as hashes.

    They decide only how a request is counted, and whether it is refused without a look at its credentials.
    """

    def __init__(self) -> None:
        self._accepted: dict[bytes, None] = {}
        self._refused: dict[bytes, None] = {}

    def has(self, headers: Headers) -> bool:
        """Whether the last request with the same credentials was accepted."""
        return _hash(headers) in self._accepted

    def has_refused(self, headers: Headers) -> bool:
        """Whether the request has no credentials, or those that were lately refused."""
        return not has_credentials(headers) or _hash(headers) in self._refused

    def note(self, headers: Headers, *, accepted: bool) -> None:
        """Remember the credentials of an accepted or refused request."""
        presented = _hash(headers)
        noted, other = (self._accepted, self._refused) if accepted else (self._refused, self._accepted)
        other.pop(presented, None)
        noted[presented] = None
        if len(noted) > _MOST_KEPT:
            del noted[next(iter(noted))]


def has_credentials(headers: Headers) -> bool:
    """Whether the request presents a cookie or a key, valid or not."""
    return any(headers.get(name) for name in _NAMES)


def _hash(headers: Headers) -> bytes:
    presented = (headers.get(name, "") for name in _NAMES)
    return hashlib.sha256("\n".join(presented).encode("utf-8", "replace")).digest()
