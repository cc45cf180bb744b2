"""A problem: a reason why something cannot be done. A remark has the same shape and says what deserves a look."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypedDict

Source: TypeAlias = Literal["check", "xero"]


class FixRow(TypedDict):
    """A fix as it is stored."""

    label: str
    href: str


class LedgerDocumentRow(TypedDict):
    """A document of the ledger as it is stored."""

    number: str | None
    issued_on: str | None
    total: str | None
    currency: str | None
    url: str | None


class ChoiceRow(TypedDict):
    """A choice as it is stored."""

    code: str
    label: str
    document: LedgerDocumentRow | None


class ProblemRow(TypedDict):
    """A problem as it is stored in a JSONB column; `ProblemOut` has the same fields."""

    code: str
    title: str
    detail: str
    pointer: str | None
    fix: FixRow | None
    source: Source
    xero_message: str | None
    choices: list[ChoiceRow]


@dataclass(frozen=True)
class Fix:
    """The place in the app where a problem is fixed: the text of a button and a path."""

    label: str
    href: str


@dataclass(frozen=True)
class LedgerDocument:
    """A document of the ledger that a person compares with an invoice; its date and amount as the API shows them."""

    number: str | None
    issued_on: str | None
    total: str | None
    currency: str | None
    url: str | None


@dataclass(frozen=True)
class Choice:
    """One of the answers a person can give to a problem, with the document that it is about, if there is one."""

    code: str
    label: str
    document: LedgerDocument | None = None

    def as_row(self) -> ChoiceRow:
        """The choice for a JSONB column."""
        shown = self.document
        document: LedgerDocumentRow | None = None
        if shown is not None:
            document = {
                "number": shown.number,
                "issued_on": shown.issued_on,
                "total": shown.total,
                "currency": shown.currency,
                "url": shown.url,
            }
        return {"code": self.code, "label": self.label, "document": document}

    @classmethod
    def from_row(cls, row: ChoiceRow) -> "Choice":
        """The choice as `as_row` stored it."""
        document = LedgerDocument(**row["document"]) if row["document"] else None
        return cls(row["code"], row["label"], document)


@dataclass(frozen=True)
class Problem:
    """One problem or remark about one invoice, contact or task.

    `pointer` is a JSON Pointer to a field of that resource. `source` says who reports it: our own check, or Xero.
    `xero_message` is Xero's own text.
    """

    code: str
    title: str
    detail: str
    pointer: str | None = None
    fix: Fix | None = None
    source: Source = "check"
    xero_message: str | None = None
    choices: tuple[Choice, ...] = ()

    def as_row(self) -> ProblemRow:
        """The problem for a JSONB column."""
        return {
            "code": self.code,
            "title": self.title,
            "detail": self.detail,
            "pointer": self.pointer,
            "fix": {"label": self.fix.label, "href": self.fix.href} if self.fix else None,
            "source": self.source,
            "xero_message": self.xero_message,
            "choices": [choice.as_row() for choice in self.choices],
        }

    @classmethod
    def from_row(cls, row: ProblemRow) -> "Problem":
        """The problem as `as_row` stored it."""
        return cls(
            code=row["code"],
            title=row["title"],
            detail=row["detail"],
            pointer=row["pointer"],
            fix=Fix(**row["fix"]) if row["fix"] else None,
            source=row["source"],
            xero_message=row["xero_message"],
            choices=tuple(map(Choice.from_row, row["choices"])),
        )


def as_rows(problems: Iterable[Problem]) -> list[ProblemRow]:
    """Problems for a JSONB column, in their order."""
    return [problem.as_row() for problem in problems]


@dataclass(frozen=True)
class ProblemKind:
    """What a code means. `status` is None for kinds that only describe a resource and never answer a request."""

    code: str
    title: str
    remedy: str
    status: int | None = None


Catalogue: TypeAlias = Mapping[str, ProblemKind]


def joined_catalogue(*groups: Iterable[ProblemKind]) -> Catalogue:
    """All kinds by code, sorted. AssertionError when one code has two meanings."""
    catalogue: dict[str, ProblemKind] = {}
    for kind in (kind for group in groups for kind in group):
        known = catalogue.setdefault(kind.code, kind)
        assert known == kind, f"the problem code {kind.code} has two meanings: {known} and {kind}"
    return dict(sorted(catalogue.items()))
