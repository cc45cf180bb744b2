"""Which tracking option a cost center means: by id once bound, by name before that. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal

from api.records.text import name_key, search_key

_NEAR: Final = 0.85  # one wrong or missing letter in about seven
_DIGITS: Final = re.compile(r"\d+")

Match = Literal["matched", "spelled_differently", "missing", "archived", "unchecked"]


@dataclass(frozen=True)
class Option:
    """One option of the chosen category."""

    id: str
    name: str
    active: bool


@dataclass(frozen=True)
class Bound:
    """The outcome for one cost center; `option_name` is Xero's spelling.

    `is_certain` of a name that is spelled differently: it is the same but for accents, quotes, dashes, blanks and case,
    and no other option is. Else the option is a guess.
    """

    match: Match
    option_id: str | None = None
    option_name: str | None = None
    is_certain: bool = False


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
    active = [option for option in options if option.active]
    meant = _nearest(name, active)
    if meant is not None:
        same = [option for option in active if _spelling(option.name) == _spelling(name)]
        return Bound("spelled_differently", None, meant.name, is_certain=same == [meant])
    archived = next((option for option in options if name_key(option.name) == name_key(name)), None)
    return Bound("archived", None, archived.name) if archived is not None else Bound("missing")


def _nearest(name: str, options: Sequence[Option]) -> Option | None:
    """The option whose spelling is nearest: accents, quotes, dashes, blanks and a slip do not count, numbers do."""
    wanted = _spelling(name)
    near = [
        (SequenceMatcher(None, wanted, spelling, autojunk=False).ratio(), option)
        for option in options
        if _DIGITS.findall(spelling := _spelling(option.name)) == _DIGITS.findall(wanted)
    ]
    ratio, option = max(near, key=lambda each: each[0], default=(0.0, None))
    return option if ratio >= _NEAR else None


def _spelling(name: str) -> str:
    return search_key(name_key(name)).replace(" ", "")
