"""Working off the list: the check that a person asks for, done for every invoice whose surroundings have changed."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final
from uuid import UUID

from api.platform.db.work import Database, UnitOfWork
from api.platform.problems import Problem, ProblemRow, as_rows
from api.records.invoices.service import StandingInvoice, StandingProblemService
from api.sync.connections.service import ConnectionService
from api.sync.contacts.service import related_contacts
from api.sync.exports.examination import examine
from api.sync.exports.inputs import ContextReader
from api.sync.exports.kept import SEEN_BY_CHECKS, kept_beside, outdated_refusals
from api.sync.exports.standing.repository import StandingCheckRepository

_CHECKED_AT_ONCE: Final = 500


async def check_standing(database: Database, business_id: UUID) -> None:
    """Bring what stands against the invoices of a business up to now."""
    contexts: dict[UUID | None, ContextReader] = {}
    async with database.work(business_id) as work:
        await _spread(work)
    after: int | None = 0
    while after is not None:
        async with database.work(business_id) as work:
            after = await _check_some(work, after, contexts)


async def _spread(work: UnitOfWork) -> None:
    """Put on the list the invoices that changes of other things concern."""
    checks, invoices = StandingCheckRepository(work), StandingProblemService(work)
    changes = await checks.take_changes()
    await _add_outdated(work)
    if "business" in changes:
        await checks.add_invoices(await invoices.waiting())
        return
    ours, theirs = changes.get("contact", set()), changes.get("xero_contact", set())
    if not ours and not theirs:
        return
    organisation_id = await ConnectionService(work).known_organisation()
    contact_ids = ours
    if organisation_id is not None:
        waiting = await invoices.waiting_contacts() if theirs else set()
        contact_ids = await related_contacts(work, organisation_id, ours, theirs, waiting)
    await checks.add_invoices(await invoices.waiting(contact_ids))


async def _add_outdated(work: UnitOfWork) -> None:
    """Put on the list the invoices whose refusal may have lost its cause: no row needs to have changed since."""
    refused = await StandingProblemService(work).refused(SEEN_BY_CHECKS)
    if refused:
        organisation_id = await ConnectionService(work).known_organisation()
        outdated = await outdated_refusals(work, organisation_id, refused)
        await StandingCheckRepository(work).add_invoices([each for each, codes in outdated.items() if codes])


async def _check_some(work: UnitOfWork, after: int, contexts: dict[UUID | None, ContextReader]) -> int | None:
    """Check the invoices of the next rows; gives the last of these rows, or None if there are no more.

    What another transaction has locked is left on the list: it will be marked again, or is being checked.
    """
    checks, invoices = StandingCheckRepository(work), StandingProblemService(work)
    rows = await checks.invoices(after, _CHECKED_AT_ONCE)
    if not rows:
        return None
    subjects = {row.subject_id for row in rows}
    stored = await restate(work, subjects, contexts)
    busy = subjects.difference(stored)
    busy -= await invoices.unknown(busy)
    await checks.remove([row.id for row in rows if row.subject_id not in busy])
    return int(rows[-1].id)


async def restate(
    work: UnitOfWork, invoice_ids: Collection[UUID], contexts: dict[UUID | None, ContextReader] | None = None
) -> Collection[UUID]:
    """Work out what stands against these invoices; gives those that nobody else has locked."""
    invoices = StandingProblemService(work)
    stored = await invoices.locked(invoice_ids)
    organisation_id = await ConnectionService(work).known_organisation()
    reader = (contexts if contexts is not None else {}).setdefault(organisation_id, ContextReader(organisation_id))
    waiting = [invoice_id for invoice_id, invoice in stored.items() if invoice.is_waiting]
    examined = await examine(work, organisation_id, waiting, await reader.current(work))
    await invoices.replace(_changed(stored, examined.problems))
    return stored.keys()


def _changed(
    stored: Mapping[UUID, StandingInvoice], examined: Mapping[UUID, Sequence[Problem]]
) -> dict[UUID, list[ProblemRow]]:
    """The problems of the invoices that have other ones now. Of a draft, only refusals are kept."""
    changed: dict[UUID, list[ProblemRow]] = {}
    for invoice_id, invoice in stored.items():
        if not invoice.may_be_checked:
            continue
        present = as_rows(examined[invoice_id]) if invoice_id in examined else kept_beside(invoice.problems, ())
        if present != invoice.problems:
            changed[invoice_id] = present
    return changed
