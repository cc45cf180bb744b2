"""What stands against invoices although no check finds it: Xero's refusals, and what only sending has shown."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.problems import Problem, ProblemRow
from api.sync.exports.problems import DOCUMENT_ALIKE, KEPT, LOOKS_ENTERED
from api.sync.exports.repository import ExportItemRepository, Refusal
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
    """By invoice, the codes of its kept problems that are about another organisation, or that the check knows better.

    It knows better when everything was read since that it compares for such a refusal.
    """
    kept = {invoice_id: rows for invoice_id, own in stored.items() if (rows := kept_beside(own, ()))}
    if not kept or organisation_id is None:
        return {}
    read_at = await LedgerService(work).read_at(organisation_id)
    refusals = await ExportItemRepository(work).last_refusals(kept)
    return {
        invoice_id: {row["code"] for row in kept[invoice_id] if _is_outdated(row, refusal, organisation_id, read_at)}
        for invoice_id, refusal in refusals.items()
    }


def _is_outdated(row: ProblemRow, refusal: Refusal, organisation_id: UUID, read_at: Mapping[Part, datetime]) -> bool:
    if refusal.organisation_id != organisation_id:
        return True
    is_seen = row["source"] == "xero" and row["code"] in SEEN_BY_CHECKS
    return is_seen and _is_read_since(CONTRADICTED[row["code"]], read_at, refusal.at)


def _is_read_since(parts: Sequence[Part], read_at: Mapping[Part, datetime], instant: datetime) -> bool:
    return all(part in read_at and read_at[part] > instant for part in parts)
