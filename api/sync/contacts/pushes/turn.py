"""A push in a business's turn: it is compared, then sent with the calls that the exports of the turn have left."""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.log import bound_contextvars
from api.platform.states import move
from api.sync.connections.service import XeroGateway
from api.sync.contacts.creation import ContactCreation
from api.sync.contacts.linking import place_contacts, read_for_linking
from api.sync.contacts.mirror import is_recent, position, read_changes
from api.sync.contacts.pushes.changing import ContactChange
from api.sync.contacts.pushes.comparing import compare, is_anything_changed
from api.sync.contacts.pushes.models import ContactPush
from api.sync.contacts.pushes.recording import close, collect_created, refuse_items
from api.sync.contacts.pushes.repository import ContactPushItemRepository, ContactPushRepository
from api.sync.contacts.pushes.states import PUSH_TRANSITIONS, PushAction, PushState
from api.sync.contacts.repository import ContactLinkRepository
from api.sync.writes.service import (
    CALLS,
    Adapter,
    Attempt,
    Turn,
    WaitingFor,
    WriteKind,
    WriteLease,
    commit_attempt,
    send_beside,
)

_LEAST_DAY_SHARE: Final = 0.1  # of the day's calls: the last ones are for exports
_DAY_WAIT: Final = timedelta(minutes=30)


async def open_push(
    work: UnitOfWork, gateway: XeroGateway | None, lease: WriteLease, blocked_wait: timedelta
) -> ContactPush | None:
    """The push of the business that can go on now. Without a connection it waits.

    What was to be pushed to a former organisation ends.
    """
    push = await ContactPushRepository(work).unfinished(locked=True)
    if push is None:
        return None
    if gateway is None:
        move(push, PUSH_TRANSITIONS, PushState.WAITING)
        push.waiting_for, push.resume_at = WaitingFor.CONNECTION, None
        lease.due_in(blocked_wait)
        return None
    if push.organisation_id != gateway.organisation_id:
        items = ContactPushItemRepository(work)
        await items.drop(push.id, await items.waiting_ids(push.id))
        push.compared = True
        await close(work, push)
        return None
    move(push, PUSH_TRANSITIONS, PushState.RUNNING)
    push.waiting_for, push.resume_at = None, None
    return push


async def push_contacts(
    gateway: XeroGateway, lease: WriteLease, push: ContactPush, creation: ContactCreation, change: ContactChange
) -> None:
    """Go on with a push."""
    with bound_contextvars(request_id=push.request_id):
        if gateway.calls >= CALLS:
            lease.due_now()
        elif await gateway.day_share_left() < _LEAST_DAY_SHARE:
            async with gateway.work() as work:
                resume_at = await work.now() + _DAY_WAIT
                await delay_push(work, WaitingFor.DAY_LIMIT, resume_at)
            lease.due_by(resume_at)
        elif await _prepare(gateway, lease, push):
            await _send(gateway, lease, creation, change, push.id)
            await _collect(gateway, lease, push.id)


async def delay_push(work: UnitOfWork, reason: str, resume_at: datetime) -> None:
    """Say what the push of the business waits for; one that waits for the connection still does."""
    push = await ContactPushRepository(work).unfinished(locked=True)
    if push is not None and push.waiting_for != WaitingFor.CONNECTION:
        move(push, PUSH_TRANSITIONS, PushState.WAITING)
        push.waiting_for, push.resume_at = WaitingFor(reason), resume_at


async def _prepare(gateway: XeroGateway, lease: WriteLease, push: ContactPush) -> bool:
    """Compare the contacts, and place those without a link; whether the turn has calls left to send them.

    The mirror is read once before contacts are compared, and again when a push goes on later.
    """
    if not push.compared:
        if push.compared_up_to is None and not await is_anything_changed(gateway, retries=push.started_by is not None):
            async with lease.work() as work:
                stored = await ContactPushRepository(work).get(push.id, locked=True)
                stored.compared = True
                await close(work, stored)
            return False
        await read_changes(gateway)
        await compare(gateway, lease, push.id)
    elif not await is_recent(gateway, gateway.timing.documents_age):
        await read_changes(gateway)
    await _place(gateway, lease, push.id)
    return True


async def _send(
    gateway: XeroGateway, lease: WriteLease, creation: ContactCreation, change: ContactChange, push_id: UUID
) -> None:
    """Send contacts, several calls beside each other, until none is left or the turn is over."""
    in_flight, calls = gateway.config.concurrency - 1, CALLS - gateway.calls
    async with Turn(in_flight=in_flight, seconds=gateway.timing.turn_seconds, calls=calls) as turn:
        while turn.may_start:
            await turn.wait_for_capacity()
            if not turn.may_start:
                break
            attempt = await _next_attempt(gateway, lease, creation, change, push_id)
            if attempt is not None:
                adapter: Adapter[Any, Any] = creation if attempt.kind == WriteKind.CREATE_CONTACTS else change
                turn.start(attempt.kind, send_beside(gateway, lease, adapter, attempt, turn.flights))
            elif not await turn.wait_for_an_end() and not await _place(gateway, lease, push_id):
                return
    lease.due_now()


async def _next_attempt(
    gateway: XeroGateway, lease: WriteLease, creation: ContactCreation, change: ContactChange, push_id: UUID
) -> Attempt | None:
    """Commit the next attempt: contacts to be created first."""
    async with lease.work() as work:
        push = await ContactPushRepository(work).get(push_id, locked=True)
        wanted = await ContactPushItemRepository(work).waiting_ids(push_id, PushAction.CREATE)
        batch = await creation.next_batch(work, gateway, wanted) if wanted else None
        if batch is not None:
            return await commit_attempt(work, gateway, WriteKind.CREATE_CONTACTS, batch)
        batch = await change.next_batch(work, gateway, push)
        if batch is not None:
            return await commit_attempt(work, gateway, WriteKind.CHANGE_CONTACTS, batch, group_id=push_id)
        return None


async def _place(gateway: XeroGateway, lease: WriteLease, push_id: UUID) -> bool:
    """Match the waiting contacts without a link, or whose link is in doubt, once more; whether there were any."""
    await _collect(gateway, lease, push_id)
    async with gateway.work() as work:
        waiting = await ContactPushItemRepository(work).waiting_ids(push_id)
        unplaced, doubted = await ContactLinkRepository(work, gateway.organisation_id).without_place(waiting)
        reading = await position(work, gateway.organisation_id)
    if not unplaced:
        return False
    await read_for_linking(gateway, reading, doubted)
    async with lease.work() as work:
        push = await ContactPushRepository(work).get(push_id, locked=True)
        refused = await place_contacts(work, push.organisation_id, unplaced)
        items = await ContactPushItemRepository(work).locked(push_id, unplaced)
        creating = await ContactLinkRepository(work, push.organisation_id).creating(unplaced)
        for contact_id, item in items.items():
            item.action = PushAction.CREATE if contact_id in creating else PushAction.UPDATE
        await refuse_items(work, items, refused)
        await close(work, push)
    return True


async def _collect(gateway: XeroGateway, lease: WriteLease, push_id: UUID) -> None:
    """Record what was created, and end the push if nothing waits any more."""
    async with lease.work() as work:
        push = await ContactPushRepository(work).get(push_id, locked=True)
        await collect_created(work, push)
        await close(work, push)
