"""Which contacts are probably the same without being called the same: to be shown to a person, never linked. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import Protocol
from uuid import UUID

from api.records.text import name_key, search_key
from api.sync.contacts.evidence import KINDS, Kind

_NEAR = 0.9  # share of equal characters; less is another name
_SHORTEST_NEAR_NAME = 6  # characters; in shorter names a single letter is a tenth
_MOST = 10  # more possible duplicates than a person can compare are no hint


class Named(Protocol):
    """A contact of either side."""

    @property
    def id(self) -> UUID:
        """Its id on its own side."""

    @property
    def name(self) -> str:
        """Its name as it is shown."""

    def values(self, kind: Kind) -> tuple[str, ...]:
        """What it has of one kind of evidence, as it is compared."""


class Likenesses:
    """Contacts of one side, indexed by what makes another contact a possible duplicate of them.

    That is: the same name but for accents or the order of its words, a detail that is the same under another name,
    or a name in which at least 90 % of the characters are the same.
    """

    def __init__(self, contacts: Iterable[Named]) -> None:
        self._names: dict[UUID, str] = {}
        self._same: dict[str, set[UUID]] = defaultdict(set)
        self._near: dict[str, set[UUID]] = defaultdict(set)
        for contact in contacts:
            plain = plain_name(contact.name)
            self._names[contact.id] = plain
            for key in _sameness(contact, plain):
                self._same[key].add(contact.id)
            for key in _neighbourhoods(plain):
                self._near[key].add(contact.id)

    def of(self, contact: Named) -> tuple[UUID, ...]:
        """The possible duplicates of a contact of the other side: those with most in common first, ten at most."""
        plain = plain_name(contact.name)
        shared: dict[UUID, int] = defaultdict(int)
        for key in _sameness(contact, plain):
            for other in self._same.get(key, ()):
                shared[other] += 1
        candidates = set().union(*(self._near.get(key, ()) for key in _neighbourhoods(plain)))
        for other in candidates - shared.keys():
            if is_near(plain, self._names[other]):
                shared[other] = 0
        ordered = sorted(shared, key=lambda other: (-shared[other], self._names[other], other))
        return tuple(ordered[:_MOST])


def plain_name(name: str) -> str:
    """A name without accents and punctuation, as possible duplicates are compared."""
    return " ".join(re.sub(r"[\W_]+", " ", search_key(name_key(name))).split())


def likeness_keys(contact: Named) -> list[str]:
    """What a contact has to have in common with another to be a possible duplicate of it, or to be compared with it."""
    plain = plain_name(contact.name)
    return sorted({*_sameness(contact, plain), *_neighbourhoods(plain)})


def is_near(name: str, other: str) -> bool:
    """Whether two plain names are probably spellings of one name; numbers in them have to be equal."""
    first, second = sorted((name, other))
    if min(len(first), len(second)) < _SHORTEST_NEAR_NAME or _digits(first) != _digits(second):
        return False
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    return matcher.real_quick_ratio() >= _NEAR and matcher.quick_ratio() >= _NEAR and matcher.ratio() >= _NEAR


def _digits(name: str) -> str:
    return re.sub(r"\D", "", name)


def _sameness(contact: Named, plain: str) -> Iterator[str]:
    """Any of these in common makes two contacts possible duplicates."""
    if plain:
        yield f"words:{' '.join(sorted(plain.split()))}"
    for kind in KINDS:
        for value in contact.values(kind):
            yield f"{kind}:{value}"


def _neighbourhoods(plain: str) -> Iterator[str]:
    """Near names have at least one of these in common: only such pairs are compared letter by letter."""
    words = plain.split()
    squashed = "".join(words)
    yield f"start:{squashed[:4]}"
    if len(words) > 1:
        for index in range(len(words)):
            rest = " ".join(words[:index] + words[index + 1 :])
            if len(rest) > _SHORTEST_NEAR_NAME:
                yield f"rest:{rest}"
