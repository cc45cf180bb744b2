"""State tables: which state may follow which, checked in Python and written into SQL constraints."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

S = TypeVar("S", bound=StrEnum)


def require_transition(transitions: Mapping[S, Collection[S]], before: S, after: S) -> None:
    """Assert that `after` may follow `before`; staying in a state is always allowed."""
    assert after == before or after in transitions[before], f"{before} may not become {after}"


def sources_of(transitions: Mapping[S, Collection[S]], after: S) -> list[S]:
    """The states that may become `after`, and `after` itself."""
    return [before for before, following in transitions.items() if before == after or after in following]


def sql_in(column: str, states: Iterable[StrEnum]) -> str:
    """An SQL condition for a constraint or a partial index: `state IN ('queued', 'running')`."""
    values = ", ".join(f"'{state.value}'" for state in states)
    return f"{column} IN ({values})"
