"""What the parts of the bench write: invoices of one kind, their contacts, and what changes in Xero afterwards."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, TypeVar

Element = dict[str, Any]
T = TypeVar("T")
Kind = str  # customer or supplier
BOTH: Final = ("customer", "supplier")
OF_EACH: Final = 3
REVENUE: Final = {"customer": "REVENUE", "supplier": "DIRECTCOSTS"}
TAXED: Final = {"customer": "OUTPUT2", "supplier": "INPUT2"}
LINE: Final = {"description": "Labour and materials", "quantity": "1", "unit_price": "250.00"}


@dataclass
class Seed:
    """Invoices of one kind. `causes` are the codes of which each has to get at least one; none for sound invoices."""

    name: str
    causes: frozenset[str]
    invoices: list[Element]
    contacts: list[Element] = field(default_factory=list)
    centers: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)  # external ids of contacts that were sent an invoice before
    change: Callable[[], None] | None = None  # in Xero, just before the check


class Pen:
    """Writes elements with external ids and numbers of their own."""

    def __init__(self) -> None:
        self._next = count(1)

    def invoice(self, kind: Kind, *lines: Element, **fields: Any) -> Element:
        """An approved invoice that Xero takes, but for what is given."""
        number = next(self._next)
        base: Element = {
            "external_id": f"seed-{number}",
            "kind": kind,
            "number": f"{'SI' if kind == 'customer' else 'B'}-{number:05}",
            "contact_external_id": f"usual-{kind}-{number % 25}",
            "issued_on": f"2026-{6 + number % 5:02}-{1 + number % 27:02}",
            "due_on": "2026-12-20",
            "approve": True,
            "lines": list(lines) or [line(unit_price=f"{100 + number}.{number % 100:02}")],
        }
        return base | fields

    def some(self, *lines: Element, kinds: tuple[Kind, ...] = BOTH, **fields: Any) -> list[Element]:
        """Three invoices of each kind, or six of the only one."""
        return [self.invoice(kind, *lines, **fields) for kind in spread(kinds)]

    def contact(self, name: str | None, role: Kind = "customer", **fields: Any) -> Element:
        """A company of ours."""
        base = {"external_id": f"contact-{next(self._next)}", "kind": "company", "name": name, "roles": [role]}
        return base | fields


def spread(kinds: tuple[Kind, ...] = BOTH) -> Iterator[Kind]:
    """Six kinds in turn."""
    for _ in range(OF_EACH * 2 // len(kinds)):
        yield from kinds


def line(**fields: Any) -> Element:
    """A line that Xero takes, but for what is given."""
    return {**LINE, **fields}


def for_each(values: Iterable[T], change: Callable[[T], object]) -> Callable[[], None]:
    """A change that makes this change for each of the values."""

    def change_all() -> None:
        for value in values:
            change(value)

    return change_all


def usual_contacts() -> list[Element]:
    """The contacts that most invoices go to."""
    return [
        {"external_id": f"usual-{kind}-{n}", "kind": "company", "name": f"Usual {kind} {n}", "roles": [kind]}
        for kind in BOTH
        for n in range(25)
    ]
