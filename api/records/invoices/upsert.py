"""Creating and changing invoices by the hundred, by their external ids."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.platform.db.work import UnitOfWork
from api.platform.errors import FieldError
from api.records.batch import Batch, Element
from api.records.invoices.composing import Composition, approval_errors, compose, read_references
from api.records.invoices.errors import InvoiceApproved, NumberTaken
from api.records.invoices.models import Invoice
from api.records.invoices.repository import InvoiceRepository
from api.records.invoices.schemas import InvoiceElementIn
from api.records.invoices.writing import (
    approve,
    fixed_field_errors,
    revise,
    says_the_same,
    stored_content,
    stored_taxes,
    write_content,
)  # fmt: skip


class Upsert:
    """One batch on its way into the database."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._invoices = InvoiceRepository(work)
        self._compositions: dict[str | None, Composition] = {}

    async def run(self, raw: Sequence[Any]) -> list[Element[InvoiceElementIn]]:
        """Create, merge-patch or reject each element for itself; what became of it, in the order sent."""
        batch = Batch(InvoiceElementIn, raw)
        rows = await self._invoices.whole_by_external_id(batch.external_ids)
        sound = batch.read({external_id: stored_content(row) for external_id, row in rows.items()})
        await self._compose(sound, rows)
        await self._refuse_taken_numbers(batch.sound, rows)
        batch.store(rows, self._create, self._change)
        await self._work.session.flush()
        return batch.elements

    async def _compose(
        self, sound: Sequence[tuple[Element[Any], InvoiceElementIn]], rows: Mapping[str, Invoice]
    ) -> None:
        references = await read_references(self._work, [content for _, content in sound])
        for element, content in sound:
            row = rows.get(content.external_id or "")
            if row is not None and row.status == "approved":
                if not says_the_same(row, content):
                    element.refuse([FieldError(InvoiceApproved.code, InvoiceApproved.remedy, pointer="#")])
                continue
            kept = stored_taxes(row) if row is not None and "lines" not in (element.raw or {}) else None
            composition, errors = compose(content, references, kept)
            if row is not None:
                errors += fixed_field_errors(row, content)
            if composition is not None:
                self._compositions[content.external_id] = composition
                if content.approve:
                    errors += approval_errors(len(content.lines), composition.totals.total)
            element.refuse(errors)

    async def _refuse_taken_numbers(
        self, sound: Sequence[tuple[Element[Any], InvoiceElementIn]], rows: Mapping[str, Invoice]
    ) -> None:
        own = [(element, content.number) for element, content in sound if content.kind == "customer"]
        taken = await self._invoices.customer_numbers({number for _, number in own})
        claimed: set[str] = set()
        for element, number in own:
            row = rows.get(element.external_id or "")
            holder = taken.get(number)
            if number in claimed or (holder is not None and (row is None or holder != row.id)):
                element.refuse([FieldError(NumberTaken.code, NumberTaken.remedy, pointer="#/number")])
            claimed.add(number)

    def _create(self, content: InvoiceElementIn) -> Invoice:
        row = Invoice.draft(self._work.business_id)
        write_content(row, content, self._compositions[content.external_id])
        if content.approve:
            approve(row)
        self._work.session.add(row)
        return row

    def _change(self, row: Invoice, content: InvoiceElementIn) -> bool:
        if row.status == "approved":
            return False
        revised = revise(row, content, self._compositions[content.external_id])
        return (content.approve and approve(row)) or revised
