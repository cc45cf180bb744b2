"""Invoices of a business: drafts, approval, and their state in the ledger."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Subquery

from api.identity.audit.service import AuditService, History, record_event
from api.platform.db.work import UnitOfWork
from api.platform.errors import FieldError, Invalid, NotFound
from api.platform.http.paging import Paging
from api.platform.http.versions import ANY_VERSION, ExpectedVersion
from api.platform.ids import encode
from api.platform.states import move
from api.records.batch import Element
from api.records.clashes import ExternalIdTaken, refuse_taken
from api.records.contacts.service import ContactService
from api.records.content import checked, merged
from api.records.invoices.composing import Composition, TaxChoice, approval_errors, compose, read_references
from api.records.invoices.documents import DocumentLine, ExportMark, InvoiceDocument, InvoiceState
from api.records.invoices.errors import InvoiceExported, InvoiceInExport, NumberTaken, SelectionChanged
from api.records.invoices.filters import InvoiceFilter
from api.records.invoices.freeing import free_invoices
from api.records.invoices.lists.repository import InvoiceListRepository
from api.records.invoices.models import Invoice
from api.records.invoices.remarks import RemarkService
from api.records.invoices.repository import InvoiceRepository
from api.records.invoices.results import (
    UNKNOWN_INVOICE,
    ChangedInvoice,
    Result,
    Results,
)
from api.records.invoices.schemas import InvoiceChange, InvoiceElementIn, InvoiceIn, InvoiceOut
from api.records.invoices.searching import Joined
from api.records.invoices.selection import (
    MAX_SELECTED,
    SelectedIds,
    SelectedMatching,
    SelectedOut,
    Selection,
    SelectionIn,
)
from api.records.invoices.standing import StandingInvoice, StandingProblemService, Twin, waiting_invoices
from api.records.invoices.states import IN_EXPORT, IN_LEDGER, INVOICE_TRANSITIONS, LIVE_IN_LEDGER, ExportState
from api.records.invoices.upsert import Upsert
from api.records.invoices.writing import (
    approve,
    check_soon,
    fixed_field_errors,
    record_change,
    refusal_to_change,
    refusal_to_delete,
    refusal_to_exclude,
    revise,
    stored_content,
    stored_taxes,
    withdraw_approval,
    write_content,
)
from api.records.jobs.service import JobService

__all__ = [
    "INVOICE_TRANSITIONS",
    "IN_EXPORT",
    "IN_LEDGER",
    "LIVE_IN_LEDGER",
    "UNKNOWN_INVOICE",
    "DocumentLine",
    "ExportMark",
    "ExportState",
    "InvoiceDocument",
    "InvoiceExported",
    "InvoiceFilter",
    "InvoiceInExport",
    "InvoiceService",
    "InvoiceState",
    "NumberTaken",
    "RemarkService",
    "Result",
    "Results",
    "SelectedIds",
    "SelectedMatching",
    "SelectedOut",
    "Selection",
    "SelectionChanged",
    "SelectionIn",
    "StandingInvoice",
    "StandingProblemService",
    "Twin",
    "free_invoices",
    "waiting_invoices",
]


class InvoiceService:
    """The invoices of one business."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._invoices = InvoiceRepository(work)
        self._lists = InvoiceListRepository(work)

    async def get(self, invoice_id: UUID) -> InvoiceDocument:
        """Read one invoice. Raises NotFound."""
        documents = await self.documents([invoice_id])
        if not documents:
            raise NotFound
        return documents[0]

    async def history(self, invoice_id: UUID, paging: Paging) -> History:
        """What was done with the invoice, newest first. Raises NotFound."""
        await self._invoices.get(invoice_id)
        return await AuditService(self._work).history(paging, encode("inv", invoice_id))

    async def create(self, content: InvoiceIn) -> InvoiceDocument:
        """Create a draft. Raises Invalid with every error, NumberTaken, ExternalIdTaken."""
        composition = await self._composed(content, None, [])
        await self._refuse_taken(content, None)
        row = Invoice.draft(self._work.business_id)
        write_content(row, content, composition)
        self._work.session.add(row)
        self._note("invoices.create", row)
        await self._work.session.flush()
        return await self.get(row.id)

    async def change(
        self, invoice_id: UUID, change: InvoiceChange, expected: ExpectedVersion = ANY_VERSION
    ) -> ChangedInvoice:
        """Apply a merge-patch. Without `lines` in the patch the lines keep their tax. Raises InvoiceInExport."""
        row = await self._whole(invoice_id, expected)
        if refusal := refusal_to_change(row):
            raise refusal
        patch = change.model_dump(exclude_unset=True)
        content, errors = checked(InvoiceIn, merged(stored_content(row, patch), patch))
        if content is None:
            raise Invalid(errors=errors)
        kept = None if "lines" in patch else stored_taxes(row)
        composition = await self._composed(content, kept, fixed_field_errors(row, content))
        await self._refuse_taken(content, row.id)
        revision = revise(row, content, composition)
        if revision.is_new_version:
            record_change(self._work, row, revision)
        await self._work.session.flush()
        return ChangedInvoice(await self.get(invoice_id), revision.approval_withdrawn)

    async def delete(self, invoice_id: UUID, expected: ExpectedVersion = ANY_VERSION) -> None:
        """Delete a draft that never was in the ledger."""
        row = await self._whole(invoice_id, expected)
        if refusal := refusal_to_delete(row):
            raise refusal
        self._note("invoices.delete", row)
        await self._invoices.delete(row)

    async def upsert(self, raw: Sequence[Any]) -> list[Element[InvoiceElementIn]]:
        """Create or merge-patch each element by its external id; returns the elements in the order of the request."""
        return await Upsert(self._work).run(raw)

    async def approve(self, invoice_id: UUID, expected: ExpectedVersion = ANY_VERSION) -> InvoiceDocument:
        """Approve a draft. Raises Invalid without lines or with a negative total. Approving twice changes nothing."""
        row = await self._whole(invoice_id, expected)
        if row.status == "draft" and (errors := approval_errors(len(row.lines), row.total)):
            raise Invalid(errors=errors)
        if approve(row):
            self._note("invoices.approve", row)
            await self._work.session.flush()
        return await self.get(invoice_id)

    async def withdraw_approval(self, invoice_id: UUID, expected: ExpectedVersion = ANY_VERSION) -> None:
        """Make an approved invoice a draft again. Raises InvoiceInExport while it is in an export."""
        row = await self._settled(invoice_id, expected)
        if row.status == "approved":
            withdraw_approval(row)
            self._note("invoices.withdraw_approval", row)

    async def exclude(self, invoice_id: UUID, expected: ExpectedVersion = ANY_VERSION) -> InvoiceDocument:
        """Exclude an invoice from exports. Raises InvoiceExported when we have exported it."""
        row = await self._settled(invoice_id, expected)
        if refusal := refusal_to_exclude(row.export_state):
            raise refusal
        if row.export_state != ExportState.EXCLUDED:
            move(row, INVOICE_TRANSITIONS, ExportState.EXCLUDED)
            # Remarks are about a document in the ledger; a problem is about the invoice and stays.
            row.remarks, row.remarks_read_at = [], None
            self._note("invoices.exclude", row)
            await self._work.session.flush()
        return await self.get(invoice_id)

    async def include(self, invoice_id: UUID, expected: ExpectedVersion = ANY_VERSION) -> None:
        """Include an excluded invoice in exports again."""
        row = await self._settled(invoice_id, expected)
        if row.export_state == ExportState.EXCLUDED:
            move(row, INVOICE_TRANSITIONS, ExportState.NOT_EXPORTED)
            self._note("invoices.include", row)

    async def summaries(self, ids: Sequence[UUID]) -> list[InvoiceDocument]:
        """Read invoices without their lines in the order of the ids; unknown ids are left out."""
        heads = await self._lists.heads(ids, self._joined())
        return [InvoiceDocument(**heads[id], lines=()) for id in ids if id in heads]

    def table(self, ids: Collection[UUID]) -> Subquery:
        """These invoices without lines, for statements of other packages to join."""
        return self._lists.table(ids, self._joined())

    async def documents(self, ids: Sequence[UUID]) -> list[InvoiceDocument]:
        """Read whole invoices in the order of the ids; unknown ids are left out."""
        heads = await self._lists.heads(ids, self._joined())
        lines = await self._invoices.lines(heads)
        return [InvoiceDocument(**heads[id], lines=lines.get(id, ())) for id in ids if id in heads]

    async def resolve(self, wanted: InvoiceFilter, except_ids: Collection[UUID]) -> list[UUID]:
        """The ids of at most 10,001 invoices of the filter, oldest first. It has drafts only if the filter has them."""
        limit = MAX_SELECTED + 1  # one more than can be selected, so that a larger selection is noticed
        return await self._lists.oldest(wanted, self._joined(), except_ids=except_ids, limit=limit)

    async def chosen(self, selection: SelectedIds | SelectedMatching) -> list[UUID]:
        """The selected ids in order, each once; SelectionChanged when another number matches than was shown."""
        if isinstance(selection, SelectedIds):
            return list(dict.fromkeys(selection.ids))
        ids = await self.resolve(selection.filter, selection.except_ids)
        if len(ids) > MAX_SELECTED:
            detail = f"More than {MAX_SELECTED:,} invoices match. Narrow the filter and select them in parts."
            raise Invalid(errors=[FieldError("too_many", detail, pointer="#/selection/filter")])
        if len(ids) != selection.expected_count:
            matching = "1 invoice matches" if len(ids) == 1 else f"{len(ids):,} invoices match"
            counts = f"{matching} now, not {selection.expected_count:,}."
            raise SelectionChanged(f"{counts} {SelectionChanged.remedy}")
        if not ids:
            raise Invalid(errors=[FieldError("nothing_selected", "No invoice matches.", pointer="#/selection/filter")])
        return ids

    async def locked_states(self, ids: Collection[UUID]) -> dict[UUID, InvoiceState]:
        """Read the states of these invoices and lock the rows in the order of their ids; unknown ids are left out."""
        rows = await self._invoices.locked(ids)
        return {row.id: InvoiceState(row.status, row.export_state, row.kind, row.number, row.version) for row in rows}

    async def queue(self, ids: Collection[UUID]) -> None:
        """Mark these invoices as queued for an export. Content, version and problems do not change."""
        await self._invoices.move(ids, ExportState.QUEUED)

    async def mark(self, marks: Mapping[UUID, ExportMark]) -> None:
        """Store the effects of an export on these invoices. Content and version do not change."""
        if marks:
            await self._invoices.mark(marks)

    def _joined(self) -> Joined:
        return Joined(ContactService(self._work).table(), JobService(self._work).table())

    async def _composed(
        self, content: InvoiceIn, kept: Sequence[TaxChoice] | None, errors: Sequence[FieldError]
    ) -> Composition:
        composition, more = compose(content, await read_references(self._work, [content]), kept)
        if composition is None or errors:
            raise Invalid(errors=[*errors, *more])
        return composition

    async def _refuse_taken(self, content: InvoiceIn, owner: UUID | None) -> None:
        if content.kind == "customer" and content.number is not None:
            holder = (await self._invoices.customer_numbers({content.number})).get(content.number.lower())
            if holder not in (None, owner):
                raise NumberTaken(errors=[FieldError(NumberTaken.code, NumberTaken.remedy, pointer="#/number")])
        await refuse_taken(self._invoices, Invoice.external_id, content.external_id, ExternalIdTaken, owner=owner)

    async def _whole(self, invoice_id: UUID, expected: ExpectedVersion) -> Invoice:
        row = await self._invoices.whole(invoice_id)
        await expected.check(InvoiceOut, lambda: self.get(invoice_id))
        return row

    async def _settled(self, invoice_id: UUID, expected: ExpectedVersion) -> Invoice:
        row = await self._invoices.get(invoice_id, locked=True)
        await expected.check(InvoiceOut, lambda: self.get(invoice_id))
        if row.export_state in IN_EXPORT:
            raise InvoiceInExport
        return row

    def _note(self, action: str, row: Invoice) -> None:
        record_event(self._work, action, subject=encode("inv", row.id))
        check_soon(self._work)
