"""Changing contacts in Xero: the adapter of pushes. Elements are our contacts; an attempt belongs to its push."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.problems import Problem, as_rows
from api.records.contacts.service import ContactService, SyncMark, SyncState
from api.sync.connections.service import XeroGateway
from api.sync.contacts.changes import changed_contact, sent_values
from api.sync.contacts.creation import says_name_taken, says_reference_taken
from api.sync.contacts.mirror import read_again, store
from api.sync.contacts.ownership import Base, Values, agree
from api.sync.contacts.problems import failing, name_taken, reference_taken, refused
from api.sync.contacts.pushes.models import ContactPush, ContactPushItem
from api.sync.contacts.pushes.recording import close, finish_item
from api.sync.contacts.pushes.repository import (
    ContactPushItemRepository,
    ContactPushRepository,
    LinkedContactRepository,
)
from api.sync.contacts.pushes.states import FINISHED, PushResult
from api.sync.contacts.pushes.subjects import Subject, read_subjects, settle
from api.sync.contacts.repository import ContactLinkRepository
from api.sync.writes.service import (
    Attempt,
    Batch,
    Held,
    Locked,
    OpenAttempts,
    Outcomes,
    WriteAttemptRepository,
    WriteKind,
)
from api.xero.client import XeroClient
from api.xero.limits import Priority
from api.xero.outgoing import WrittenContact, serialize
from api.xero.reply import Reply
from api.xero.wire import Contact

_GONE = 404  # Xero's answer to a call that names a contact which it does not have


class ContactChange:
    """Changes 50 a call, only the fields that were changed here; what Xero refuses or fails on is isolated."""

    kind = WriteKind.CHANGE_CONTACTS

    async def next_batch(self, work: UnitOfWork, gateway: XeroGateway, push: ContactPush) -> Batch | None:
        """The next contacts of a push, compared with the mirror once more; what has nothing to send leaves the push."""
        items = ContactPushItemRepository(work)
        while candidates := await items.to_change(push.id, push.organisation_id, gateway.config.batch_size):
            candidates = candidates[: min(item.batch_limit for item in candidates)]
            subjects = await read_subjects(work, push.organisation_id, [item.contact_id for item in candidates])
            elements: dict[UUID, WrittenContact] = {}
            unsent: dict[UUID, tuple[ContactPushItem, Subject]] = {}
            for item in candidates:
                subject = subjects[item.contact_id]
                fields = subject.fields("sent") if subject.stands else []
                if fields and subject.mirrored is not None:
                    item.fields = list(fields)
                    elements[item.contact_id] = changed_contact(
                        subject.xero_contact_id, fields, subject.ours, subject.mirrored
                    )
                else:
                    unsent[item.contact_id] = item, subject
            await _settle_unsent(work, push, unsent)
            if elements:
                limit = min(item.batch_limit for item in candidates)
                return Batch(list(elements), serialize(list(elements.values())), limit)
        return None

    async def abandon_elsewhere(self, work: UnitOfWork, organisation_id: UUID, attempts: OpenAttempts) -> None:
        """Settle those of these attempts that are at other organisations; a later push compares again."""
        for attempt, _ in attempts:
            if attempt.kind == self.kind and attempt.organisation_id != organisation_id:
                await WriteAttemptRepository(work).settle(attempt, "abandoned")

    async def call(self, client: XeroClient, attempt: Attempt, *, before_sending: Callable[[], None]) -> Reply[Contact]:
        """Change the contacts of an attempt."""
        return await client.update_contacts(attempt.body, attempt.key, before_sending=before_sending)

    async def judge(self, gateway: XeroGateway, attempt: Attempt, reply: Reply[Contact]) -> Outcomes[Contact | None]:
        """What the reply says; a payer reference that is taken is left out and the rest goes again."""
        answers = {answer.contact_id: answer for answer in reply.elements if answer.accepted or answer.refused}
        outcomes: Outcomes[Contact | None] = Outcomes()
        for contact_id, element in attempt.elements.items():
            answer = answers.get(UUID(element["ContactID"]))
            if answer is None:
                continue
            messages = tuple(dict.fromkeys(error.text for error in answer.errors))
            if answer.accepted:
                outcomes.accepted[contact_id] = answer
            elif says_reference_taken(messages) and "AccountNumber" in element:
                outcomes.again.add(contact_id)
                remark = reference_taken(contact_id, element["AccountNumber"], None, messages)
                outcomes.remarks[contact_id] = [remark]
            elif says_name_taken(messages):
                outcomes.refused[contact_id] = [name_taken(contact_id, _name(element), messages)]
            else:
                outcomes.refused[contact_id] = refused(contact_id, _name(element), messages)
        return outcomes

    async def look_up(
        self, gateway: XeroGateway, attempt: Attempt, is_quiet: Callable[[datetime], bool]
    ) -> Outcomes[Contact | None]:
        """Read the contacts: those that have what was sent were changed; a value of somebody else ends the doubt."""
        started = time.monotonic()
        xero_ids = {contact_id: UUID(element["ContactID"]) for contact_id, element in attempt.elements.items()}
        await read_again(gateway, xero_ids.values(), Priority.ESSENTIAL)
        asked_at = await gateway.xero_instant(started)
        async with gateway.work() as work:
            subjects = await read_subjects(work, attempt.organisation_id, attempt.element_ids)
        outcomes: Outcomes[Contact | None] = Outcomes(asked_at=asked_at)
        for contact_id, element in attempt.elements.items():
            subject = subjects.get(contact_id)
            if subject is None or subject.xero_contact_id != xero_ids[contact_id] or subject.mirrored is None:
                outcomes.again.add(contact_id)  # it is gone, or linked to another: what was sent does not count
                continue
            sent = sent_values(element)
            if all(agree(field, value, subject.theirs[field]) for field, value in sent.items()):
                outcomes.accepted[contact_id] = None
            elif is_quiet(asked_at):
                outcomes.again.add(contact_id)
            elif (problem := _foreign_change(subject, sent)) is not None:
                outcomes.review[contact_id] = [problem]
        return outcomes

    def refusal(self, attempt: Attempt, element_id: UUID, messages: Sequence[str]) -> Sequence[Problem]:
        """Xero's messages as problems."""
        return refused(element_id, _name(attempt.elements[element_id]), messages)

    def failure(self, attempt: Attempt, element_id: UUID) -> Sequence[Problem]:
        """The problem of a contact on which Xero fails."""
        return [failing(element_id)]

    async def lock(self, work: UnitOfWork, attempt: Attempt) -> Locked:
        """Lock the push; nothing of one that has ended is sent."""
        assert attempt.group_id is not None, "an attempt to change contacts belongs to a push"
        push = await ContactPushRepository(work).get(attempt.group_id, locked=True)
        return Locked(may_be_sent=push.state not in FINISHED, group=push)

    async def waiting(self, work: UnitOfWork, attempt: Attempt) -> Mapping[UUID, ContactPushItem]:
        """The contacts that still wait for the outcome of an attempt."""
        assert attempt.group_id is not None, "an attempt to change contacts belongs to a push"
        return await ContactPushItemRepository(work).locked(attempt.group_id, attempt.element_ids)

    async def record(
        self,
        work: UnitOfWork,
        gateway: XeroGateway,
        attempt: Attempt,
        outcomes: Outcomes[Contact | None],
        held: Held[ContactPushItem],
    ) -> None:
        """Keep what both sides agree on now, or why a contact could not be changed."""
        push: ContactPush = held.locked.group
        waiting = held.waiting
        await store(work, attempt.organisation_id, [each for each in outcomes.accepted.values() if each is not None])
        subjects = await read_subjects(work, attempt.organisation_id, list(waiting))
        await _record_accepted(work, push, attempt, [waiting[key] for key in outcomes.accepted], subjects)
        gone = _gone(outcomes, waiting)
        if gone:
            await ContactLinkRepository(work, push.organisation_id).doubt(gone)
        for contact_id in outcomes.again:
            waiting[contact_id].batch_limit = outcomes.batch_limits.get(contact_id, waiting[contact_id].batch_limit)
        await _leave_out_references(work, push, attempt, outcomes, waiting, subjects)
        final = {key: problems for key, problems in outcomes.refused.items() if key not in gone}
        await _record_refused(work, [(waiting[key], problems) for key, problems in final.items()], PushResult.FAILED)
        reviewed = [(waiting[key], problems) for key, problems in outcomes.review.items()]
        await _record_refused(work, reviewed, PushResult.UNSURE)
        await close(work, push)


async def _record_accepted(
    work: UnitOfWork,
    push: ContactPush,
    attempt: Attempt,
    items: Sequence[ContactPushItem],
    subjects: Mapping[UUID, Subject],
) -> None:
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


async def _record_refused(
    work: UnitOfWork, refusals: Sequence[tuple[ContactPushItem, Sequence[Problem]]], result: PushResult
) -> None:
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


def _gone(outcomes: Outcomes[Contact | None], waiting: Mapping[UUID, ContactPushItem]) -> list[UUID]:
    """Contacts that Xero does not know, the first time: they are read again and matched, and wait until then."""
    if outcomes.refused_status != _GONE:
        return []
    gone = [contact_id for contact_id in outcomes.refused if not waiting[contact_id].rechecked]
    for contact_id in gone:
        waiting[contact_id].rechecked = True
    return gone


async def _leave_out_references(
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


async def _settle_unsent(
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
            finish_item(item, PushResult.UPDATED, remarks[key])
        else:
            dropped.append(key)
    await settle(work, push.organisation_id, settled, remarks)
    if dropped:
        await ContactPushItemRepository(work).drop(push.id, dropped)
    await close(work, push)


def _foreign_change(subject: Subject, sent: Values) -> Problem | None:
    """The problem of a contact in which somebody changed what was sent, since the two last agreed."""
    base = subject.base
    changed = base is not None and any(
        not agree(field, value, subject.theirs[field])
        and (subject.theirs[field] or "") != (base.theirs.get(field) or "")
        for field, value in sent.items()
    )
    return subject.conflict() if changed else None


def _name(element: Mapping[str, Any]) -> str:
    return str(element.get("Name") or "this contact")
