"""What the audit of the documents reports about an invoice. Pure."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from api.platform.problems import Problem, ProblemKind

SEVERAL_IN_XERO: Final = ProblemKind(
    "several_in_xero",
    "Xero holds more than one document for this invoice",
    "Open them in Xero, and void or delete what is too many.",
)
MISSING_IN_XERO: Final = ProblemKind(
    "missing_in_xero",
    "Xero no longer has the document of this invoice",
    "Check in Xero what happened to it. Nothing is sent again by itself.",
)
PROBLEM_KINDS: Final = (SEVERAL_IN_XERO, MISSING_IN_XERO)


def remark(kind: ProblemKind, xero_invoice_ids: Sequence[UUID]) -> Problem:
    """The remark on an invoice that was exported, with the ids of its documents."""
    ids = ", ".join(map(str, sorted(xero_invoice_ids)))
    if kind is SEVERAL_IN_XERO:
        return Problem(kind.code, kind.title, f"Xero has {len(xero_invoice_ids)} documents for it: {ids}.")
    return Problem(kind.code, kind.title, f"It was exported as {ids}, which does not exist in Xero any more.")
