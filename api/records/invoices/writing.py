"""Writes an invoice's content to its row and reads it back."""

from typing import Any

from api.platform.clock import now
from api.platform.errors import Conflict, FieldError
from api.platform.ids import uuid7
from api.records.invoices.composing import Composition, TaxChoice
from api.records.invoices.errors import InvoiceApproved, InvoiceExported, InvoiceInExport
from api.records.invoices.models import Invoice, InvoiceLine
from api.records.invoices.schemas import InvoiceIn, LineIn
from api.records.invoices.states import IN_EXPORT, IN_LEDGER, LIVE_IN_LEDGER, ExportState, move_export_state

_HEAD = tuple(name for name in InvoiceIn.model_fields if name != "lines")


def stored_content(row: Invoice) -> dict[str, Any]:
    """The row in the shape of a request. The lines have to be loaded."""
    lines = [{name: getattr(line, name) for name in LineIn.model_fields} for line in row.lines]
    return {**{name: getattr(row, name) for name in _HEAD}, "lines": lines}


def stored_taxes(row: Invoice) -> list[TaxChoice]:
    """The stored taxes of the lines."""
    return [TaxChoice(line.tax_type, line.tax_rate) for line in row.lines]


def has_equal_content(row: Invoice, content: InvoiceIn) -> bool:
    """Whether the content equals the row. A missing field with a default counts as equal to the stored value."""
    head = all(_agrees(getattr(row, name), getattr(content, name), name == "currency") for name in _HEAD)
    return (
        head
        and len(row.lines) == len(content.lines)
        and all(
            _agrees(getattr(line, name), getattr(sent, name), name == "tax_type")
            for line, sent in zip(row.lines, content.lines, strict=True)
            for name in LineIn.model_fields
        )
    )


def fixed_field_errors(row: Invoice, content: InvoiceIn) -> list[FieldError]:
    """The errors of fields that cannot change."""
    if content.kind == row.kind:
        return []
    detail = f"This is a {row.kind} invoice and stays one. Make a new invoice instead."
    return [FieldError("kind_fixed", detail, pointer="#/kind")]


def refusal_to_change(row: Invoice) -> type[Conflict] | None:
    """Why the invoice cannot be changed. Its export comes before its approval, which then cannot be withdrawn."""
    if row.export_state in IN_EXPORT:
        return InvoiceInExport
    if row.status != "approved":
        return None
    return InvoiceExported if row.export_state in LIVE_IN_LEDGER else InvoiceApproved


def refusal_to_delete(row: Invoice) -> type[Conflict] | None:
    """Why the invoice cannot be deleted; what was sent stays as the record of it."""
    if row.export_state in IN_EXPORT:
        return InvoiceInExport
    if row.export_state in IN_LEDGER:
        return InvoiceExported
    return InvoiceApproved if row.status == "approved" else None


def revise(row: Invoice, content: InvoiceIn, composition: Composition) -> bool:
    """Write new content on a stored row; whether it is a new version.

    An exported invoice becomes `changed`. Its problems belong to the old content and are removed.
    """
    if not write_content(row, content, composition):
        return False
    row.version += 1
    row.problems = []
    if row.export_state == ExportState.EXPORTED:
        move_export_state(row, ExportState.CHANGED)
    return True


def approve(row: Invoice) -> bool:
    """Approve the row; returns whether it was a draft."""
    if row.status == "approved":
        return False
    row.status, row.approved_at = "approved", now()
    return True


def write_content(row: Invoice, content: InvoiceIn, composition: Composition) -> bool:
    """Write content and totals to the row and its lines; returns whether anything changed."""
    totals = composition.totals
    head = {name: getattr(content, name) for name in _HEAD}
    head |= {"currency": composition.currency, "subtotal": totals.subtotal, "tax_total": totals.tax_total}
    changed = _set(row, {**head, "total": totals.total})
    if len(row.lines) > len(content.lines):
        del row.lines[len(content.lines) :]
        changed = True
    for position, values in enumerate(_line_values(content, composition)):
        if position == len(row.lines):
            row.lines.append(InvoiceLine(id=uuid7(), business_id=row.business_id, position=position, **values))
            changed = True
        else:
            changed = _set(row.lines[position], values) or changed
    return changed


def _line_values(content: InvoiceIn, composition: Composition) -> list[dict[str, Any]]:
    return [
        {
            **sent.model_dump(),
            "tax_type": tax.tax_type,
            "tax_rate": tax.rate,
            "line_amount": total.line_amount,
            "tax_amount": total.tax_amount,
        }
        for sent, tax, total in zip(content.lines, composition.taxes, composition.lines, strict=True)
    ]


def _set(row: Invoice | InvoiceLine, values: dict[str, Any]) -> bool:
    differing = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in differing.items():
        setattr(row, name, value)
    return bool(differing)


def _agrees(stored: Any, sent: Any, has_default: bool) -> bool:
    return stored == sent or (has_default and sent is None)
