"""Secrets at rest (AES-256-GCM bound to their row), signatures, and hashes of bearer secrets."""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = "v1"
_NONCE_BYTES = 12


class Unreadable(Exception):
    """A sealed value was tampered with, moved to another row, or its key is gone."""


class Keyring:
    """Named 32-byte keys: the first one seals and signs, all of them open and verify."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        if not keys:
            raise ValueError("a keyring needs at least one key")
        self._keys = dict(keys)
        self._writing = next(iter(self._keys))

    def seal(self, plain: str, *, place: str) -> str:
        """Encrypt for one place (`table/row/column`); opened anywhere else it is refused."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = AESGCM(self._keys[self._writing]).encrypt(nonce, plain.encode(), place.encode())
        return "|".join((_VERSION, self._writing, _text(nonce), _text(sealed)))

    def open(self, sealed: str, *, place: str) -> str:
        """Decrypt what `seal` made for this place; Unreadable in every other case."""
        try:
            version, kid, nonce, body = sealed.split("|")
            if version != _VERSION:
                raise Unreadable("unknown version of sealed value")
            return AESGCM(self._keys[kid]).decrypt(_bytes(nonce), _bytes(body), place.encode()).decode()
        except (ValueError, KeyError, InvalidTag):
            raise Unreadable("this sealed value cannot be opened here") from None

    def sign(self, message: bytes, *, purpose: str) -> bytes:
        """A 16-byte signature that is good for one purpose only."""
        return self._signature(self._keys[self._writing], message, purpose)

    def verifies(self, message: bytes, signature: bytes, *, purpose: str) -> bool:
        """Whether any of our keys made this signature for this purpose."""
        return any(
            hmac.compare_digest(signature, self._signature(key, message, purpose)) for key in self._keys.values()
        )

    @staticmethod
    def _signature(key: bytes, message: bytes, purpose: str) -> bytes:
        purpose_key = hmac.digest(key, b"sign:" + purpose.encode(), "sha256")
        return hmac.digest(purpose_key, message, "sha256")[:16]


def fingerprint(secret: str) -> str:
    """SHA-256 of a bearer secret that is random enough to need no salt; what we store in its place."""
    return hashlib.sha256(secret.encode()).hexdigest()


def random_secret(size: int = 32) -> str:
    """`size` random bytes as URL-safe text."""
    return secrets.token_urlsafe(size)


def development_keys(directory: Path) -> dict[str, bytes]:
    """The key kept in the data directory for development, made on first use and readable by its owner only."""
    path = directory / "secret-key"
    directory.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(os.urandom(32)))
    return {"development": base64.b64decode(path.read_bytes())}


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
