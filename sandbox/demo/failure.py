"""The error that ends the demo."""

from __future__ import annotations

from collections.abc import Sequence


class Failure(Exception):
    """What failed, how to fix it, and the last lines of the log or reply that shows the cause."""

    def __init__(self, what: str, remedy: str, last_lines: Sequence[str] = ()) -> None:
        super().__init__(what)
        self.what, self.remedy, self.last_lines = what, remedy, last_lines
