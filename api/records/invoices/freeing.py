"""Freeing invoices whose contact had a problem that is gone."""

from collections.abc import Collection
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.records.invoices.held.repository import HeldInvoiceRepository


async def free_invoices(work: UnitOfWork, contact_ids: Collection[UUID], codes: Collection[str]) -> None:
    """Take the problems with these codes from the invoices of these contacts; the next export sends them."""
    if contact_ids:
        await HeldInvoiceRepository(work).free(contact_ids, codes)
