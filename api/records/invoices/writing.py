"""Writes an invoice's content to its row and reads it back."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from api.identity.audit.service import record_event
from api.platform.clock import now
from api.platform.db.work import UnitOfWork
from api.platform.errors import Conflict, FieldError
from api.platform.ids import encode, uuid7
from api.platform.states import move
from api.records.invoices.composing import Composition, TaxChoice
from api.records.invoices.errors import InvoiceApproved, InvoiceExported, InvoiceInExport
from api.records.invoices.lines import LineIn
from api.records.invoices.models import Invoice, InvoiceLine
from api.records.invoices.schemas import InvoiceIn
from api.records.invoices.states import IN_EXPORT, IN_LEDGER, INVOICE_TRANSITIONS, LIVE_IN_LEDGER, ExportState

# A reference by external id is stored as the id.
_IDS = {"contact_external_id": "contact_id", "job_external_id": "job_id"}
_TOTAL_DIFFERS = "total_mismatch"
_HEAD = tuple(name for name in InvoiceIn.model_fields if name != "lines" and name not in _IDS)


def stored_content(row: Invoice, patch: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The row in the shape of a request, without the ids that `patch` replaces. The lines have to be loaded."""
    lines = [{name: getattr(line, name) for name in LineIn.model_fields} for line in row.lines]
    replaced = {id_name for name, id_name in _IDS.items() if (patch or {}).get(name) is not None}
    return {**{name: getattr(row, name) for name in _HEAD if name not in replaced}, "lines": lines}


def stored_taxes(row: Invoice) -> list[TaxChoice]:
    """The stored taxes of the lines."""
    return [TaxChoice(line.tax_type, line.tax_rate) for line in row.lines]


def has_equal_content(row: Invoice, content: InvoiceIn, composition: Composition) -> bool:
    """Whether the content equals the row. A missing field with a default counts as equal to the stored value."""
    ids = (row.contact_id, row.job_id) == (composition.contact_id, composition.job_id)
    own = [name for name in _HEAD if name not in _IDS.values()]
    head = ids and all(_agrees(getattr(row, name), getattr(content, name), name == "currency") for name in own)
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
    """Why the invoice cannot be changed."""
    return InvoiceInExport if row.export_state in IN_EXPORT else None


def refusal_to_delete(row: Invoice) -> type[Conflict] | None:
    """Why the invoice cannot be deleted. Its export comes before its approval, which then cannot be withdrawn."""
    if row.export_state in IN_EXPORT:
        return InvoiceInExport
    if row.export_state in IN_LEDGER:
        return InvoiceExported
    return InvoiceApproved if row.status == "approved" else None


def refusal_to_exclude(export_state: str) -> type[Conflict] | None:
    """Why an invoice in this state cannot be excluded from exports."""
    if export_state in IN_EXPORT:
        return InvoiceInExport
    return InvoiceExported if export_state in LIVE_IN_LEDGER else None


@dataclass(frozen=True)
class Revision:
    """The effect of new content on a stored row."""

    is_new_version: bool
    approval_withdrawn: bool


def revise(row: Invoice, content: InvoiceIn, composition: Composition) -> Revision:
    """Write new content on a stored row.

    An approval stays if the contact, the currency and every amount stay; otherwise the invoice is a draft again.
    An exported invoice becomes `changed`; with the content that was exported, or the total of the document that it was
    linked with, it is `exported` and approved again. Its problems belong to the old content and are removed.
    """
    approved = _approved_content(row) if row.status == "approved" else None
    if not write_content(row, content, composition):
        return Revision(is_new_version=False, approval_withdrawn=False)
    row.version += 1
    row.problems = []
    is_as_in_ledger = row.export_state in LIVE_IN_LEDGER and not _differs_from_ledger(row)
    withdrawn = not is_as_in_ledger and approved is not None and approved != _approved_content(row)
    if withdrawn:
        withdraw_approval(row)
    return Revision(is_new_version=True, approval_withdrawn=withdrawn)


def _differs_from_ledger(row: Invoice) -> bool:
    """Give the row the state that its new content means; returns whether it differs from what the ledger has."""
    if row.ledger_total is not None and row.ledger_total == row.total:
        row.exported_tag, row.ledger_total = row.content_tag, None
        row.remarks = [remark for remark in row.remarks if remark["code"] != _TOTAL_DIFFERS]
    differs = row.content_tag != row.exported_tag
    state = ExportState.CHANGED if differs else ExportState.EXPORTED
    if row.export_state != state:
        move(row, INVOICE_TRANSITIONS, state)
        if not differs:
            approve(row)
    return differs


def record_change(work: UnitOfWork, row: Invoice, revision: Revision) -> None:
    """Record the new content in the audit trail, and that it withdrew the approval if it did."""
    details: dict[str, Any] = {"approval": "withdrawn"} if revision.approval_withdrawn else {}
    record_event(work, "invoices.change", subject=encode("inv", row.id), **details)
    check_soon(work)


def check_soon(work: UnitOfWork) -> None:
    """Have what stands against changed invoices worked out at once; without this, the next sweep has it done."""
    work.wake_after_commit("invoices.check", work.business_id)


def withdraw_approval(row: Invoice) -> None:
    """Make the row a draft again."""
    row.status, row.approved_at = "draft", None


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
    head |= {"contact_id": composition.contact_id, "job_id": composition.job_id}
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
    if changed:
        row.content_tag = _tag(row)
    return changed


def _approved_content(row: Invoice) -> tuple[Any, ...]:
    """What an approval is about: who pays, and how much for what."""
    amounts = [(line.line_amount, line.tax_amount) for line in row.lines if line.quantity is not None]
    return (row.contact_id, row.currency, row.amounts, row.subtotal, row.tax_total, row.total, amounts)


def _tag(row: Invoice) -> str:
    content = stored_content(row) | {"taxes": [[line.tax_type, _plain(line.tax_rate)] for line in row.lines]}
    del content["mark_as_sent"]  # it counts only when the invoice is created in the ledger
    return hashlib.sha256(json.dumps(content, default=_plain, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> str:
    # 1.5 and 1.5000 are one number.
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


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
