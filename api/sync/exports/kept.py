"""What stands against invoices although no check finds it: Xero's refusals, and what only sending has shown."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.problems import Problem, ProblemRow
from api.sync.exports.problems import DOCUMENT_ALIKE, KEPT, LOOKS_ENTERED
from api.sync.exports.repository import ExportItemRepository
from api.sync.ledger.service import CONTRADICTED, LedgerService, Part

# Refusals whose causes the check finds in the mirrors. Of the other ones it cannot know that the cause is gone.
SEEN_BY_CHECKS: Final = frozenset(
    {
        "account_code_unknown",
        "account_code_archived",
        "account_code_wrong_type",
        "tax_type_unknown",
        "tax_code_mismatch",
        "total_mismatch",
        "cost_center_unmatched",
        "item_unknown",
        "invoice_number_taken",
        "period_locked",
        "plan_limit",
        "currency_not_enabled",
        "role_too_low",
        "contact_archived",
    }
)
assert CONTRADICTED.keys() >= SEEN_BY_CHECKS


def is_kept(problem: Problem) -> bool:
    """Whether the problem stands until the invoice is changed or sent again, unless its cause is seen to be gone."""
    return problem.source == "xero" or problem.code in KEPT


def kept_beside(
    stored: Sequence[ProblemRow], present: Collection[str], outdated: Collection[str] = ()
) -> list[ProblemRow]:
    """The stored problems that remain beside those of the check, which have these codes; not the `outdated` ones."""
    known = {*present, *outdated, *((DOCUMENT_ALIKE,) if LOOKS_ENTERED in present else ())}
    return [row for row in stored if is_kept(Problem.from_row(row)) and row["code"] not in known]


async def outdated_refusals(
    work: UnitOfWork, organisation_id: UUID | None, stored: Mapping[UUID, Sequence[ProblemRow]]
) -> dict[UUID, set[str]]:
    """By invoice, the codes of Xero's refusals after which everything was read that the check compares for them."""
    refused = {invoice_id: codes for invoice_id, own in stored.items() if (codes := _seen_by_checks(own))}
    if not refused or organisation_id is None:
        return {}
    read_at = await LedgerService(work).read_at(organisation_id)
    refused_at = await ExportItemRepository(work).refused_at(refused)
    return {
        invoice_id: {code for code in codes if _is_read_since(CONTRADICTED[code], read_at, refused_at[invoice_id])}
        for invoice_id, codes in refused.items()
        if invoice_id in refused_at
    }


def _seen_by_checks(problems: Sequence[ProblemRow]) -> set[str]:
    return {each["code"] for each in problems if each["source"] == "xero" and each["code"] in SEEN_BY_CHECKS}


def _is_read_since(parts: Sequence[Part], read_at: Mapping[Part, datetime], instant: datetime) -> bool:
    return all(part in read_at and read_at[part] > instant for part in parts)
