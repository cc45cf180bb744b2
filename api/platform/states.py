"""State tables: which state may follow which, checked in Python and written into SQL constraints."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

S = TypeVar("S", bound=StrEnum)


class Transitions(dict[S, tuple[S, ...]]):
    """The states that may follow each state, for one column of a table."""

    def __init__(self, column: str, following: Mapping[S, tuple[S, ...]]) -> None:
        super().__init__(following)
        self.column = column


def move(row: object, transitions: Transitions[S], after: S) -> None:
    """Set the next state of a row. A transition that the table does not have is a bug: it raises AssertionError."""
    before = type(after)(getattr(row, transitions.column))
    require_transition(transitions, before, after)
    setattr(row, transitions.column, after)


def require_transition(transitions: Mapping[S, Collection[S]], before: S, after: S) -> None:
    """Assert that `after` may follow `before`; staying in a state is always allowed."""
    if after != before and after not in transitions[before]:
        raise AssertionError(f"{before} may not become {after}")


def sources_of(transitions: Mapping[S, Collection[S]], after: S) -> list[S]:
    """The states that may become `after`, and `after` itself."""
    return [before for before, following in transitions.items() if before == after or after in following]


def sql_in(column: str, states: Iterable[StrEnum]) -> str:
    """An SQL condition for a constraint or a partial index: `state IN ('queued', 'running')`."""
    values = ", ".join(f"'{state.value}'" for state in states)
    return f"{column} IN ({values})"
