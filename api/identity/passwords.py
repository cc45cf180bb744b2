"""Passwords: validation, and argon2id hashing in a thread."""

import asyncio
from functools import cache
from importlib.resources import files
from typing import Annotated

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from api.platform.crypto import random_secret

MIN_CHARACTERS, MAX_CHARACTERS = 8, 200


def _uncommon(password: str) -> str:
    if password.casefold() in _common_passwords():
        raise PydanticCustomError(
            "password_too_common", "This is among the first passwords anyone would try. Use a few unrelated words."
        )
    return password


@cache
def _common_passwords() -> frozenset[str]:
    # The commonest passwords of published breaches that have at least MIN_CHARACTERS.
    return frozenset(files("api.identity").joinpath("common_passwords.txt").read_text("utf-8").split())


NewPassword = Annotated[
    str,
    StringConstraints(strip_whitespace=False, min_length=MIN_CHARACTERS, max_length=MAX_CHARACTERS),
    AfterValidator(_uncommon),
    Field(json_schema_extra={"format": "password"}, repr=False),
]
Password = Annotated[
    str,
    StringConstraints(strip_whitespace=False, min_length=1, max_length=MAX_CHARACTERS),
    Field(json_schema_extra={"format": "password"}, repr=False),
]

_argon2id = PasswordHash((Argon2Hasher(),))


async def hash_password(password: str) -> str:
    """Compute the argon2id hash to store."""
    return await asyncio.to_thread(_argon2id.hash, password)


async def matches(password: str, stored: str | None) -> bool:
    """Whether `stored` is the hash of this password. Without `stored` the check takes as long and is False."""
    return await asyncio.to_thread(_verify, password, stored)


def _verify(password: str, stored: str | None) -> bool:
    return _argon2id.verify(password, stored or _unused_hash()) and stored is not None


@cache
def _unused_hash() -> str:
    return _argon2id.hash(random_secret())
