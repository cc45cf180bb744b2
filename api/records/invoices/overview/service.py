"""The overview of the invoices of one business, read in the round trip that identifies the caller."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any

from api.identity.reader import Reader
from api.platform.db.reads import STATEMENTS, Read, ReadRow
from api.records.invoices.overview.repository import OverviewRepository
from api.records.money import CurrencyTotal


@dataclass(frozen=True)
class GroupView:
    """Invoices of one kind with the same cause."""

    kind: str
    group: str
    code: str | None
    title: str | None
    count: int
    totals: Sequence[CurrencyTotal]
    approved_since: datetime


@dataclass(frozen=True)
class OverviewView:
    """The groups that have an invoice."""

    items: Sequence[GroupView]


async def overview_of_invoices(reader: Reader) -> OverviewView:
    """What can be exported and what needs a person, by kind and cause."""
    (rows,) = await reader.fetch(_groups())
    return OverviewView([_joined(list(same)) for _, same in groupby(rows, _cause)])


def _cause(row: ReadRow) -> tuple[Any, ...]:
    return row["kind"], row["group"], row["code"]


def _joined(rows: Sequence[ReadRow]) -> GroupView:
    """One group of rows that differ by their currency only."""
    kind, group, code = _cause(rows[0])
    return GroupView(
        kind=kind,
        group=group,
        code=code,
        title=rows[0]["title"],
        count=sum(row["count"] for row in rows),
        totals=[CurrencyTotal(currency=row["currency"], total=row["total"]) for row in rows],
        approved_since=min(row["approved_since"] for row in rows),
    )


@cache
def _groups() -> Read:
    return Read.of(OverviewRepository(STATEMENTS).groups())
