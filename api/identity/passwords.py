"""Passwords: validation, and argon2id hashing in a thread."""

import asyncio
import os
import re
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from importlib.resources import files
from typing import Annotated, Final, TypeVar
from unicodedata import category, combining, normalize

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from api.identity.turns import Turns, Waiter
from api.platform.crypto import random_secret
from api.platform.errors import FieldError, Invalid

MIN_CHARACTERS, MAX_CHARACTERS = 8, 256
WORDS_CODE: Final = "password_has_name"
PRODUCT: Final = "Jobtally"
_FEW_CHARACTERS = 2  # different ones: aaaaaaaa, abababab
_SHORTEST_WORD = 3
_SHORTEST_COMMON_WORD = 4
_ENDING: Final = re.compile(r"[\W\d_]+$")
_LIKE_LETTERS: Final = str.maketrans("013457@$", "oieastas")
_TRADE_WORDS: Final = frozenset(
    {"xero", "invoice", "invoices", "accounts", "plumber", "plumbing", "builder", "builders", "electrician"}
    | {"electrical", "tradie", "kiwi", "aotearoa", "australia", "aussie"}
)
_FEWEST_OWN_LETTERS = 4
T = TypeVar("T")


def _uncommon(password: str) -> str:
    if len(set(password.casefold())) <= _FEW_CHARACTERS or any(map(_is_common, _readings(password))):
        raise PydanticCustomError(
            "password_too_common", "This is among the first passwords anyone would try. Use a few unrelated words."
        )
    return password


def _is_common(letters: str) -> bool:
    """Whether this, or what it has before its last digits and signs, is a common password or word, once or twice."""
    word = _ENDING.sub("", letters)
    half = word[: len(word) // 2]
    return letters in _common_passwords() or word in _common_words() or (word == half * 2 and half in _common_words())


def _readings(password: str) -> tuple[str, str]:
    """The password in lower case, without accents, blanks and invisible characters; and with 1 read as i, 0 as o."""
    letters = "".join(_folded(password).split())
    word = _ENDING.sub("", letters)
    return letters, _read_as_letters(word)


def check_words(password: str, names: Iterable[str], *, pointer: str) -> None:
    """Raise Invalid for a password that has little more than words of these names, or of ours."""
    if (remedy := words_remedy(password, names)) is not None:
        raise Invalid(errors=[FieldError(WORDS_CODE, remedy, pointer=pointer)])


def words_remedy(password: str, names: Iterable[str]) -> str | None:
    """What is wrong with a password that has little more than words of these names, or of ours; None if it is fine."""
    texts = [_folded(name) for name in (*names, PRODUCT)]
    letters = _folded(password)
    if _has_little_more(letters, texts) or _has_little_more(*_all_as_letters(letters, texts)):
        return "This has little more than your name, your address, your business or ours. Use a few unrelated words."
    return None


def _has_little_more(password: str, texts: Iterable[str]) -> bool:
    rest = password
    words = {word for text in texts for word in (text, *re.findall(r"[^\W_]+", text))}
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= _SHORTEST_WORD:
            rest = rest.replace(word, "")
    return rest != password and sum(letter.isalpha() for letter in rest) < _FEWEST_OWN_LETTERS


def _all_as_letters(password: str, texts: Iterable[str]) -> tuple[str, list[str]]:
    return _read_as_letters(password), [_read_as_letters(text) for text in texts]


def _read_as_letters(text: str) -> str:
    return text.translate(_LIKE_LETTERS)


def _folded(text: str) -> str:
    """Lower case, without accents, macrons and invisible characters, and in the usual form of each letter."""
    letters = normalize("NFKD", normalize("NFKC", text).casefold())
    return "".join(letter for letter in letters if not combining(letter) and category(letter) != "Cf")


@cache
def _common_passwords() -> frozenset[str]:
    # Those of zxcvbn's list of 30,000 (MIT licence, from published breaches) that have at least MIN_CHARACTERS, and
    # some that people in New Zealand and Australia choose.
    return frozenset(files("api.identity").joinpath("common_passwords.txt").read_text("utf-8").split())


@cache
def _common_words() -> frozenset[str]:
    """The common passwords without the digits and signs at their end, and words of our trade."""
    words = {_ENDING.sub("", password) for password in _common_passwords()}
    return frozenset({word for word in words if len(word) >= _SHORTEST_COMMON_WORD} | _TRADE_WORDS)


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

# One thread for each hash, of the first parameters that OWASP's Password Storage Cheat Sheet names.
_argon2id = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=46 * 1024, parallelism=1),))


class _Pool:
    """Hashes in few threads of low priority, so that answering other requests goes on meanwhile."""

    def __init__(self) -> None:
        count = max(1, (os.cpu_count() or 1) // 2)
        self._threads = ThreadPoolExecutor(count, "passwords", initializer=_lower_priority)
        self._turns = Turns(count)

    async def run(self, waiter: Waiter, function: Callable[..., T], *arguments: str | None) -> T:
        """The result of the function. Raises Unavailable if too many others wait."""
        async with self._turns.turn(waiter):
            return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)


def _lower_priority() -> None:
    with suppress(OSError, AttributeError):  # on Linux a priority belongs to a thread
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)


@cache
def _pool() -> _Pool:
    return _Pool()


async def hash_password(password: str, waiter: Waiter) -> str:
    """Compute the argon2id hash to store. Call it while no transaction is open. Raises Unavailable."""
    return await _pool().run(waiter, _hash, password)


async def matches(password: str, stored: str | None, waiter: Waiter) -> bool:
    """Whether `stored` is the hash of this password. Without `stored` the check takes as long and is False."""
    return await _pool().run(waiter, _verify, password, stored)


def _hash(password: str) -> str:
    return _argon2id.hash(password)


def _verify(password: str, stored: str | None) -> bool:
    return _argon2id.verify(password, stored or _unused_hash()) and stored is not None


@cache
def _unused_hash() -> str:
    return _argon2id.hash(random_secret())
