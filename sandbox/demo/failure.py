"""How the demonstration ends when it cannot go on."""

from __future__ import annotations

from collections.abc import Sequence


class Failure(Exception):
    """What did not work, what to do about it, and the last words of a program that knows more."""

    def __init__(self, what: str, remedy: str, last_words: Sequence[str] = ()) -> None:
        super().__init__(what)
        self.what, self.remedy, self.last_words = what, remedy, last_words
