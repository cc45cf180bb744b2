"""Which invoices can be sent: the check reports and an export refuses the others with the same codes. Pure."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from api.platform.ids import encode
from api.records.invoices.service import ExportState

UNKNOWN_INVOICE: Final = "unknown_invoice", "You have no invoice with this id. Leave it out; it may have been deleted."
_ELSEWHERE: Final[Mapping[ExportState, tuple[str, str]]] = {
    ExportState.EXPORTED: ("already_exported", "is in Xero already. Leave it out."),
    ExportState.CHANGED: (
        "already_exported",
        "is in Xero already and was changed here after it was sent. Leave it out.",
    ),
    ExportState.VOIDED: ("already_exported", "was sent to Xero and voided there. Leave it out, or make a new invoice."),
    ExportState.EXCLUDED: ("invoice_excluded", "is marked as not to be sent. Remove the mark first, or leave it out."),
    ExportState.QUEUED: ("invoice_in_export", "is waiting in an export. Wait until that export is done."),
    ExportState.SENDING: ("invoice_in_export", "is being sent to Xero. Wait until that export is done."),
    ExportState.CHECKING: (
        "invoice_in_export",
        "was sent, and its result is being checked with Xero. Wait until that export is done.",
    ),
}


def reason_against(export_state: str, *, subject: str) -> tuple[str, str] | None:
    """Code and detail of why an invoice in this state is not sent, or None; `subject` is what the detail calls it."""
    reason = _ELSEWHERE.get(ExportState(export_state))
    return (reason[0], f"{subject} {reason[1]}") if reason else None


def invoice_page(kind: str, invoice_id: UUID) -> str:
    """The page of the web app that shows this invoice."""
    return f"/{'invoices' if kind == 'customer' else 'bills'}?view=all&open={encode('inv', invoice_id)}"
