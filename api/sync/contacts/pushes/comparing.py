"""Which contacts a push has to send: they are compared piece by piece with what both sides last agreed on."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.problems import Problem, as_rows
from api.records.contacts.service import ContactService, ContactView, SyncState
from api.sync.connections.service import XeroGateway
from api.sync.contacts.linking import Refused, match_contacts, place_contacts
from api.sync.contacts.ownership import Field
from api.sync.contacts.pushes.clashes import clashing_still
from api.sync.contacts.pushes.models import ContactPush, ContactPushItem
from api.sync.contacts.pushes.recording import close
from api.sync.contacts.pushes.repository import ContactPushItemRepository, ContactPushRepository
from api.sync.contacts.pushes.states import PushAction, PushResult
from api.sync.contacts.pushes.subjects import Subject, read_subjects, settle
from api.sync.contacts.refusals import stored_refusal
from api.sync.contacts.repository import ContactLinkRepository
from api.sync.writes.service import WriteLease

_AT_ONCE = 500
_NEEDS_A_LOOK = (SyncState.UNSURE, SyncState.FAILED)


async def is_anything_changed(gateway: XeroGateway, *, retries: bool) -> bool:
    """Whether a contact was never sent or was changed here, by what is stored: Xero is not asked.

    Contacts that need a look are left to a person, unless `retries`.
    """
    after: UUID | None = None
    while True:
        async with gateway.work() as work:
            ids = await ContactService(work).ids_after(after, _AT_ONCE)
            if await _is_any_changed(work, gateway.organisation_id, ids, retries=retries):
                return True
        if len(ids) < _AT_ONCE:
            return False
        after = ids[-1]


async def _is_any_changed(work: UnitOfWork, organisation_id: UUID, ids: Sequence[UUID], *, retries: bool) -> bool:
    unplaced, _ = await ContactLinkRepository(work, organisation_id).without_place(ids)
    views = await ContactService(work).views(unplaced)
    if any(retries or not _needs_a_look(view) for view in views.values()):
        return True
    subjects = await read_subjects(work, organisation_id, ids, with_mirror=False)
    return any(subject.is_changed_here for subject in subjects.values() if retries or not _needs_a_look(subject.view))


async def compare(gateway: XeroGateway, lease: WriteLease, push_id: UUID) -> None:
    """Compare every contact with the mirror, from where an earlier turn stopped, and note those to be sent."""
    is_left = True
    while is_left:
        async with lease.work() as work:
            push = await ContactPushRepository(work).get(push_id, locked=True)
            ids = await ContactService(work).ids_after(push.compared_up_to, _AT_ONCE)
            if ids:
                await _note(work, push, ids)
                push.compared_up_to = ids[-1]
            push.compared = len(ids) < _AT_ONCE
            is_left = not push.compared
            await close(work, push)


async def _note(work: UnitOfWork, push: ContactPush, ids: Sequence[UUID]) -> None:
    """Link what the mirror knows, and note what has to be created, changed or looked at."""
    retries = push.started_by is not None
    unplaced, _ = await ContactLinkRepository(work, push.organisation_id).without_place(ids)
    views = await ContactService(work).views(unplaced)
    wanted = await _to_place(work, push.organisation_id, views, retries=retries)
    refused = await place_contacts(work, push.organisation_id, wanted) if wanted else {}
    creating = await ContactLinkRepository(work, push.organisation_id).creating(wanted)
    items = [
        _item(push, views[contact_id], PushAction.CREATE, PushResult.WAITING)
        for contact_id in wanted
        if contact_id in creating
    ]
    items += await _refused_items(work, push, refused)
    subjects = await read_subjects(work, push.organisation_id, ids)
    items += await _note_changed(work, push, [s for s in subjects.values() if retries or not _needs_a_look(s.view)])
    await ContactPushItemRepository(work).store(items)


async def _to_place(
    work: UnitOfWork, organisation_id: UUID, views: Mapping[UUID, ContactView], *, retries: bool
) -> list[UUID]:
    """Contacts without a link; of those that needed a look only where the mirror answers the question by now."""
    if retries:
        return sorted(views)
    unsure = [key for key, view in views.items() if view.sync_state == SyncState.UNSURE]
    doubts = (await match_contacts(work, organisation_id, unsure)).refused
    answered = set(unsure) - doubts.keys()
    return sorted(key for key, view in views.items() if key in answered or not _needs_a_look(view))


async def _refused_items(work: UnitOfWork, push: ContactPush, refused: Refused) -> list[ContactPushItem]:
    views = await ContactService(work).views(refused)
    results = {SyncState.UNSURE: PushResult.UNSURE}
    return [
        _item(
            push,
            view,
            PushAction.CREATE,
            results.get(SyncState(view.sync_state), PushResult.FAILED),
            problems=refused[contact_id],
        )
        for contact_id, view in views.items()
    ]


async def _note_changed(work: UnitOfWork, push: ContactPush, subjects: Collection[Subject]) -> list[ContactPushItem]:
    """What has to be changed in Xero or is undecided; the bases of all others are brought up to date."""
    items: list[ContactPushItem] = []
    settled: dict[UUID, Subject] = {}
    missing: list[UUID] = []
    clashing = await clashing_still(work, subjects)
    for subject in subjects:
        if subject.stands:
            if subject.view.id in clashing:
                refusal = stored_refusal(subject.view, subject.ours["name"] or "")
                items.append(_item(push, subject.view, PushAction.UPDATE, PushResult.FAILED, problems=[refusal]))
                continue
            if fields := subject.fields("sent"):
                items.append(_item(push, subject.view, PushAction.UPDATE, PushResult.WAITING, fields))
                continue
            if (problem := subject.conflict()) is not None:
                items.append(_item(push, subject.view, PushAction.UPDATE, PushResult.UNSURE, problems=[problem]))
            if _is_to_be_settled(subject):
                settled[subject.view.id] = subject
        elif subject.is_changed_here:
            missing.append(subject.view.id)
            items.append(_item(push, subject.view, PushAction.UPDATE, PushResult.WAITING))
    await settle(work, push.organisation_id, {key: (each, each.base_after()) for key, each in settled.items()})
    if missing:  # they are read again and matched before anything is sent
        await ContactLinkRepository(work, push.organisation_id).doubt(missing)
    return items


def _is_to_be_settled(subject: Subject) -> bool:
    """Whether the base or what is shown of the contact is not up to date."""
    base = subject.base_after()
    if subject.base is None or base.as_row() != subject.base.as_row():
        return True
    return subject.is_changed_here or (
        subject.view.sync_state == SyncState.CHANGED and subject.mark(base).sync_state == SyncState.IN_STEP
    )


def _item(
    push: ContactPush,
    view: ContactView,
    action: PushAction,
    result: PushResult,
    fields: Sequence[Field] = (),
    *,
    problems: Sequence[Problem] = (),
) -> ContactPushItem:
    return ContactPushItem(
        push_id=push.id,
        contact_id=view.id,
        contact_name=view.display_name,
        action=action,
        result=result,
        fields=list(fields),
        problems=as_rows(problems),
    )


def _needs_a_look(view: ContactView) -> bool:
    return view.sync_state in _NEEDS_A_LOOK
