"""One turn of an import: Xero's changes are read with no transaction open, then batch after batch is committed."""

import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

from api.identity.audit.service import record_event
from api.platform.clock import app_now
from api.platform.db.lease import Lease, LeaseLost, renewing
from api.platform.db.work import UnitOfWork
from api.platform.ids import encode
from api.platform.log import bound_contextvars, get_logger
from api.platform.problems import Problem
from api.platform.states import move
from api.records.notifications.service import NotificationService
from api.sync.connections.service import (
    ConnectionService,
    ConnectionState,
    XeroGateway,
    XeroGateways,
    note_answer,
    note_loss,
    note_silence,
)
from api.sync.contacts.imports.applying import group_next, import_next
from api.sync.contacts.imports.models import ContactImport
from api.sync.contacts.imports.problems import (
    finished_sentence,
    not_connected,
    other_organisation,
    page_of,
    refused_by_xero,
)
from api.sync.contacts.imports.reading import OurContacts
from api.sync.contacts.imports.repository import (
    ContactImportItemRepository,
    ContactImportRepository,
    ImportOfferRepository,
)
from api.sync.contacts.imports.states import IMPORT_TRANSITIONS, ImportMode, ImportState, ImportStep
from api.sync.contacts.mirror import read_changes
from api.sync.writes.service import WaitingFor
from api.xero.errors import XeroBusy, XeroDisconnected, XeroError, XeroUnknownOutcome

_logger = get_logger("jobtally.contact_imports")
_NextBatch = Callable[[UnitOfWork, ContactImport, OurContacts], Awaitable[bool]]
_NEXT_BATCH: dict[str, _NextBatch] = {ImportStep.GROUP: group_next, ImportStep.APPLY: import_next}


class _Turn:
    """The open import of a business, as the worker that holds its lease works on it."""

    def __init__(self, gateways: XeroGateways, business_id: UUID, run: ContactImport, lease: Lease) -> None:
        self.gateways, self.business_id, self.lease = gateways, business_id, lease
        self.import_id, self.actor, self.request_id = run.id, run.actor, run.request_id
        self.organisation_id, self.step = run.organisation_id, run.step
        self.ends_at = time.monotonic() + gateways.timing.turn_seconds

    async def locked(self, work: UnitOfWork) -> ContactImport:
        """The import, in a transaction that keeps other workers out; LeaseLost if another one has it."""
        await self.lease.guard(work)
        return await ContactImportRepository(work).get(self.import_id, locked=True)


async def run_import(gateways: XeroGateways, business_id: UUID) -> None:
    """Go on with the open import of a business; nothing happens if it is not due or if another worker has it."""
    async with gateways.database.work(business_id) as work:
        claimed = await ContactImportRepository(work).claim(gateways.timing.lease)
    if claimed is None:
        return
    run, lease = claimed
    turn = _Turn(gateways, business_id, run, lease)
    try:
        with bound_contextvars(request_id=turn.request_id):
            async with renewing(gateways.database, business_id, lease):
                await _run(turn)
    except LeaseLost:
        _logger.warning("contact import was taken over by another worker", business_id=str(business_id))
    except Exception:
        await _leave(turn, gateways.timing.ledger_retry_wait)
        raise


async def _run(turn: _Turn) -> None:
    gateway = await turn.gateways.open(turn.business_id)
    if gateway is None or gateway.organisation_id != turn.organisation_id:
        await _without_connection(turn, gateway)
        return
    if turn.step == ImportStep.READ and not await _read(turn, gateway):
        return
    our_contacts = OurContacts(turn.organisation_id)
    while time.monotonic() < turn.ends_at:
        if await _next_batch(turn, our_contacts):
            return
    await _leave(turn, timedelta(0))


async def _read(turn: _Turn, gateway: XeroGateway) -> bool:
    """Bring the mirror up to now; gives whether that was possible."""
    try:
        await read_changes(gateway)
    except XeroBusy as busy:
        if busy.limit == "unavailable":
            await note_silence(gateway)
        reasons = {"day": WaitingFor.DAY_LIMIT, "unavailable": WaitingFor.XERO}
        wait = timedelta(seconds=busy.retry_after) if busy.retry_after else gateway.timing.busy_wait
        await _leave(turn, wait, reasons.get(busy.limit, WaitingFor.RATE))
    except XeroUnknownOutcome:
        await _leave(turn, gateway.timing.unknown_wait, WaitingFor.XERO)
    except XeroDisconnected as lost:
        await note_loss(gateway, lost)
        await _leave(turn, gateway.timing.blocked_wait, WaitingFor.CONNECTION)
    except XeroError as refused:
        await _fail(turn, refused_by_xero(str(refused)))
    else:
        await note_answer(gateway)
        await _begin_work(turn)
        return True
    return False


async def _begin_work(turn: _Turn) -> None:
    """The mirror is up to now: go on with grouping, or with items that a preview has."""
    async with turn.gateways.database.work(turn.business_id) as work:
        run = await turn.locked(work)
        move(run, IMPORT_TRANSITIONS, ImportState.RUNNING)
        run.waiting_for = run.resume_at = None
        run.step = ImportStep.APPLY if run.preview_id else ImportStep.GROUP


async def _next_batch(turn: _Turn, our_contacts: OurContacts) -> bool:
    """Commit the next batch; gives whether the import is finished."""
    async with turn.gateways.database.work(turn.business_id, actor=turn.actor) as work:
        run = await turn.locked(work)
        move(run, IMPORT_TRANSITIONS, ImportState.RUNNING)
        run.waiting_for = run.resume_at = None
        if await _NEXT_BATCH[run.step](work, run, our_contacts):
            return False
        run.done_up_to = None
        if run.step == ImportStep.GROUP and run.mode == ImportMode.APPLY:
            run.step = ImportStep.APPLY
            return False
        await _finish(turn, work, run)
        return True


async def _finish(turn: _Turn, work: UnitOfWork, run: ContactImport) -> None:
    await work.session.flush()
    for group, count in (await ContactImportItemRepository(work).counts(run.source_id)).items():
        setattr(run, group, count)
    move(run, IMPORT_TRANSITIONS, ImportState.DONE)
    await turn.lease.release(work, finished_at=app_now())
    if run.mode == ImportMode.PREVIEW:
        return
    await ImportOfferRepository(work, run.organisation_id).set("done")
    public_id = encode("cim", run.id)
    counts = {name: getattr(run, name) for name in ("imported", "linked", "left_out", "undecided", "failed")}
    record_event(work, "contact_import.finished", subject=public_id, **counts)
    await work.session.flush()
    await NotificationService(work).publish(
        "contact_import.finished",
        finished_sentence(run.imported, run.linked, run.undecided, run.failed),
        {"contact_import_id": public_id, **counts, "href": page_of(run.id)},
        once=f"contact-import:{run.id}",
    )


async def _without_connection(turn: _Turn, gateway: XeroGateway | None) -> None:
    """Wait for the connection, or end: what was imported stays, and another import goes on from there."""
    async with turn.gateways.database.work(turn.business_id) as work:
        row = await ConnectionService(work).row()
        run = await ContactImportRepository(work).get(turn.import_id)
    if gateway is not None or (row is not None and row.organisation_id != turn.organisation_id):
        await _fail(turn, other_organisation(run.organisation_name))
    elif row is None or row.state == ConnectionState.NOT_CONNECTED:
        await _fail(turn, not_connected())
    else:
        await _leave(turn, turn.gateways.timing.blocked_wait, WaitingFor.CONNECTION)


async def _leave(turn: _Turn, wait: timedelta, reason: WaitingFor | None = None) -> None:
    """Give the lease back until the import is due again."""
    async with turn.gateways.database.work(turn.business_id) as work:
        due = await work.now() + wait
        waiting = {"state": ImportState.WAITING, "waiting_for": reason, "resume_at": due} if reason else {}
        await turn.lease.release(work, next_due=due, **waiting)
        if not wait:
            work.wake_after_commit("contact_imports.run", turn.business_id)


async def _fail(turn: _Turn, problem: Problem) -> None:
    async with turn.gateways.database.work(turn.business_id) as work:
        await turn.lease.release(
            work, state=ImportState.FAILED, finished_at=app_now(), problem=problem.as_row(), waiting_for=None
        )
