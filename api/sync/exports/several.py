"""The answers about an invoice that has several documents in Xero: one of them is kept, or Xero is read again."""

from uuid import UUID

from api.identity.audit.service import record_event
from api.platform.db.work import UnitOfWork
from api.platform.errors import FieldError, Invalid
from api.platform.ids import encode
from api.platform.problems import Problem
from api.records.invoices.service import ExportMark, ExportState, InvoiceDocument, InvoiceService
from api.sync.connections.service import ConnectionService
from api.sync.documents.service import DocumentService
from api.sync.exports.asking import document_of
from api.sync.exports.links.repository import InvoiceLinkRepository
from api.sync.exports.problems import KEEP, LOOK_AGAIN, SEVERAL
from api.sync.exports.results import Document
from api.sync.ledger.service import LedgerService, Part


async def answer_several(work: UnitOfWork, invoice_id: UUID, choice: str) -> bool:
    """Link the invoice with the kept document, or look again; whether it is asked. Raises Invalid.

    After a look, the invoice is linked if the mirror has one live document of it. A mirror that is read meanwhile is
    compared by the next look.
    """
    states = await InvoiceService(work).locked_states([invoice_id])
    invoice = await InvoiceService(work).get(invoice_id)
    organisation_id = await ConnectionService(work).known_organisation()
    asked = [each for each in map(Problem.from_row, invoice.problems) if each.code == SEVERAL and each.choices]
    if not asked or organisation_id is None or not states[invoice_id].is_waiting:
        return False
    known = [each.code for each in asked[0].choices]
    if choice not in known:
        raise Invalid(errors=[FieldError("unknown_choice", f"Choose {' or '.join(known)}.", pointer="#/choice")])
    kept = await _only_one(work, organisation_id, invoice_id) if choice == LOOK_AGAIN else UUID(choice[len(KEEP) :])
    await LedgerService(work).renew([Part.DOCUMENTS])
    if kept is None:
        return True
    await _link(work, organisation_id, invoice, kept)
    record_event(
        work,
        "invoices.answer",
        subject=encode("inv", invoice_id),
        problem=SEVERAL,
        choice=choice,
        xero_invoice_id=str(kept),
    )
    return True


async def _only_one(work: UnitOfWork, organisation_id: UUID, invoice_id: UUID) -> UUID | None:
    marked = (await DocumentService(work).by_marker(organisation_id, [invoice_id])).get(invoice_id)
    return marked.live[0].xero_invoice_id if marked is not None and len(marked.live) == 1 else None


async def _link(work: UnitOfWork, organisation_id: UUID, invoice: InvoiceDocument, kept: UUID) -> None:
    mirrored = (await DocumentService(work).by_xero_ids(organisation_id, [kept])).get(kept)
    document = Document.mirrored(mirrored) if mirrored else Document(kept, None, None, (), ())
    if not await InvoiceLinkRepository(work).link_by_person(organisation_id, {invoice.id: document}):
        return
    url = document_of(invoice.kind, mirrored, await LedgerService(work).short_code()).url if mirrored else None
    mark = ExportMark(ExportState.EXPORTED, exported_at=await work.now(), external_url=url)
    await InvoiceService(work).mark({invoice.id: mark})
