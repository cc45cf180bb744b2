"""Whether a document that somebody else entered looks like an invoice of ours to the same contact. Pure."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final, Generic, Literal, Protocol, TypeVar
from uuid import UUID

Evidence = Literal["number", "total_and_date"]

DAYS_APART: Final = 7  # how far two dates of one bill may differ when the number does not decide
_SHORTEST_BARE: Final = 3  # digits that say enough without the letters in front of them
_SHORTEST_NEAR: Final = 4
_DAYS_OF_A_TYPO: Final = 1
_DAYS_CLOSE: Final = 3  # within them a document is asked about although it may be another bill's
# What people write before a number, and leave out as often.
_WORDS: Final = re.compile(r"(?:tax|invoice|inv|bill|document|doc|number|num|nbr|no|nr|ref|si)+")
_GROUPS: Final = re.compile(r"[^\W\d_]+|\d+")
_READ_AS_DIGITS: Final = str.maketrans("oilszb", "011528")


class Written(Protocol):
    """What is compared of an invoice, and of a document."""

    @property
    def number(self) -> str | None: ...
    @property
    def issued_on(self) -> date | None: ...
    @property
    def total(self) -> Decimal | None: ...
    @property
    def currency(self) -> str | None: ...


D = TypeVar("D", bound=Written)


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another approved invoice of the same contact, of the same kind, currency and total."""

    number: str | None
    issued_on: date


@dataclass(frozen=True, slots=True)
class Sought:
    """An invoice of ours that may have been entered in Xero, at any of these contacts there."""

    invoice_id: UUID
    xero_contact_ids: tuple[UUID, ...]
    is_bill: bool
    number: str | None
    issued_on: date
    total: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Alike(Generic[D]):
    """A document that looks like an invoice, and why."""

    document: D
    evidence: Evidence
    same_total: bool
    days: int  # between the two dates; 0 where a date is missing
    sought_at: UUID | None = None  # the contact in Xero; the document may be at one that was merged into it
    elsewhere: str | None = None  # the name of that contact, if it is not certain that it is the invoice's

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """Smaller is closer."""
        return self.evidence != "number", not self.same_total, self.days


def alike_documents(ours: Written, documents: Iterable[D], *, is_bill: bool, is_history: bool) -> list[Alike[D]]:
    """The documents of the same contact that look like the invoice, the closest first.

    A customer invoice has a number of ours, so that only a history has it under another number. `is_history`: it is of
    a time when another tool may have entered it under a number of its own.
    """
    alike = [
        Alike(document, evidence, document.total == ours.total, _days(ours, document) or 0)
        for document in documents
        if (evidence := _evidence(ours, document, is_bill=is_bill, is_history=is_history)) is not None
    ]
    return sorted(alike, key=lambda each: each.rank)


def without_those_of_siblings(alike: Iterable[Alike[D]], siblings: Collection[Sibling]) -> list[Alike[D]]:
    """The documents that are not another invoice's: one with its number, or days nearer to it than to ours.

    Bills of one amount that come each week lie a week apart; a document without a number belongs to one of them.
    """
    return [
        each
        for each in alike
        if each.evidence == "number" or not any(_belongs_to(sibling, each) for sibling in siblings)
    ]


def _belongs_to(sibling: Sibling, alike: Alike[D]) -> bool:
    if same_number(sibling.number, alike.document.number):
        return True
    theirs = alike.document.issued_on
    if alike.days <= _DAYS_CLOSE or theirs is None:
        return False
    return abs((sibling.issued_on - theirs).days) < alike.days


def closest(alike: Sequence[Alike[D]]) -> list[Alike[D]]:
    """Of ranked documents those that nothing but a person can tell from the closest."""
    return [each for each in alike if each.rank == alike[0].rank]


def _evidence(ours: Written, theirs: Written, *, is_bill: bool, is_history: bool) -> Evidence | None:
    if theirs.currency not in (None, ours.currency):
        return None
    same_total, days = theirs.total == ours.total, _days(ours, theirs)
    if same_number(ours.number, theirs.number) and (is_bill or same_total or _is_exact(ours, theirs)):
        return "number"
    if not same_total or days is None or days > DAYS_APART:
        return None
    if is_history and days == 0:
        return "total_and_date"
    if is_bill and (_says_nothing(ours.number) or _says_nothing(theirs.number)):
        return "total_and_date"
    if is_bill and near_numbers(ours.number or "", theirs.number or "", days):
        return "total_and_date"
    return None


def same_number(ours: str | None, theirs: str | None) -> bool:
    """Whether two numbers are the same but for case, blanks, dashes, zeros in front, and a prefix that one lacks."""
    if _says_nothing(ours) or _says_nothing(theirs):
        return False
    first, second = _parts(ours or ""), _parts(theirs or "")
    if first.letters == second.letters:
        return bool(first.rests & second.rests)
    # Two different prefixes are two series of numbers; a missing one was left out.
    lacks_letters = not first.letters or not second.letters
    return lacks_letters and bool({rest for rest in first.rests & second.rests if len(rest) >= _SHORTEST_BARE})


def near_numbers(ours: str, theirs: str, days: int) -> bool:
    """Whether one may be a slip of the other: a part left out, a digit typed twice or swapped, a letter for a digit.

    Numbers that follow each other differ in a digit and are not near. A slip of digits counts within a day only: the
    totals of bills that come each week are often equal.
    """
    first, second = _parts(ours).whole, _parts(theirs).whole
    shorter, longer = sorted((first, second), key=len)
    if sum(map(str.isdecimal, shorter)) < _SHORTEST_NEAR:
        return False
    if first.translate(_READ_AS_DIGITS) == second.translate(_READ_AS_DIGITS):
        return True
    if shorter != longer and (longer.endswith(shorter) or longer.startswith(shorter)):
        return True
    return days <= _DAYS_OF_A_TYPO and (_is_swapped(first, second) or _lacks_a_character(shorter, longer))


@dataclass(frozen=True, slots=True)
class _Parts:
    whole: str
    letters: str
    rests: frozenset[str]


@lru_cache(maxsize=10_000)
def _parts(number: str) -> _Parts:
    """The letters in front, without words like `invoice`, and what follows, with and without its zeros."""
    groups = _groups(number)
    start = next((index for index, group in enumerate(groups) if group.isdecimal()), len(groups))
    before, rest = groups[:start], groups[start:]
    letters = "".join(group for group in before if not (rest and _WORDS.fullmatch(group)))
    shortened = "-".join(group.lstrip("0") or "0" for group in rest)
    return _Parts(letters + "".join(rest), letters, frozenset({shortened, "".join(rest).lstrip("0")}))


def _groups(number: str) -> list[str]:
    groups: list[str] = _GROUPS.findall(unicodedata.normalize("NFKC", number).casefold())
    return groups


def _says_nothing(number: str | None) -> bool:
    """Whether there is no number, or a sign in its place."""
    return not number or not "".join(_groups(number)).strip("0")


def _is_exact(ours: Written, theirs: Written) -> bool:
    return (ours.number or "").lower() == (theirs.number or "").lower()


def _days(ours: Written, theirs: Written) -> int | None:
    if ours.issued_on is None or theirs.issued_on is None:
        return None
    return abs((ours.issued_on - theirs.issued_on).days)


def _is_swapped(first: str, second: str) -> bool:
    """Whether two neighbours changed places."""
    unequal = [index for index, pair in enumerate(zip(first, second, strict=False)) if pair[0] != pair[1]]
    if len(first) != len(second) or len(unequal) != 2:
        return False
    left, right = unequal
    return right == left + 1 and first[left] == second[right] and first[right] == second[left]


def _lacks_a_character(shorter: str, longer: str) -> bool:
    """Whether one character more makes them equal."""
    if len(longer) != len(shorter) + 1:
        return False
    return any(longer[:index] + longer[index + 1 :] == shorter for index in range(len(longer)))
