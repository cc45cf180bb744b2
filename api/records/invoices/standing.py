"""What stands against invoices that are approved and not sent."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.problems import ProblemRow
from api.records.invoices.held.repository import StandingProblemRepository, waiting_invoices
from api.records.invoices.states import ExportState

__all__ = ["StandingInvoice", "StandingProblemService", "Twin", "waiting_invoices"]


@dataclass(frozen=True)
class StandingInvoice:
    """The states of an invoice and its stored problems."""

    status: str
    export_state: str
    problems: list[ProblemRow]

    @property
    def is_waiting(self) -> bool:
        """Whether it is approved and not sent."""
        return self.status == "approved" and self.export_state == ExportState.NOT_EXPORTED

    @property
    def may_be_checked(self) -> bool:
        """Whether its problems say what stands against it. In an export and in the ledger they say what happened."""
        return self.export_state in (ExportState.NOT_EXPORTED, ExportState.EXCLUDED)


@dataclass(frozen=True)
class Twin:
    """A bill with the number of another one."""

    issued_on: date
    total: Decimal
    currency: str


@dataclass(frozen=True)
class InvoiceSibling:
    """An invoice like another one: what tells the two apart."""

    number: str | None
    issued_on: date


class StandingProblemService:
    """The problems of the invoices of one business that are not sent."""

    def __init__(self, work: UnitOfWork) -> None:
        self._problems = StandingProblemRepository(work)

    async def waiting(self, contact_ids: Collection[UUID] | None = None) -> Sequence[UUID]:
        """The invoices that are approved and not sent; only those of these contacts, if contacts are given."""
        return await self._problems.waiting(contact_ids)

    async def refused(self, codes: Collection[str]) -> dict[UUID, list[ProblemRow]]:
        """The problems of the waiting invoices that the ledger has refused for one of these codes."""
        return {row.id: row.problems for row in await self._problems.refused(codes)}

    async def waiting_contacts(self) -> set[UUID]:
        """The contacts of the invoices that are approved and not sent."""
        return await self._problems.waiting_contacts()

    async def twins(self, invoice_ids: Collection[UUID]) -> dict[UUID, Twin]:
        """By bill: another approved bill of its supplier and number in any case that nobody has distinguished."""
        return {row.id: Twin(row.issued_on, row.total, row.currency) for row in await self._problems.twins(invoice_ids)}

    async def note_different(self, invoice_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
        """Remember of these bills that those with the same number are others; gives the others of each."""
        return await self._problems.note_different(invoice_ids)

    async def siblings(self, invoice_ids: Collection[UUID]) -> dict[UUID, list[InvoiceSibling]]:
        """By invoice: other approved ones of the same contact, kind, currency and total, dated within two weeks."""
        siblings: dict[UUID, list[InvoiceSibling]] = {}
        for row in await self._problems.siblings(invoice_ids):
            siblings.setdefault(row.id, []).append(InvoiceSibling(row.number, row.issued_on))
        return siblings

    async def locked(self, invoice_ids: Collection[UUID]) -> dict[UUID, StandingInvoice]:
        """These invoices, locked; those that another transaction has locked are left out."""
        rows = await self._problems.locked(invoice_ids)
        return {row.id: StandingInvoice(row.status, row.export_state, row.problems) for row in rows}

    async def unknown(self, invoice_ids: Collection[UUID]) -> set[UUID]:
        """Those of these ids that are not of an invoice any more."""
        return set(invoice_ids) - await self._problems.known(invoice_ids) if invoice_ids else set()

    async def replace(self, problems: Mapping[UUID, Sequence[ProblemRow]]) -> None:
        """Store the problems of these invoices. Content and version do not change."""
        if problems:
            await self._problems.replace(problems)
