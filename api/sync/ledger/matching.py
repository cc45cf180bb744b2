"""Which tracking option a cost center means: by id once bound, by name before that. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from api.records.text import name_key

Match = Literal["matched", "spelled_differently", "missing", "archived", "unchecked"]


@dataclass(frozen=True)
class Option:
    """One option of the chosen category."""

    id: str
    name: str
    active: bool


@dataclass(frozen=True)
class Bound:
    """The outcome for one cost center; `option_name` is Xero's spelling."""

    match: Match
    option_id: str | None = None
    option_name: str | None = None


UNCHECKED = Bound("unchecked")


def bind(name: str, option_id: str | None, options: Sequence[Option] | None) -> Bound:
    """Find the option: the one bound before (a rename follows), the same name, or one that differs in spelling."""
    if options is None:
        return UNCHECKED
    bound = next((option for option in options if option.id == option_id), None)
    exact = next((option for option in options if option.name == name and option.active), None)
    usable = bound if bound is not None and bound.active else exact
    if usable is not None:
        return Bound("matched", usable.id, usable.name)
    if bound is not None:
        return Bound("archived", bound.id, bound.name)
    alike = [option for option in options if name_key(option.name) == name_key(name)]
    for option in alike:
        if option.active:
            return Bound("spelled_differently", None, option.name)
    return Bound("archived", None, alike[0].name) if alike else Bound("missing")
