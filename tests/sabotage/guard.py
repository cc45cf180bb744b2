"""A guard of the promise "exactly once", and how it is taken out of a copy of the source."""

from dataclasses import dataclass
from pathlib import Path


class StaleGuard(Exception):
    """The text of a guard is not in its file exactly once: the source has changed since the entry was written."""


@dataclass(frozen=True)
class Change:
    """One replacement in one file."""

    file: str
    before: str
    after: str

    def applied(self, root: Path) -> str:
        """The source of the file without the guard."""
        source = (root / self.file).read_text("utf-8")
        if (count := source.count(self.before)) != 1:
            raise StaleGuard(f"{self.file} has this text {count} times instead of once:\n{self.before}")
        return source.replace(self.before, self.after)


@dataclass(frozen=True)
class Guard:
    """A guard in plain words, the changes that take it out, and the test that has to fail without it.

    Guards that replace each other are one entry with a change for each of them; its name says so.
    """

    name: str
    test: str
    changes: tuple[Change, ...]

    @property
    def files(self) -> str:
        """The changed files."""
        return ", ".join(dict.fromkeys(change.file for change in self.changes))

    def take_out(self, root: Path) -> None:
        """Change the files below `root`."""
        for change in self.changes:
            (root / change.file).write_text(change.applied(root), "utf-8")


def guard(name: str, test: str, file: str, before: str, after: str) -> Guard:
    """A guard that is taken out by one replacement."""
    return Guard(name, test, (Change(file, before, after),))
