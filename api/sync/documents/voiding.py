"""Invoices whose document was voided or deleted in the organisation: they are `voided`."""

from collections.abc import Collection
from uuid import UUID

from api.identity.audit.service import record_events
from api.platform.db.work import UnitOfWork
from api.platform.ids import encode
from api.records.invoices.service import LIVE_IN_LEDGER, ExportMark, ExportState, InvoiceService
from api.sync.documents.repository import MirrorDocumentRepository


async def mark_voided(work: UnitOfWork, organisation_id: UUID, removed: Collection[UUID]) -> None:
    """Mark the exported invoices that are linked with these documents, which were voided or deleted."""
    linked = await MirrorDocumentRepository(work, organisation_id).linked_with(removed) if removed else []
    if not linked:
        return
    states = await InvoiceService(work).locked_states(linked)
    voided = [invoice_id for invoice_id, state in states.items() if state.export_state in LIVE_IN_LEDGER]
    await InvoiceService(work).mark({invoice_id: ExportMark(ExportState.VOIDED) for invoice_id in voided})
    await record_events(work, "invoices.voided_in_xero", [encode("inv", invoice_id) for invoice_id in voided])
