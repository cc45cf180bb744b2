"""Upserts of up to 500 invoices by their external ids."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.identity.audit.service import record_event
from api.platform.db.work import UnitOfWork
from api.platform.errors import FieldError
from api.platform.ids import encode
from api.records.batch import Batch, Element
from api.records.invoices.composing import Composition, approval_errors, compose, read_references
from api.records.invoices.errors import NumberTaken
from api.records.invoices.models import Invoice
from api.records.invoices.repository import InvoiceRepository
from api.records.invoices.schemas import InvoiceElementIn
from api.records.invoices.writing import (
    approve,
    check_soon,
    fixed_field_errors,
    has_equal_content,
    record_change,
    refusal_to_change,
    revise,
    stored_content,
    stored_taxes,
    write_content,
)


class Upsert:
    """One batch of invoices."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._invoices = InvoiceRepository(work)
        self._compositions: dict[str | None, Composition] = {}

    async def run(self, raw: Sequence[Any]) -> list[Element[InvoiceElementIn]]:
        """Create, merge-patch or reject each element; returns the elements in the order of the request."""
        batch = Batch(InvoiceElementIn, raw)
        rows = await self._invoices.whole_by_external_id(batch.external_ids)
        valid = batch.read(_stored(batch, rows))
        await self._compose(valid, rows)
        await self._refuse_taken_numbers(batch.valid, rows)
        batch.store(rows, self._create, self._change)
        await self._work.session.flush()
        return batch.elements

    async def _compose(
        self, valid: Sequence[tuple[Element[Any], InvoiceElementIn]], rows: Mapping[str, Invoice]
    ) -> None:
        references = await read_references(self._work, [content for _, content in valid])
        for element, content in valid:
            row = rows.get(content.external_id or "")
            kept = stored_taxes(row) if row is not None and "lines" not in (element.raw or {}) else None
            composition, errors = compose(content, references, kept)
            if row is not None:
                errors += fixed_field_errors(row, content)
            if composition is not None and row is not None and row.status == "approved":
                if has_equal_content(row, content, composition):
                    continue
                if refusal := refusal_to_change(row):
                    errors.append(FieldError(refusal.code, refusal.remedy, pointer="#"))
            if composition is not None:
                self._compositions[content.external_id] = composition
                if content.approve:
                    errors += approval_errors(len(content.lines), composition.totals.total)
            element.refuse(errors)

    async def _refuse_taken_numbers(
        self, valid: Sequence[tuple[Element[Any], InvoiceElementIn]], rows: Mapping[str, Invoice]
    ) -> None:
        own = [(element, content.number) for element, content in valid if content.kind == "customer" and content.number]
        taken = await self._invoices.customer_numbers({number for _, number in own})
        claimed: set[str] = set()
        for element, number in own:
            row = rows.get(element.external_id or "")
            holder = taken.get(number.lower())
            if number.lower() in claimed or (holder is not None and (row is None or holder != row.id)):
                element.refuse([FieldError(NumberTaken.code, NumberTaken.remedy, pointer="#/number")])
            claimed.add(number.lower())

    def _create(self, content: InvoiceElementIn) -> Invoice:
        row = Invoice.draft(self._work.business_id)
        write_content(row, content, self._compositions[content.external_id])
        if content.approve:
            approve(row)
            check_soon(self._work)
        self._work.session.add(row)
        record_event(self._work, "invoices.create", subject=encode("inv", row.id))
        return row

    def _change(self, row: Invoice, content: InvoiceElementIn) -> bool:
        composition = self._compositions.get(content.external_id)
        if composition is None:  # approved, and sent unchanged
            return False
        revision = revise(row, content, composition)
        if revision.is_new_version:
            record_change(self._work, row, revision)
        if not (content.approve and approve(row)):
            return revision.is_new_version
        check_soon(self._work)
        return True


def _stored(batch: Batch[InvoiceElementIn], rows: Mapping[str, Invoice]) -> dict[str, dict[str, Any]]:
    patches = {element.external_id: element.raw for element in batch.elements}
    return {external_id: stored_content(row, patches[external_id]) for external_id, row in rows.items()}
