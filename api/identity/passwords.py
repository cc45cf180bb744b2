"""Passwords: what is accepted, and argon2id done beside the event loop."""

import asyncio
from functools import cache
from importlib.resources import files
from typing import Annotated

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from api.platform.crypto import random_secret

SHORTEST, LONGEST = 8, 200


def _uncommon(password: str) -> str:
    if password.casefold() in _commonest():
        raise PydanticCustomError(
            "password_too_common", "This is among the first passwords anyone would try. Use a few unrelated words."
        )
    return password


@cache
def _commonest() -> frozenset[str]:
    # Of the commonest in published breaches, those that are long enough to be accepted otherwise.
    return frozenset(files("api.identity").joinpath("common_passwords.txt").read_text("utf-8").split())


NewPassword = Annotated[
    str,
    StringConstraints(strip_whitespace=False, min_length=SHORTEST, max_length=LONGEST),
    AfterValidator(_uncommon),
    Field(json_schema_extra={"format": "password"}, repr=False),
]
Password = Annotated[
    str,
    StringConstraints(strip_whitespace=False, min_length=1, max_length=LONGEST),
    Field(json_schema_extra={"format": "password"}, repr=False),
]

_argon2id = PasswordHash((Argon2Hasher(),))


async def hashed(password: str) -> str:
    """The argon2id hash to store."""
    return await asyncio.to_thread(_argon2id.hash, password)


async def matches(password: str, stored: str | None) -> bool:
    """Whether this is the password behind `stored`; takes as long to say so when there is none."""
    return await asyncio.to_thread(_verify, password, stored)


def _verify(password: str, stored: str | None) -> bool:
    nobody = _hash_of_nobody()
    return _argon2id.verify(password, stored or nobody) and stored is not None


@cache
def _hash_of_nobody() -> str:
    return _argon2id.hash(random_secret())
