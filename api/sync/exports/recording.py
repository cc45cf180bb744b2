"""Recording outcomes: item, link, invoice, job, counts and notification in one commit, each once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, Literal
from uuid import UUID

from prometheus_client import Counter

from api.identity.audit.service import record_events
from api.platform.db.rows import update_rows
from api.platform.db.work import UnitOfWork
from api.platform.ids import encode
from api.platform.problems import Problem, as_rows
from api.platform.states import move
from api.records.contacts.service import ContactService
from api.records.invoices.service import ExportMark, InvoiceService
from api.records.jobs.service import JobService
from api.records.notifications.service import NotificationService
from api.records.preferences.service import PreferencesService
from api.sync.exports.links.repository import InvoiceLinkRepository
from api.sync.exports.mapping import invoice_link
from api.sync.exports.models import ExportItem, ExportRun
from api.sync.exports.problems import at_contact, problem
from api.sync.exports.refusals import UNKNOWN, warning_from_xero
from api.sync.exports.repository import ExportItemRepository
from api.sync.exports.results import Document
from api.sync.exports.runs.repository import ExportRunRepository
from api.sync.exports.sendable import with_fix
from api.sync.exports.states import (
    FINISHED_RUNS,
    ITEM_TRANSITIONS,
    NOT_SENT,
    RUN_TRANSITIONS,
    STATE_OF_INVOICE,
    ItemState,
    RunCount,
    finished_state,
)
from api.sync.ledger.service import LedgerService, contradicted
from api.sync.writes.service import Outcomes

# The sentence itself is no label: it may name a customer, and there is no end of them.
_UNKNOWN_REFUSALS: Final = Counter(
    "jobtally_xero_unknown_refusals", "Reasons for which Xero refused an invoice that Jobtally has no cure for."
)
_NOT_DECIDED = (*NOT_SENT, ItemState.CANCELLED)


async def record(
    work: UnitOfWork,
    run: ExportRun,
    items: Mapping[UUID, ExportItem],
    outcomes: Outcomes[Document],
    short_code: str | None = None,
) -> None:
    """Write the outcomes of locked items of a locked run; the short code is for the addresses of new documents."""
    exported = [items[item_id] for item_id in outcomes.accepted]
    await _link(work, run, exported, outcomes, short_code)
    for item_id, problems in outcomes.refused.items():
        _UNKNOWN_REFUSALS.inc(sum(each.code == UNKNOWN and each.xero_message is not None for each in problems))
        move_item(items[item_id], ItemState.REJECTED, problems)
    for item_id, problems in outcomes.review.items():
        move_item(items[item_id], ItemState.REVIEW, problems)
    for item_id in outcomes.unknown:
        move_item(items[item_id], ItemState.UNKNOWN)
    for item_id in outcomes.again:
        move_item(items[item_id], ItemState.READY if run.cancel_requested_at is None else ItemState.CANCELLED)
    await store_items(work, [items[item_id] for item_id in outcomes.ids])
    await _renew_contradicted(work, outcomes)
    await move_jobs(work, exported)
    await close(work, run)


async def _renew_contradicted(work: UnitOfWork, outcomes: Outcomes[Document]) -> None:
    """Have read again what Xero's refusals and look-ups contradict, so that the check knows it as well."""
    refusals = [problem for problems in outcomes.refused.values() for problem in problems if problem.source == "xero"]
    looked_up = [problem for problems in outcomes.review.values() for problem in problems]
    await LedgerService(work).renew(contradicted(each.code for each in (*refusals, *looked_up)))


async def store_items(work: UnitOfWork, items: Sequence[ExportItem]) -> None:
    """Store the changed items, and copy their state, problems and remarks to their invoices.

    What an earlier export reported stays while an item was neither sent nor refused.
    """
    await update_rows(work, items)
    is_any_exported = any(item.state == ItemState.EXPORTED for item in items)
    exported_at = await work.now() if is_any_exported else None
    await InvoiceService(work).mark(
        {
            item.invoice_id: ExportMark(
                export_state=STATE_OF_INVOICE[ItemState(item.state)],
                exported_at=exported_at if item.state == ItemState.EXPORTED else None,
                external_url=item.external_url,
                problems=None if item.state in _NOT_DECIDED else [Problem.from_row(row) for row in item.problems],
                remarks=[Problem.from_row(row) for row in item.remarks],
            )
            for item in items
        }
    )


async def close(work: UnitOfWork, run: ExportRun) -> None:
    """Recount the run; when no item is open, finish it and publish the notification in the same transaction."""
    await work.session.flush()
    await ExportRunRepository(work).recount(run)
    final = finished_state({count: getattr(run, count) for count in RunCount})
    if final is None or run.state in FINISHED_RUNS:
        return
    move(run, RUN_TRANSITIONS, final)
    run.finished_at, run.waiting_for, run.resume_at = await work.now(), None, None
    await work.session.flush()
    await NotificationService(work).publish(
        "export.finished",
        finished_sentence(run.total, run.exported, run.rejected, run.cancelled, run.with_remarks),
        {
            "export_id": encode("exp", run.id),
            "outcome": run.state,
            "total": run.total,
            "exported": run.exported,
            "rejected": run.rejected,
            "cancelled": run.cancelled,
            "with_remarks": run.with_remarks,
            "href": f"/exports/{encode('exp', run.id)}",
        },
        once=f"export:{run.id}",
    )


def finished_sentence(total: int, exported: int, rejected: int, cancelled: int, with_remarks: int) -> str:
    """The message of the feed, as a whole English sentence."""
    verb = "has" if total == 1 or exported == 1 else "have"
    sentence = f"{exported} of {total} {'invoice' if total == 1 else 'invoices'} {verb} been exported to Xero."
    if rejected:
        sentence += f" {rejected} {'needs' if rejected == 1 else 'need'} a fix."
    if with_remarks:
        sentence += f" {with_remarks} {'needs' if with_remarks == 1 else 'need'} a look."
    if cancelled:
        sentence += f" {cancelled} {'was' if cancelled == 1 else 'were'} stopped."
    return sentence


def move_item(item: ExportItem, after: ItemState, problems: Sequence[Problem] = ()) -> None:
    """Give an item its next state, with the problems of this state in place of earlier ones."""
    move(item, ITEM_TRANSITIONS, after)
    item.problems = as_rows(
        with_fix(at_contact(reported, item.contact_id), item.kind, item.invoice_id) for reported in problems
    )


async def _link(
    work: UnitOfWork,
    run: ExportRun,
    items: Sequence[ExportItem],
    outcomes: Outcomes[Document],
    short_code: str | None,
) -> None:
    if not items:
        return
    documents = outcomes.accepted
    contact_remarks = await _contact_remarks(work, run, items)
    linked = {item.invoice_id: documents[item.id] for item in items}
    await InvoiceLinkRepository(work).store(run.organisation_id, linked)
    subjects = [encode("inv", item.invoice_id) for item in items]
    await record_events(work, "invoice.exported", subjects, run=encode("exp", run.id))
    for item in items:
        document = documents[item.id]
        kind: Literal["ACCREC", "ACCPAY"] = "ACCREC" if item.kind == "customer" else "ACCPAY"
        item.xero_invoice_id = document.xero_invoice_id
        item.external_url = invoice_link(kind, short_code, document.xero_invoice_id) if short_code else None
        remarks = [*_remarks(item, document), *outcomes.remarks.get(item.id, ()), *contact_remarks.get(item.id, ())]
        item.remarks = as_rows(remarks)
        move_item(item, ItemState.EXPORTED)


def _remarks(item: ExportItem, document: Document) -> list[Problem]:
    """The remarks about a document that Xero has: a different total, and Xero's warnings."""
    remarks = [warning_from_xero(warning) for warning in document.warnings]
    if document.total is not None and document.total != item.total:
        detail = f"Ours is {item.total:,.2f}, Xero made it {document.total:,.2f}."
        remarks.insert(0, problem("total_mismatch", detail))
    return remarks


async def _contact_remarks(work: UnitOfWork, run: ExportRun, items: Sequence[ExportItem]) -> dict[UUID, list[Problem]]:
    """By item: what deserves a look on its contact. Only the first run for the contact says so."""
    views = await ContactService(work).views({item.contact_id for item in items})
    remarked = {
        view.id: [replace(Problem.from_row(row), pointer="#/contact_id") for row in view.remarks]
        for view in views.values()
        if view.remarks
    }
    if not remarked:
        return {}
    earlier = await ExportItemRepository(work).exported_before(run, list(remarked))
    return {
        item.id: remarked[item.contact_id]
        for item in items
        if item.contact_id in remarked and item.contact_id not in earlier
    }


async def move_jobs(work: UnitOfWork, exported: Sequence[ExportItem]) -> None:
    """A job's status changes once Xero has confirmed its customer invoice."""
    customer = [item.invoice_id for item in exported if item.kind == "customer"]
    status = (await PreferencesService(work).current()).job_status_on_export if customer else None
    if status is None:
        return
    documents = await InvoiceService(work).documents(customer)
    jobs = {document.job_id for document in documents if document.job_id is not None}
    if jobs:
        await JobService(work).set_status(jobs, status)
