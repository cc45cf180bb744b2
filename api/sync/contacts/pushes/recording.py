"""Recording what became of contacts: their results, the counts of the push, and its end."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from api.identity.audit.service import record_event
from api.platform.db.work import UnitOfWork
from api.platform.ids import encode
from api.platform.problems import Problem, as_rows
from api.platform.states import move
from api.records.contacts.service import ContactService, SyncState
from api.records.notifications.service import NotificationService
from api.sync.contacts.problems import PAYER_REFERENCE_TAKEN
from api.sync.contacts.pushes.models import ContactPush, ContactPushItem
from api.sync.contacts.pushes.repository import (
    ContactPushItemRepository,
    ContactPushRepository,
    LinkedContactRepository,
)
from api.sync.contacts.pushes.states import (
    FINISHED,
    PUSH_TRANSITIONS,
    RESULT_TRANSITIONS,
    PushAction,
    PushResult,
    finished_state,
)
from api.sync.contacts.repository import ContactLinkRepository

_CREATED_BY = ("created", "contact_number")  # how a link was decided that a creation of ours led to
_REFUSED = {SyncState.UNSURE: PushResult.UNSURE, SyncState.FAILED: PushResult.FAILED}


def finish_item(item: ContactPushItem, result: PushResult, problems: Sequence[Problem] = ()) -> None:
    """Give a contact its result, with what deserves a look."""
    move(item, RESULT_TRANSITIONS, result)
    item.problems = as_rows(problems)


async def refuse_items(
    work: UnitOfWork, items: Mapping[UUID, ContactPushItem], refused: Mapping[UUID, Sequence[Problem]]
) -> None:
    """Give contacts that could not be placed or created their results, as their records show them now."""
    views = await ContactService(work).views(refused)
    for contact_id, problems in refused.items():
        if contact_id in items and contact_id in views:
            state = SyncState(views[contact_id].sync_state)
            finish_item(items[contact_id], _REFUSED.get(state, PushResult.FAILED), problems)


async def collect_created(work: UnitOfWork, push: ContactPush) -> None:
    """Record the contacts that are linked or refused since they were to be created, by this push or by an export."""
    repository = ContactPushItemRepository(work)
    items = await repository.locked(push.id, await repository.waiting_ids(push.id, PushAction.CREATE))
    if not items:
        return
    links = await LinkedContactRepository(work, push.organisation_id).certain(items)
    views = await ContactService(work).views(items)
    for link in links:
        item = items[link.contact_id]
        if link.decided_by in _CREATED_BY:
            remarks = [Problem.from_row(row) for row in views[link.contact_id].remarks]
            taken = [remark for remark in remarks if remark.code == PAYER_REFERENCE_TAKEN.code]
            finish_item(item, PushResult.CREATED, taken)
        else:  # somebody has typed it into Xero meanwhile
            item.action = PushAction.UPDATE
    creating = await ContactLinkRepository(work, push.organisation_id).creating(items)
    linked = {link.contact_id for link in links}
    for contact_id in items.keys() - linked - creating.keys():
        view = views[contact_id]
        if (result := _REFUSED.get(SyncState(view.sync_state))) is not None:
            finish_item(items[contact_id], result, [Problem.from_row(row) for row in view.problems])


async def close(work: UnitOfWork, push: ContactPush) -> None:
    """Recount a locked push. It ends when every contact was compared and none waits; what needs a look is notified."""
    await work.session.flush()
    await ContactPushRepository(work).recount(push)
    final = finished_state({result: getattr(push, result) for result in PushResult})
    if final is None or not push.compared or push.state in FINISHED:
        return
    move(push, PUSH_TRANSITIONS, final)
    push.finished_at, push.waiting_for, push.resume_at = await work.now(), None, None
    await work.session.flush()
    if push.created or push.updated:
        counts = {"created": push.created, "updated": push.updated}
        record_event(work, "contacts.pushed", subject=encode("cpu", push.id), counts=counts)
    looks = await ContactPushItemRepository(work).count_with_problems(push.id)
    if looks:
        await _notify(work, push, looks)


async def _notify(work: UnitOfWork, push: ContactPush, looks: int) -> None:
    await NotificationService(work).publish(
        "contact_push.finished",
        f"Contacts pushed to Xero: {looks} {'needs' if looks == 1 else 'need'} a look.",
        {
            "contact_push_id": encode("cpu", push.id),
            "outcome": push.state,
            **{name: getattr(push, name) for name in ("total", "created", "updated", "unsure", "failed")},
            "needs_a_look": looks,
            "href": "/contacts?sync_state=unsure" if push.unsure else "/contacts",
        },
        once=f"contact-push:{push.id}",
    )
