"""The remarks of invoices: read by people, and replaced by what is true now."""

from collections.abc import Collection, Mapping
from uuid import UUID

from api.identity.audit.service import record_event
from api.platform.db.work import UnitOfWork
from api.platform.ids import encode
from api.platform.problems import Problem
from api.records.invoices.repository import InvoiceRepository


class RemarkService:
    """The remarks of the invoices of one business. They are read or unread for all its users."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._invoices = InvoiceRepository(work)

    async def mark_read(self, invoice_id: UUID) -> None:
        """Note that the remarks of an invoice were read, if it has unread ones. Raises NotFound."""
        row = await self._invoices.get(invoice_id, locked=True)
        if row.remarks and row.remarks_read_at is None:
            row.remarks_read_at = await self._work.now()
            record_event(self._work, "invoices.read_remarks", subject=encode("inv", invoice_id))

    async def replace(self, codes: Collection[str], remarks: Mapping[UUID, Problem]) -> None:
        """Of the remarks with these codes, leave only those given, by exported invoice. A new one is unread."""
        for row in await self._invoices.remarked(codes, remarks):
            kept = [remark for remark in row.remarks if remark["code"] not in codes]
            wanted = [*kept, remarks[row.id].as_row()] if row.id in remarks else kept
            if wanted == row.remarks:
                continue
            row.remarks = wanted
            if len(wanted) > len(kept):
                row.remarks_read_at = None
        await self._work.session.flush()
