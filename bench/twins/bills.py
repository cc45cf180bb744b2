"""Bills of suppliers as they come, some of which another tool has entered as well, written in another way."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, Literal

Side = Literal["ours", "theirs", "both"]

_FIRST_DAY: Final = date(2012, 1, 2)
_PREFIXES: Final = ("INV-", "SK-", "", "PSL ", "A", "TI/", "2026-")
_FILLS: Final = (Decimal("50.00"), Decimal("80.00"), Decimal("100.00"), Decimal("120.00"))


@dataclass(frozen=True)
class Bill:
    """A bill as one side has it."""

    supplier: int
    number: str | None
    issued_on: date
    total: Decimal


@dataclass(frozen=True)
class Arrived:
    """A bill on the sides that have it. `disguise` says how theirs differs from ours where both have it."""

    ours: Bill | None
    theirs: Bill | None
    disguise: str | None = None


def arriving(*, innocents: int, planted: int, suppliers: int, seed: int) -> Iterator[Arrived]:
    """Bills of all suppliers: as many innocent ones on either side, and planted ones that both sides have."""
    rng = random.Random(seed)
    counts: dict[Side, int] = {"ours": innocents, "theirs": innocents, "both": planted}
    sides = [side for side, count in counts.items() for _ in range(count)]
    rng.shuffle(sides)
    for supplier in range(suppliers):
        own = sides[supplier::suppliers]
        for bill, side in zip(_series(rng, supplier), own, strict=False):
            yield _arrived(rng, bill, side)


def _arrived(rng: random.Random, bill: Bill, side: Side) -> Arrived:
    if side == "ours":
        return Arrived(bill, None)
    if side == "theirs":
        return Arrived(None, bill)
    name = rng.choice(list(_DISGUISES))
    ours, theirs = _DISGUISES[name](rng, bill)
    return Arrived(ours, theirs, name)


def _series(rng: random.Random, supplier: int) -> Iterator[Bill]:
    """The bills of one supplier: skips each week, fuel, a merchant, or numbers made of the date."""
    day, number, prefix = _FIRST_DAY, rng.randint(100, 90_000), rng.choice(_PREFIXES)
    kind, fixed = supplier % 5, Decimal(rng.randint(5_000, 90_000)) / 100
    while True:
        if kind in (0, 1):
            day, total, number = day + timedelta(days=7), fixed, number + rng.randint(1, 60)
        elif kind == 2:
            day, total, number = (
                day + timedelta(days=rng.randint(1, 3)),
                rng.choice(_FILLS),
                number + rng.randint(1, 2000),
            )
        elif kind == 3:
            day, total = day + timedelta(days=rng.randint(0, 2)), Decimal(rng.randint(1_000, 400_000)) / 100
            number += rng.randint(1, 300)
        else:
            day, total = day + timedelta(days=7), fixed
            number = int(f"{day:%Y%m%d}")
        yield Bill(supplier, f"{prefix}{number:05d}", day, total)


Disguise = Callable[[random.Random, Bill], tuple[Bill, Bill]]


def _numbered(change: Callable[[random.Random, str], str]) -> Disguise:
    return lambda rng, bill: (bill, replace(bill, number=change(rng, bill.number or "")))


def _split(number: str) -> tuple[str, str]:
    digits = number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ-/ ")
    return number.removesuffix(digits), digits


def _other_case(rng: random.Random, number: str) -> str:
    return rng.choice((number.lower(), number.title()))


def _zeros(rng: random.Random, number: str) -> str:
    letters, digits = _split(number)
    return letters + rng.choice((digits.lstrip("0"), "0" * rng.randint(1, 4) + digits))


def _prefix(rng: random.Random, number: str) -> str:
    return rng.choice(("", "Invoice ", "INV", "#", "Bill no. ")) + _split(number)[1]


def _dashes(rng: random.Random, number: str) -> str:
    letters, digits = _split(number)
    return letters.strip("-/ ") + rng.choice(("", " ", "-", "/", " - ", "\u2013")) + digits


def _another_day(rng: random.Random, bill: Bill) -> tuple[Bill, Bill]:
    return bill, replace(bill, issued_on=bill.issued_on + timedelta(days=rng.choice((-1, 1))))


def _close(rng: random.Random, bill: Bill) -> Bill:
    return replace(bill, issued_on=bill.issued_on + timedelta(days=rng.randint(-2, 2)))


_DISGUISES: Final[dict[str, Disguise]] = {
    "case": _numbered(_other_case),
    "zeros": _numbered(_zeros),
    "prefix": _numbered(_prefix),
    "dashes": _numbered(_dashes),
    "date": _another_day,
    "no_number_there": lambda rng, bill: (bill, replace(_close(rng, bill), number=None)),
    "no_number_here": lambda rng, bill: (replace(bill, number=None), _close(rng, bill)),
}
