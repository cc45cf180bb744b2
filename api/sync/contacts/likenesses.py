"""Which contacts are probably the same without being called the same: to be shown to a person, never linked. Pure."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Protocol
from uuid import UUID

from rapidfuzz import fuzz, process

from api.records.text import name_key, search_key
from api.sync.contacts.evidence import KINDS, Kind

_NEAR: Final = 90  # percent of equal characters; less is another name
_SHORTEST_NEAR_NAME: Final = 6  # characters; in shorter names a single letter is a tenth
_MOST: Final = 10  # more possible duplicates than a person can compare are no hint
_NEIGHBOURS: Final = 100  # names before and after a name, in their order: thousands may begin alike
_KEPT_NAMES: Final = 65_536  # a check is repeated, with the same contacts
_START, _REST = "start:", "rest:"
# What a name is as often written without: the legal form, the article, and the word for `&`.
_FORMS: Final = ("ltd", "limited", "pty", "proprietary", "co", "company", "inc", "incorporated", "corp", "corporation")
_LEFT_OUT: Final = frozenset((*_FORMS, "llc", "plc", "group", "the", "and"))


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


@dataclass(frozen=True)
class Likeness:
    """A contact by its name and its keys: what it has in common with its possible duplicates."""

    id: UUID
    name: str
    plain: str
    keys: Collection[str]


class Likenesses:
    """Contacts of one side, indexed by what makes another contact a possible duplicate of them.

    That is: the same name but for accents, its legal form or the order of its words, a detail that is the same under
    another name, or a name in which at least 90 % of the characters are the same. Where very many names begin alike or
    lack the same word, those next to the name are compared. With `asked_about`, it can be asked about those contacts
    only.
    """

    def __init__(self, contacts: Iterable[Likeness], asked_about: Iterable[Likeness] | None = None) -> None:
        asked = None if asked_about is None else {key for contact in asked_about for key in contact.keys}
        # Everywhere else a contact is its place in the order of the names: numbers are compared and counted fast.
        ordered = sorted({each.id: each for each in contacts}.values(), key=lambda each: (each.plain, each.id))
        self._ids = [contact.id for contact in ordered]
        self._names = [contact.plain for contact in ordered]
        self._with_key: dict[str, list[int]] = defaultdict(list)
        for place, contact in enumerate(ordered):
            for key in contact.keys if asked is None else asked.intersection(contact.keys):
                self._with_key[key].append(place)

    def of(self, contact: Likeness) -> tuple[UUID, ...]:
        """The possible duplicates of a contact of the other side: those with most in common first, ten at most."""
        own = bisect_left(self._names, contact.plain)
        shared: dict[int, int] = defaultdict(int)
        neighbours: set[int] = set()
        for key in contact.keys:
            if (group := self._with_key.get(key)) is None:
                continue
            if _is_of_near_names(key):
                middle = bisect_left(group, own)
                neighbours.update(group[max(0, middle - _NEIGHBOURS) : middle + _NEIGHBOURS])
            else:
                for other in group:
                    shared[other] += 1
        names = {other: self._names[other] for other in neighbours if other not in shared}
        near = process.extract(contact.plain, names, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=None)
        shared |= {other: 0 for name, _, other in near if is_near(contact.plain, name)}
        return tuple(self._ids[other] for other in sorted(shared, key=lambda other: (-shared[other], other))[:_MOST])


@lru_cache(maxsize=_KEPT_NAMES)
def plain_name(name: str) -> str:
    """A name without accents and punctuation, as possible duplicates are compared."""
    searched = name.casefold() if name.isascii() else search_key(name_key(name))  # the same by a shorter way
    return " ".join(re.sub(r"[\W_]+", " ", searched).split())


def likeness_of(contact: Named) -> Likeness:
    """What a contact has to have in common with another to be a possible duplicate of it, or to be compared with it."""
    plain = plain_name(contact.name)
    return Likeness(contact.id, contact.name, plain, sorted({*_sameness(contact, plain), *_neighbourhoods(plain)}))


def is_near(name: str, other: str) -> bool:
    """Whether two plain names are probably spellings of one name; numbers in them have to be equal."""
    if min(len(name), len(other)) < _SHORTEST_NEAR_NAME or _digits(name) != _digits(other):
        return False
    return fuzz.ratio(name, other, score_cutoff=_NEAR) > 0


def details_in_common(contact: Likeness, other: Likeness) -> tuple[Kind, ...]:
    """The details that are the same."""
    kinds = {key.split(":", 1)[0] for key in {*contact.keys} & {*other.keys}}
    return tuple(kind for kind in KINDS if kind in kinds)


def keys_of_the_same(contact: Named) -> set[str]:
    """Its keys that make another contact with one of them a possible duplicate, whatever that is called."""
    return set(_sameness(contact, plain_name(contact.name)))


def selective_keys(contacts: Iterable[Likeness]) -> set[str]:
    """The keys of these contacts, without those of names that begin alike, which very many may have."""
    return {key for contact in contacts for key in contact.keys if not key.startswith(_START)}


def _is_of_near_names(key: str) -> bool:
    return key.startswith((_START, _REST))


def _digits(name: str) -> str:
    return re.sub(r"\D", "", name)


def _sameness(contact: Named, plain: str) -> Iterator[str]:
    """Any of these in common makes two contacts possible duplicates."""
    if words := sorted(plain.split()):
        yield f"words:{' '.join([word for word in words if word not in _LEFT_OUT] or words)}"
    for kind in KINDS:
        for value in contact.values(kind):
            yield f"{kind}:{value}"


def _neighbourhoods(plain: str) -> Iterator[str]:
    """Near names have at least one of these in common: only such pairs are compared letter by letter."""
    words = plain.split()
    squashed = "".join(words)
    yield f"{_START}{squashed[:4]}"
    if len(words) > 1:
        for index in range(len(words)):
            rest = " ".join(words[:index] + words[index + 1 :])
            if len(rest) > _SHORTEST_NEAR_NAME:
                yield f"{_REST}{rest}"
