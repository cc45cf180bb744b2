"""The answer that two bills of ours with one number of one supplier are two."""

from collections.abc import Sequence
from uuid import UUID

from api.identity.audit.service import record_events
from api.platform.db.work import UnitOfWork
from api.platform.errors import FieldError, Invalid
from api.platform.ids import encode
from api.records.invoices.service import InvoiceService, StandingProblemService
from api.sync.exports.problems import DIFFERENT, ENTERED_TWICE
from api.sync.exports.standing.service import restate


async def tell_twins_apart(work: UnitOfWork, invoice_ids: Sequence[UUID], choice: str) -> set[UUID]:
    """Remember that these bills and those with their numbers are different; gives those that were asked about."""
    if choice != DIFFERENT:
        raise Invalid(errors=[FieldError("unknown_choice", f"Choose {DIFFERENT}.", pointer="#/choice")])
    states = await InvoiceService(work).locked_states(invoice_ids)
    others = await StandingProblemService(work).note_different([id for id, each in states.items() if each.is_waiting])
    subjects = [encode("inv", invoice_id) for invoice_id in others]
    await record_events(work, "invoices.answer", subjects, problem=ENTERED_TWICE, choice=choice)
    await restate(work, {*others, *(other for each in others.values() for other in each)})
    return set(others)
