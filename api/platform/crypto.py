"""Encryption of stored secrets (AES-256-GCM, bound to one column of one row), signatures, hashes of bearer secrets."""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from api.platform.folders import make_private

_VERSION = "v1"
_NONCE_BYTES = 12
_KEY_BYTES = 32
_SIGNATURE_BYTES = 16


class Unreadable(Exception):
    """An encrypted value was changed or moved to another row, or its key is missing."""


class Keyring:
    """Named 32-byte keys: the first one encrypts and signs, all of them decrypt and verify."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        if not keys:
            raise ValueError("a keyring needs at least one key")
        self._keys = dict(keys)
        self._writing = next(iter(self._keys))

    def seal(self, plain: str, *, place: str) -> str:
        """Encrypt for one place (`table/row/column`); `open` refuses the value for any other place."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = AESGCM(self._keys[self._writing]).encrypt(nonce, plain.encode(), place.encode())
        return "|".join((_VERSION, self._writing, _text(nonce), _text(sealed)))

    def open(self, sealed: str, *, place: str) -> str:
        """Decrypt what `seal` returned for this place; Unreadable in every other case."""
        try:
            version, kid, nonce, body = sealed.split("|")
            if version != _VERSION:
                raise Unreadable("unknown version of encrypted value")
            return AESGCM(self._keys[kid]).decrypt(_bytes(nonce), _bytes(body), place.encode()).decode()
        except (ValueError, KeyError, InvalidTag):
            raise Unreadable("this encrypted value cannot be read here") from None

    def sign(self, message: bytes, *, purpose: str) -> bytes:
        """A 16-byte signature, valid for one purpose only."""
        return self._signature(self._keys[self._writing], message, purpose)

    def verifies(self, message: bytes, signature: bytes, *, purpose: str) -> bool:
        """Whether one of our keys made this signature for this purpose."""
        return any(
            hmac.compare_digest(signature, self._signature(key, message, purpose)) for key in self._keys.values()
        )

    @staticmethod
    def _signature(key: bytes, message: bytes, purpose: str) -> bytes:
        purpose_key = hmac.digest(key, b"sign:" + purpose.encode(), "sha256")
        return hmac.digest(purpose_key, message, "sha256")[:_SIGNATURE_BYTES]


def fingerprint(secret: str) -> str:
    """SHA-256 of a random bearer secret, which we store instead of it. A random secret needs no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


def random_secret(size_bytes: int = 32) -> str:
    """`size_bytes` random bytes as URL-safe text."""
    return secrets.token_urlsafe(size_bytes)


def development_keys(directory: Path) -> dict[str, bytes]:
    """The development key in the data directory; created on first use, readable by its owner only."""
    path = directory / "secret-key"
    make_private(directory)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(descriptor, "wb") as file:
            file.write(base64.b64encode(os.urandom(_KEY_BYTES)))
    return {"development": base64.b64decode(path.read_bytes())}


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
