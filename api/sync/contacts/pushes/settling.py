"""What became of the contacts of a push: changed, refused, undecided, or with nothing to send after all."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.problems import Problem, as_rows
from api.records.contacts.service import ContactService, SyncMark, SyncState
from api.sync.contacts.changes import sent_values
from api.sync.contacts.ownership import Base
from api.sync.contacts.pushes.models import ContactPush, ContactPushItem
from api.sync.contacts.pushes.recording import close, finish_item
from api.sync.contacts.pushes.repository import ContactPushItemRepository, LinkedContactRepository
from api.sync.contacts.pushes.states import PushResult
from api.sync.contacts.pushes.subjects import Subject, settle
from api.sync.contacts.repository import ContactLinkRepository
from api.sync.writes.service import Attempt, Outcomes
from api.xero.wire import Contact

_GONE: Final = 404  # Xero's answer to a call that names a contact which it does not have


async def record_accepted(
    work: UnitOfWork,
    push: ContactPush,
    attempt: Attempt,
    items: Sequence[ContactPushItem],
    subjects: Mapping[UUID, Subject],
) -> None:
    """Keep what both sides agree on since these contacts were changed in Xero."""
    settled: dict[UUID, tuple[Subject, Base]] = {}
    remarks = {item.contact_id: [Problem.from_row(row) for row in item.problems] for item in items}
    for item in items:
        kept = remarks[item.contact_id]
        subject = subjects.get(item.contact_id)
        if subject is None:
            finish_item(item, PushResult.UPDATED, kept)
            continue
        base = subject.base_after(sent_values(attempt.elements[item.contact_id]))
        settled[item.contact_id] = subject, base
        undecided = subject.mark(base).problems
        finish_item(item, PushResult.UNSURE if undecided else PushResult.UPDATED, [*kept, *undecided])
    await settle(work, push.organisation_id, settled, remarks)


async def record_refused(
    work: UnitOfWork, refusals: Sequence[tuple[ContactPushItem, Sequence[Problem]]], result: PushResult
) -> None:
    """Store why these contacts could not be changed, or that somebody else has changed them."""
    state = SyncState.UNSURE if result == PushResult.UNSURE else SyncState.FAILED
    views = await ContactService(work).views([item.contact_id for item, _ in refusals])
    for item, problems in refusals:
        finish_item(item, result, problems)
    await ContactService(work).mark(
        {
            item.contact_id: SyncMark(
                state, views[item.contact_id].external_url, [Problem.from_row(row) for row in item.problems]
            )
            for item, _ in refusals
            if item.contact_id in views
        }
    )


def gone_contacts(outcomes: Outcomes[Contact | None], waiting: Mapping[UUID, ContactPushItem]) -> list[UUID]:
    """Contacts that Xero does not know, the first time: they are read again and matched, and wait until then."""
    if outcomes.refused_status != _GONE:
        return []
    gone = [contact_id for contact_id in outcomes.refused if not waiting[contact_id].rechecked]
    for contact_id in gone:
        waiting[contact_id].rechecked = True
    return gone


async def leave_out_references(
    work: UnitOfWork,
    push: ContactPush,
    attempt: Attempt,
    outcomes: Outcomes[Contact | None],
    waiting: Mapping[UUID, ContactPushItem],
    subjects: Mapping[UUID, Subject],
) -> None:
    """Payer references that are taken count as considered, until they are changed here."""
    bases = {}
    for contact_id in outcomes.again & outcomes.remarks.keys() & subjects.keys():
        waiting[contact_id].problems = as_rows(outcomes.remarks[contact_id])
        subject, sent = subjects[contact_id], attempt.elements[contact_id]["AccountNumber"]
        base = subject.base or Base(subject.ours, subject.theirs)
        considered = Base({**base.ours, "payer_reference": sent}, base.theirs)
        bases[contact_id] = subject.xero_contact_id, considered.as_row()
    if bases:
        await LinkedContactRepository(work, push.organisation_id).save_bases(bases)


async def settle_unsent(
    work: UnitOfWork, push: ContactPush, unsent: Mapping[UUID, tuple[ContactPushItem, Subject]]
) -> None:
    """Contacts that are not sent: undecided, with a remark, not in Xero any more, or as Xero has them."""
    missing = [key for key, (_, subject) in unsent.items() if not subject.stands]
    if missing:
        await ContactLinkRepository(work, push.organisation_id).doubt(missing)
    settled = {key: (subject, subject.base_after()) for key, (_, subject) in unsent.items() if subject.stands}
    remarks = {key: [Problem.from_row(row) for row in item.problems] for key, (item, _) in unsent.items()}
    dropped: list[UUID] = []
    for key, (subject, base) in settled.items():
        item, undecided = unsent[key][0], subject.mark(base).problems
        if undecided:
            finish_item(item, PushResult.UNSURE, [*remarks[key], *undecided])
        elif remarks[key]:
            item.fields = []
            finish_item(item, PushResult.UNCHANGED, remarks[key])
        else:
            dropped.append(key)
    await settle(work, push.organisation_id, settled, remarks)
    if dropped:
        await ContactPushItemRepository(work).drop(push.id, dropped)
    await close(work, push)
