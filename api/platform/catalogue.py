"""Every problem code there is, with its words: the error classes, and what rooms publish beside them."""

from collections.abc import Iterable
from dataclasses import dataclass

from api.platform.errors import every_error


@dataclass(frozen=True)
class ProblemKind:
    """What one code means; without a status it is told about an item of a run, not as an answer of its own."""

    code: str
    title: str
    remedy: str
    status: int | None = None


_published: dict[str, ProblemKind] = {}


def publish(kinds: Iterable[ProblemKind]) -> None:
    """Add codes that no error class has: a room calls this once, where it defines them."""
    _published.update((kind.code, kind) for kind in kinds)


def catalogue() -> dict[str, ProblemKind]:
    """All problem kinds by code, in the order of the alphabet."""
    told: dict[str, ProblemKind] = {}
    for error in sorted(every_error(), key=lambda error: error.status):  # a code may come with two statuses
        told.setdefault(error.code, ProblemKind(error.code, error.title, error.remedy, error.status))
    return dict(sorted((told | _published).items()))
