"""What is given back of invoices: counts, changes, and what was done with each of many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple
from uuid import UUID

from api.platform.errors import FieldError
from api.records.invoices.documents import InvoiceDocument

UNKNOWN_INVOICE = FieldError("unknown_invoice", "You have no invoice with this id. It may have been deleted.")
Outcome = Literal["done", "unchanged", "refused"]


@dataclass(frozen=True)
class InvoiceCountsView:
    """Counts of the invoices of a filter: by view for each kind, and in all, exact up to 10,000."""

    customer: Mapping[str, int]
    supplier: Mapping[str, int]
    count: int
    more: bool


class ChangedInvoice(NamedTuple):
    """An invoice after a change."""

    invoice: InvoiceDocument
    approval_withdrawn: bool


@dataclass(frozen=True)
class Result:
    """What was done with one invoice."""

    invoice_id: UUID
    number: str | None
    outcome: Outcome
    approval_withdrawn: bool = False
    errors: Sequence[FieldError] = ()


@dataclass(frozen=True)
class Results:
    """The results in the order of the selection, and how many there are of each outcome."""

    results: Sequence[Result]

    @property
    def total(self) -> int:
        """How many invoices were selected."""
        return len(self.results)

    @property
    def done(self) -> int:
        """How many were changed."""
        return self._count("done")

    @property
    def unchanged(self) -> int:
        """How many were so already."""
        return self._count("unchanged")

    @property
    def refused(self) -> int:
        """How many could not be changed."""
        return self._count("refused")

    def _count(self, outcome: Outcome) -> int:
        return sum(result.outcome == outcome for result in self.results)
