"""Decisions about and changes of many invoices, with a result for each."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from sqlalchemy import Row

from api.identity.audit.service import record_events
from api.platform.clock import now
from api.platform.db.work import UnitOfWork
from api.platform.errors import FieldError, Invalid
from api.platform.ids import encode
from api.records.content import checked
from api.records.cost_centers.service import CostCenterService
from api.records.invoices.composing import References, TaxChoice, approval_errors, compose, read_references
from api.records.invoices.models import Invoice, InvoiceLine
from api.records.invoices.repository import InvoiceRepository
from api.records.invoices.results import UNKNOWN_INVOICE, Outcome, Result, Results
from api.records.invoices.schemas import InvoiceIn
from api.records.invoices.selection import MAX_CHANGED, ChangeSelected, LineValues, NewValues, Selection
from api.records.invoices.service import InvoiceService
from api.records.invoices.states import ExportState
from api.records.invoices.writing import (
    check_soon,
    record_change,
    refusal_to_change,
    refusal_to_exclude,
    revise,
    stored_content,
    stored_taxes,
)
from api.records.tax_rates.service import TaxRateService

_OF_LINES = ("accounting_code", "tax_type", "cost_center_id", "item_code")
_BATCH_SIZE = 500
Judge: TypeAlias = Callable[[Row[Any]], list[FieldError] | None]


class BulkInvoiceService:
    """Work on many invoices of one business. Those that cannot be changed are refused, and the others are done."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._invoices = InvoiceRepository(work)

    async def approve(self, selection: Selection) -> Results:
        """Approve the drafts of the selection that have a line and a total of at least zero."""

        def judge(row: Row[Any]) -> list[FieldError] | None:
            return approval_errors(row.line_count, row.total) if row.status == "draft" else None

        results = await self._decide(selection, judge, "invoices.approve")
        await self._invoices.approve([each.invoice_id for each in results if each.outcome == "done"], now())
        return Results(results)

    async def exclude(self, selection: Selection) -> Results:
        """Exclude the selection from exports, except what is in an export or in the ledger."""

        def judge(row: Row[Any]) -> list[FieldError] | None:
            if row.export_state == ExportState.EXCLUDED:
                return None
            refusal = refusal_to_exclude(row.export_state)
            return [FieldError(refusal.code, refusal.remedy)] if refusal else []

        return await self._move(selection, judge, "invoices.exclude", ExportState.EXCLUDED)

    async def include(self, selection: Selection) -> Results:
        """Include those of the selection that are excluded in exports again."""

        def judge(row: Row[Any]) -> list[FieldError] | None:
            return [] if row.export_state == ExportState.EXCLUDED else None

        return await self._move(selection, judge, "invoices.include", ExportState.NOT_EXPORTED)

    async def change(self, request: ChangeSelected) -> Results:
        """Set values on up to 1,000 invoices. Raises Invalid for a value that no invoice can have."""
        ids = await InvoiceService(self._work).chosen(request.selection)
        if len(ids) > MAX_CHANGED:
            detail = f"{len(ids):,} invoices are selected. Change up to {MAX_CHANGED:,} at a time."
            raise Invalid(errors=[FieldError("too_many", detail, pointer="#/selection")])
        tax = await self._checked_tax(request.set)
        results: list[Result] = []
        for start in range(0, len(ids), _BATCH_SIZE):
            batch = ids[start : start + _BATCH_SIZE]
            rows = await self._invoices.whole_by_ids(batch)
            contents = {row.id: _content(row, request) for row in rows.values()}
            references = await read_references(self._work, [content for content, _ in contents.values() if content])
            for invoice_id in batch:
                row = rows.get(invoice_id)
                if row is None:
                    results.append(Result(invoice_id, None, "refused", errors=[UNKNOWN_INVOICE]))
                else:
                    results.append(self._change(row, *contents[row.id], references, _taxes(row, request, tax)))
            await self._work.session.flush()
        return Results(results)

    def _change(
        self,
        row: Invoice,
        content: InvoiceIn | None,
        errors: Sequence[FieldError],
        references: References,
        taxes: Sequence[TaxChoice],
    ) -> Result:
        if refusal := refusal_to_change(row):
            errors = [FieldError(refusal.code, refusal.remedy)]
        composition, more = compose(content, references, taxes) if content and not errors else (None, [])
        if content is None or composition is None:
            return Result(row.id, row.number, "refused", errors=[*errors, *more])
        revision = revise(row, content, composition)
        if revision.is_new_version:
            record_change(self._work, row, revision)
        outcome: Outcome = "done" if revision.is_new_version else "unchanged"
        return Result(row.id, row.number, outcome, approval_withdrawn=revision.approval_withdrawn)

    async def _move(self, selection: Selection, judge: Judge, action: str, after: ExportState) -> Results:
        results = await self._decide(selection, judge, action)
        await self._invoices.move([each.invoice_id for each in results if each.outcome == "done"], after)
        return Results(results)

    async def _decide(self, selection: Selection, judge: Judge, action: str) -> list[Result]:
        """The result for each invoice. `judge` gives the errors that prevent it, or None if there is nothing to do."""
        ids = await InvoiceService(self._work).chosen(selection)
        rows = await self._invoices.decided(ids)
        results: list[Result] = []
        for invoice_id in ids:
            row = rows.get(invoice_id)
            errors = [UNKNOWN_INVOICE] if row is None else judge(row)
            outcome: Outcome = "unchanged" if errors is None else "refused" if errors else "done"
            results.append(Result(invoice_id, row.number if row else None, outcome, errors=errors or []))
        done = [encode("inv", result.invoice_id) for result in results if result.outcome == "done"]
        await record_events(self._work, action, done)
        if done:
            check_soon(self._work)
        return results

    async def _checked_tax(self, values: NewValues) -> TaxChoice | None:
        """The tax to set, if there is one. Raises Invalid for an unknown tax type or cost center."""
        errors: list[FieldError] = []
        center = values.cost_center_id
        if center is not None and center not in await CostCenterService(self._work).known({center}):
            detail = "There is none with this id. List them at /cost-centers."
            errors.append(FieldError("unknown_cost_center", detail, pointer="#/set/cost_center_id"))
        rate = (await TaxRateService(self._work).by_type()).get(values.tax_type or "")
        if values.tax_type is not None and (rate is None or not rate.active):
            detail = f"There is no tax type {values.tax_type}. List them at /tax-rates."
            errors.append(FieldError("unknown_tax_type", detail, pointer="#/set/tax_type"))
        if errors:
            raise Invalid(errors=errors)
        return TaxChoice(rate.tax_type, rate.rate) if rate else None


def _content(row: Invoice, request: ChangeSelected) -> tuple[InvoiceIn | None, list[FieldError]]:
    """The content of the row with the new values, or the errors that they cause."""
    content = stored_content(row)
    new = request.set.model_dump(exclude_unset=True)
    of_lines = {name: new.pop(name) for name in _OF_LINES if name in new}
    lines = [
        {**line, **of_lines} if _is_meant(stored, request.only_lines_with) else line
        for stored, line in zip(row.lines, content["lines"], strict=True)
    ]
    return checked(InvoiceIn, {**content, **new, "lines": lines})


def _taxes(row: Invoice, request: ChangeSelected, tax: TaxChoice | None) -> list[TaxChoice]:
    return [
        tax if tax is not None and _is_meant(line, request.only_lines_with) else stored
        for line, stored in zip(row.lines, stored_taxes(row), strict=True)
    ]


def _is_meant(line: InvoiceLine, present: LineValues | None) -> bool:
    """Whether values are set on this line: it is not text only, and it has the values that are asked for."""
    asked = present.model_dump(exclude_unset=True) if present is not None else {}
    return line.quantity is not None and all(getattr(line, name) == value for name, value in asked.items())
