"""A business's turn: what is in doubt is looked up, and its exports are checked and sent, several calls at once."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from api.platform.db.lease import LeaseLost
from api.platform.db.work import UnitOfWork
from api.platform.log import bound_contextvars, get_logger
from api.platform.states import move
from api.sync.connections.service import XeroGateway, XeroGateways, note_answer, note_loss, note_silence
from api.sync.contacts.service import (
    ContactChange,
    ContactCreation,
    ContactLinkService,
    ContactPush,
    Position,
    delay_push,
    open_push,
    position,
    push_contacts,
    read_for_linking,
)
from api.sync.documents.service import PAGES_OF_A_TURN, DocumentService, read_on
from api.sync.exports.creation import InvoiceCreation
from api.sync.exports.inputs import ContextReader
from api.sync.exports.models import ExportRun
from api.sync.exports.opening import open_runs
from api.sync.exports.preparing import next_batch, place, reject_items_of, validate
from api.sync.exports.repository import ExportItemRepository, ItemContact
from api.sync.exports.runs.repository import ExportRunRepository
from api.sync.exports.states import RUN_TRANSITIONS, ItemState, RunState
from api.sync.writes.service import (
    CALLS,
    Adapter,
    Attempt,
    Batch,
    Flights,
    OpenAttempts,
    Turn,
    WaitingFor,
    WriteKind,
    WriteLease,
    commit_attempt,
    leased,
    open_attempts,
    recover,
    send_beside,
)
from api.xero.errors import XeroBusy, XeroDisconnected, XeroRejected, XeroUnknownOutcome

# One batch in doubt may have a bad element; with two, Xero itself fails, and another batch would be in doubt too.
_OUTAGE_ATTEMPTS, _READS = 2, 2
_UNSENT = (ItemState.PENDING, ItemState.READY)
_CONTACTS, _CHANGES = ContactCreation(reject_items_of), ContactChange()
_ADAPTERS: dict[WriteKind, Adapter[Any, Any]] = {
    WriteKind.CREATE_CONTACTS: _CONTACTS,
    WriteKind.CHANGE_CONTACTS: _CHANGES,
    WriteKind.CREATE_INVOICES: InvoiceCreation(),
}
_logger = get_logger("jobtally.exports")


async def drain(gateways: XeroGateways, business_id: UUID) -> None:
    """Give one business a turn, unless another worker has its lease."""
    async with leased(gateways.database, business_id, gateways.timing) as lease:
        if lease is None:
            return
        try:
            await _turn(gateways, lease)
        except LeaseLost:
            lease.due_now()  # stored only if no other worker has the lease: this one may just have been too slow
            _logger.warning("lease lost or too old, the rest is left to the next turn", business_id=str(business_id))


@dataclass(frozen=True)
class _Opened:
    """What a turn has to do, as its first transaction has read it."""

    gateway: XeroGateway
    exports: "_ExportTurn | None"
    needs: "_Needs | None"  # None if the attempts decide what has to be read
    push: ContactPush | None
    attempts: OpenAttempts


async def _open(gateways: XeroGateways, lease: WriteLease) -> _Opened | None:
    """None without a working connection."""
    async with lease.work() as work:
        gateway = await gateways.open_within(work)
        runs = await open_runs(work, gateways, lease, gateway)
        push = await open_push(work, gateway, lease, gateways.timing.blocked_wait)
        if gateway is None:
            return None
        attempts = await open_attempts(work)
        for adapter in (_CONTACTS, _CHANGES):
            await adapter.abandon_elsewhere(work, gateway.organisation_id, attempts)
        own = [(row, ids) for row, ids in attempts if row.organisation_id == gateway.organisation_id]
        exports = _ExportTurn(gateway, lease, runs) if runs else None
        needs = await exports.needs(work, _UNSENT) if exports and not own else None
        return _Opened(gateway, exports, needs, push, own)


async def _turn(gateways: XeroGateways, lease: WriteLease) -> None:
    opened = await _open(gateways, lease)
    if opened is None:
        return
    gateway = opened.gateway
    try:
        in_doubt = await recover(gateway, lease, _ADAPTERS, opened.attempts)
        if in_doubt >= _OUTAGE_ATTEMPTS:
            await _wait(gateway, lease, WaitingFor.XERO, gateway.timing.busy_wait)
            return
        if opened.exports is not None:
            await opened.exports.advance(in_doubt, opened.needs)
        if opened.push is not None:  # a push of contacts gets the calls that the exports leave
            await push_contacts(gateway, lease, opened.push, _CONTACTS, _CHANGES)
        await note_answer(gateway)
    except XeroBusy as busy:
        if busy.limit == "unavailable":
            await note_silence(gateway)
        reasons: dict[str, WaitingFor] = {"day": WaitingFor.DAY_LIMIT, "unavailable": WaitingFor.XERO}
        wait = timedelta(seconds=busy.retry_after) if busy.retry_after else gateway.timing.busy_wait
        await _wait(gateway, lease, reasons.get(busy.limit, WaitingFor.RATE), wait)
    except XeroUnknownOutcome:
        await _wait(gateway, lease, WaitingFor.XERO, gateway.timing.unknown_wait)
    except XeroDisconnected as lost:
        await note_loss(gateway, lost)
        async with lease.work() as work:
            await open_runs(work, gateways, lease, None)
            await open_push(work, None, lease, gateways.timing.blocked_wait)
    except XeroRejected as refused:  # by a look-up: nothing was written, and the same request would be refused again
        _logger.warning("a look-up was refused", error=str(refused), correlation_id=refused.correlation_id)
        await _wait(gateway, lease, WaitingFor.XERO, gateway.timing.refused_look_up_wait)


@dataclass(frozen=True)
class _Needs:
    """What has to be read before a turn: the documents, and contacts that have no place yet."""

    documents: bool
    is_reading: bool  # a large organisation is read over several turns
    contacts: Sequence[ItemContact]
    reading: Position | None  # of contacts, if there are any to be read

    @property
    def doubted(self) -> set[UUID]:
        """The contacts of Xero that links in doubt lead to."""
        return {contact.xero_contact_id for contact in self.contacts if contact.xero_contact_id is not None}


class _ExportTurn:
    """One turn of the open runs of a business: their items are checked and sent, several calls at once."""

    def __init__(self, gateway: XeroGateway, lease: WriteLease, runs: Sequence[ExportRun]) -> None:
        self._gateway = gateway
        self._lease = lease
        self._runs = {run.id: run for run in runs}
        self._rotation = deque(self._runs)
        self._contexts = ContextReader(gateway.organisation_id)
        self._read: set[UUID] = set()  # contacts for which the mirror was brought up to now, until they are placed
        self._are_linked = False  # all contacts of ready items, when they were read last

    async def needs(self, work: UnitOfWork, states: Sequence[ItemState]) -> _Needs:
        """The documents are known if they were read a short time ago, by this process, and after the runs were started.

        What was sent before the database was restored from a backup is recognised in the mirror.
        """
        gateway = self._gateway
        read_at, is_reading = await DocumentService(work).progress(gateway.organisation_id)
        instant = await work.now()
        run_ages = (instant - run.created_at for run in self._runs.values())
        youngest = min([gateway.timing.documents_age, gateway.gateways.age, *run_ages])
        is_recent = read_at is not None and timedelta(0) <= instant - read_at < youngest
        return _Needs(not is_recent, is_reading, *await self._without_place(work, states))

    async def _without_place(
        self, work: UnitOfWork, states: Sequence[ItemState]
    ) -> tuple[list[ItemContact], Position | None]:
        """Contacts that have to be read, and from where."""
        contacts = [contact for contact in await self._contacts(work, states) if not contact.has_place]
        return contacts, await position(work, self._gateway.organisation_id) if contacts else None

    async def _contacts(self, work: UnitOfWork, states: Sequence[ItemState]) -> list[ItemContact]:
        places = ContactLinkService(work).places(self._gateway.organisation_id)
        return await ExportItemRepository(work).contacts(list(self._runs), states, places)

    async def advance(self, in_doubt: int, needs: _Needs | None) -> None:
        """Send the batches of the runs in rotation, beside each other, until they are done or the turn is over."""
        gateway, lease = self._gateway, self._lease
        if not await self._prepare(needs):
            lease.due_now()
            return
        at_once = gateway.config.concurrency - 1
        in_flight = max(1, at_once // 2) if in_doubt else at_once
        async with Turn(in_flight=in_flight, seconds=gateway.timing.turn_seconds, calls=CALLS - gateway.calls) as turn:
            is_ready = True  # whether items are ready, for all that is known
            while turn.may_start:
                await turn.wait_for_capacity()
                if not turn.may_start:
                    break
                if not is_ready and not turn.freed:
                    if not await turn.wait_for_an_end():
                        return
                    continue
                turn.freed = False
                # A batch that is not full may become so with the contacts that are being created.
                only_full = turn.is_in_flight(WriteKind.CREATE_CONTACTS)
                attempt, is_ready = await self._next_attempt(only_full=only_full)
                if attempt is not None:
                    turn.start(attempt.kind, self._send(attempt, turn.flights))
                elif is_ready and not await turn.wait_for_an_end() and not await self._read_doubted():
                    return
        lease.due_now()

    async def _prepare(self, needs: _Needs | None) -> bool:
        """Check the pending items while the mirrors are brought up to now as far as this is needed.

        Gives whether nothing is left to be read.
        """
        gateway = self._gateway
        if needs is None:
            async with gateway.work() as work:
                needs = await self.needs(work, _UNSENT)
        async with Turn(in_flight=_READS, seconds=gateway.timing.turn_seconds, calls=_READS) as reads:
            if needs.documents:
                reads.start(None, read_on(gateway, max_pages=PAGES_OF_A_TURN))
            if needs.reading is not None:
                reads.start(None, read_for_linking(gateway, needs.reading, needs.doubted))
            for run in self._runs.values():
                with bound_contextvars(request_id=run.request_id):
                    await validate(gateway, self._lease, run.id, self._contexts)
        self._read |= {contact.contact_id for contact in needs.contacts}
        return not (needs.documents and needs.is_reading and await self._is_still_reading())

    async def _is_still_reading(self) -> bool:
        async with self._gateway.work() as work:
            return (await DocumentService(work).progress(self._gateway.organisation_id))[1]

    async def _read_doubted(self) -> bool:
        """Read the contacts whose link Xero has put in doubt meanwhile; whether there were any."""
        async with self._gateway.work() as work:
            needs = _Needs(False, False, *await self._without_place(work, (ItemState.READY,)))
        if needs.reading is not None:
            await read_for_linking(self._gateway, needs.reading, needs.doubted)
            self._read |= {contact.contact_id for contact in needs.contacts}
            self._are_linked = False
        return bool(needs.contacts)

    async def _send(self, attempt: Attempt, flights: Flights) -> bool:
        run = self._runs.get(attempt.group_id) if attempt.group_id else None
        with bound_contextvars(request_id=run.request_id if run else None):
            is_left = await send_beside(self._gateway, self._lease, _ADAPTERS[attempt.kind], attempt, flights)
        return is_left or attempt.kind == WriteKind.CREATE_CONTACTS  # their invoices can be sent now

    async def _next_attempt(self, *, only_full: bool) -> tuple[Attempt | None, bool]:
        """Commit the next attempt: contacts to be created first, then a batch of the run whose turn it is.

        Gives with it whether more items may be ready.
        """
        gateway = self._gateway
        async with self._lease.work() as work:
            if not self._are_linked:
                ready = await self._contacts(work, (ItemState.READY,))
                contacts = await self._contacts_to_create(work, ready)
                if contacts is not None:
                    attempt = await commit_attempt(work, gateway, WriteKind.CREATE_CONTACTS, contacts)
                    return attempt, len(contacts.element_ids) < len(ready)
            for _ in range(len(self._rotation)):
                self._rotation.rotate(-1)
                run_id = self._rotation[-1]
                batch, is_last = await next_batch(work, gateway, run_id, self._contexts, only_full=only_full)
                if batch is not None:
                    attempt = await commit_attempt(work, gateway, WriteKind.CREATE_INVOICES, batch, group_id=run_id)
                    return attempt, not (is_last and self._are_linked and len(self._rotation) == 1)
            return None, bool(await self._contacts(work, (ItemState.READY,)))

    async def _contacts_to_create(self, work: UnitOfWork, ready: Sequence[ItemContact]) -> Batch | None:
        """The next contacts to be created, of these contacts of ready items. Those that were read are placed before."""
        placeable = self._read & {contact.contact_id for contact in ready if not contact.has_place}
        if placeable:
            await place(work, self._gateway.organisation_id, sorted(placeable))
            self._read -= placeable
        to_create = placeable | {contact.contact_id for contact in ready if contact.is_to_be_created}
        self._are_linked = not to_create and all(contact.has_place for contact in ready)
        return await _CONTACTS.next_batch(work, self._gateway, to_create) if to_create else None


async def _wait(gateway: XeroGateway, lease: WriteLease, reason: WaitingFor, wait: timedelta) -> None:
    async with gateway.work() as work:
        resume_at = await work.now() + wait
        for run in await ExportRunRepository(work).unfinished():
            if run.waiting_for != WaitingFor.CONNECTION:
                move(run, RUN_TRANSITIONS, RunState.WAITING)
                run.waiting_for, run.resume_at = reason, resume_at
        await delay_push(work, reason, resume_at)
    lease.due_by(resume_at)
