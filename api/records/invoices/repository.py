"""Invoices of one business."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CursorResult,
    DateTime,
    Row,
    Select,
    TableValuedAlias,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    column,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import selectinload

from api.platform.db.repository import Repository, is_any_of
from api.platform.problems import as_rows
from api.platform.states import sources_of
from api.records.invoices.documents import DocumentLine, ExportMark
from api.records.invoices.models import MONEY, Invoice, InvoiceLine
from api.records.invoices.states import INVOICE_TRANSITIONS, ExportState

_LINE: Final = [getattr(InvoiceLine, field.name) for field in fields(DocumentLine)]


class InvoiceRepository(Repository[Invoice]):
    """Rows of `invoices` and their lines."""

    model = Invoice

    async def whole(self, invoice_id: UUID) -> Invoice:
        """Read and lock one invoice with its lines. Raises NotFound."""
        result = await self.session.execute(self._whole().where(Invoice.id == invoice_id))
        row: Invoice | None = result.scalar_one_or_none()
        if row is None:
            raise self.missing
        return row

    async def whole_by_external_id(self, external_ids: Collection[str]) -> dict[str, Invoice]:
        """Read and lock invoices with their lines, by external id."""
        result = await self.session.execute(self._whole().where(Invoice.external_id.in_(external_ids)))
        return {row.external_id: row for row in result.scalars()}

    async def whole_by_ids(self, invoice_ids: Collection[UUID]) -> dict[UUID, Invoice]:
        """Read and lock invoices with their lines, by id; unknown ids are left out."""
        result = await self.session.execute(self._whole().where(Invoice.id.in_(invoice_ids)))
        return {row.id: row for row in result.scalars()}

    async def decided(self, invoice_ids: Collection[UUID]) -> dict[UUID, Row[Any]]:
        """Read and lock what approval and exclusion depend on: number, states, total and the number of lines, by id."""
        line_count = (
            select(func.count()).where(InvoiceLine.invoice_id == Invoice.id).correlate(Invoice).scalar_subquery()
        )
        columns = (Invoice.id, Invoice.number, Invoice.status, Invoice.export_state, Invoice.total)
        statement: Select[*tuple[Any, ...]] = select(*columns, line_count.label("line_count")).where(
            Invoice.business_id == self.business_id, is_any_of(Invoice.id, invoice_ids)
        )
        rows = await self.session.execute(statement.order_by(Invoice.id).with_for_update(of=Invoice))
        return {row.id: row for row in rows}

    async def approve(self, invoice_ids: Collection[UUID], instant: datetime) -> None:
        """Approve these drafts."""
        await self._set(is_any_of(Invoice.id, invoice_ids), status="approved", approved_at=instant)

    async def move(self, invoice_ids: Collection[UUID], after: ExportState) -> None:
        """Give these invoices another state. They keep their problems; remarks are about an earlier document."""
        allowed = Invoice.export_state.in_(sources_of(INVOICE_TRANSITIONS, after))
        moved = await self._set(
            and_(is_any_of(Invoice.id, invoice_ids), allowed), export_state=after, remarks=[], remarks_read_at=None
        )
        assert moved == len(invoice_ids), "an invoice may not make this transition"

    async def _set(self, condition: ColumnElement[bool], **values: Any) -> int:
        statement = update(Invoice).where(Invoice.business_id == self.business_id, condition).values(**values)
        written = await self.session.execute(statement, execution_options={"synchronize_session": False})
        assert isinstance(written, CursorResult)
        return written.rowcount

    async def customer_numbers(self, numbers: Collection[str]) -> dict[str, UUID]:
        """The ids of the customer invoices with these numbers in any letter case, by the number in lower case."""
        keys = {number.lower() for number in numbers}
        customers = select(Invoice.number_key, Invoice.id).where(
            Invoice.business_id == self.business_id, Invoice.kind == "customer", Invoice.number_key.in_(keys)
        )
        return {row.number_key: row.id for row in await self.session.execute(customers)}

    async def lines(self, invoice_ids: Collection[UUID]) -> dict[UUID, tuple[DocumentLine, ...]]:
        """The lines of these invoices, in order."""
        statement = select(*_LINE, InvoiceLine.invoice_id).where(
            InvoiceLine.business_id == self.business_id, is_any_of(InvoiceLine.invoice_id, invoice_ids)
        )
        by_invoice: dict[UUID, list[DocumentLine]] = {}
        for row in await self.session.execute(statement.order_by(InvoiceLine.position)):
            by_invoice.setdefault(row.invoice_id, []).append(DocumentLine(*row[:-1]))
        return {invoice_id: tuple(lines) for invoice_id, lines in by_invoice.items()}

    def lines_of(self) -> Select[*tuple[Any, ...]]:
        """The statement of the lines of the invoice that is the parameter `invoice_id`, in order."""
        own = select(*_LINE).where(
            InvoiceLine.business_id == self.business_id,
            InvoiceLine.invoice_id == bindparam("invoice_id", type_=Uuid()),
        )
        return own.order_by(InvoiceLine.position)

    async def locked(self, invoice_ids: Collection[UUID]) -> Sequence[Row[Any]]:
        """Read the states of these invoices and lock the rows in the order of their ids."""
        columns = (Invoice.id, Invoice.status, Invoice.export_state, Invoice.kind, Invoice.number, Invoice.version)
        statement: Select[*tuple[Any, ...]] = select(*columns).where(
            Invoice.business_id == self.business_id, is_any_of(Invoice.id, invoice_ids)
        )
        return (await self.session.execute(statement.order_by(Invoice.id).with_for_update())).all()

    async def mark(self, marks: Mapping[UUID, ExportMark]) -> None:
        """Write every mark in one statement; fails when one of them is not a transition of the table."""
        marked = _mark_values(marks)
        is_reset = marked.c.export_state == ExportState.NOT_EXPORTED
        allowed = or_(
            *(
                and_(marked.c.export_state == after, Invoice.export_state.in_(sources_of(INVOICE_TRANSITIONS, after)))
                for after in {mark.export_state for mark in marks.values()}
            )
        )
        statement = update(Invoice).where(Invoice.business_id == self.business_id, Invoice.id == marked.c.id, allowed)
        written = await self.session.execute(
            statement.values(
                export_state=marked.c.export_state,
                exported_at=case(
                    (is_reset, None),
                    else_=func.coalesce(marked.c.exported_at, Invoice.exported_at),
                ),
                external_url=case((is_reset, None), else_=func.coalesce(marked.c.external_url, Invoice.external_url)),
                exported_tag=case(
                    (is_reset, None),
                    (marked.c.export_state == ExportState.EXPORTED, Invoice.content_tag),
                    else_=Invoice.exported_tag,
                ),
                ledger_total=marked.c.ledger_total,
                problems=func.coalesce(marked.c.problems, Invoice.problems),
                remarks=marked.c.remarks,
                remarks_read_at=None,
            ),
            execution_options={"synchronize_session": False},
        )
        assert isinstance(written, CursorResult)
        assert written.rowcount == len(marks), "an invoice may not make this transition"

    async def remarked(self, codes: Collection[str], invoice_ids: Collection[UUID]) -> Sequence[Invoice]:
        """The exported invoices that are among these or have a remark with one of these codes, locked."""
        has_code = or_(*(Invoice.remarks.contains([{"code": code}]) for code in codes))
        rows = self.rows().where(Invoice.exported_at.is_not(None), or_(has_code, is_any_of(Invoice.id, invoice_ids)))
        return list((await self.session.execute(rows.order_by(Invoice.id).with_for_update())).scalars())

    def _whole(self) -> Select[Any]:
        return self.rows().options(selectinload(Invoice.lines)).order_by(Invoice.id).with_for_update(of=Invoice)


def _mark_values(marks: Mapping[UUID, ExportMark]) -> TableValuedAlias:
    """The marks as rows of one parameter: a statement that is the same for any number of them is compiled once."""
    rows = [
        {
            "id": str(invoice_id),
            "export_state": mark.export_state,
            "exported_at": mark.exported_at.isoformat() if mark.exported_at else None,
            "external_url": mark.external_url,
            "ledger_total": None if mark.ledger_total is None else str(mark.ledger_total),
            "problems": None if mark.problems is None else as_rows(mark.problems),
            "remarks": as_rows(mark.remarks),
        }
        for invoice_id, mark in marks.items()
    ]
    columns = (
        column("id", Uuid),
        column("export_state", Text),
        column("exported_at", DateTime(timezone=True)),
        column("external_url", Text),
        column("ledger_total", MONEY),
        column("problems", JSONB),
        column("remarks", JSONB),
    )
    listed = func.jsonb_to_recordset(literal(rows, JSONB)).table_valued(*columns, name="marks")
    return listed.render_derived(with_types=True)
