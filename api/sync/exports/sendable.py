"""Which invoices can be sent: the check reports and an export refuses the others with the same codes. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from api.platform.ids import encode
from api.platform.problems import Fix, Problem
from api.records.invoices.service import ExportState

UNKNOWN_INVOICE: Final = "unknown_invoice", "You have no invoice with this id. Leave it out; it may have been deleted."
_ELSEWHERE: Final[Mapping[ExportState, tuple[str, str]]] = {
    ExportState.EXPORTED: ("invoice_exported", "is in Xero already. Leave it out."),
    ExportState.CHANGED: (
        "invoice_exported",
        "is in Xero already and was changed here after it was sent. Leave it out.",
    ),
    ExportState.VOIDED: (
        "invoice_voided",
        "was voided in Xero. Make a new invoice if it should be sent again, or exclude this one from exports.",
    ),
    ExportState.EXCLUDED: (
        "invoice_excluded",
        "is excluded from exports. Include the invoice again first, or leave it out.",
    ),
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


def with_fix(problem: Problem, kind: str, invoice_id: UUID) -> Problem:
    """The problem of this invoice with a fix: its own, else the page of the invoice."""
    return replace(problem, fix=problem.fix or Fix("Open the invoice", invoice_page(kind, invoice_id)))


def invoice_page(kind: str, invoice_id: UUID) -> str:
    """The page of the web app that shows this invoice."""
    return f"/{'invoices' if kind == 'customer' else 'bills'}?view=all&open={encode('inv', invoice_id)}"
