"""Changing contacts in Xero: the adapter of pushes. Elements are our contacts; an attempt belongs to its push."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.problems import Problem
from api.sync.connections.service import XeroGateway
from api.sync.contacts.changes import changed_contact, sent_values
from api.sync.contacts.creation import says_name_taken, says_reference_taken
from api.sync.contacts.mirror import read_again, read_changes, store
from api.sync.contacts.ownership import Values, agree
from api.sync.contacts.problems import NAME_TAKEN, failing, name_taken, reference_taken, refused
from api.sync.contacts.pushes.clashes import remember_clashes
from api.sync.contacts.pushes.models import ContactPush, ContactPushItem
from api.sync.contacts.pushes.recording import close
from api.sync.contacts.pushes.repository import ContactPushItemRepository, ContactPushRepository
from api.sync.contacts.pushes.settling import (
    gone_contacts,
    leave_out_references,
    record_accepted,
    record_refused,
    settle_unsent,
)
from api.sync.contacts.pushes.states import FINISHED, PushResult
from api.sync.contacts.pushes.subjects import Subject, read_subjects
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
            await settle_unsent(work, push, unsent)
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
        if _clashing(outcomes.refused):
            await read_changes(gateway)  # so that what holds the name is known
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
        await record_accepted(work, push, attempt, [waiting[key] for key in outcomes.accepted], subjects)
        gone = gone_contacts(outcomes, waiting)
        if gone:
            await ContactLinkRepository(work, push.organisation_id).doubt(gone)
        for contact_id in outcomes.again:
            waiting[contact_id].batch_limit = outcomes.batch_limits.get(contact_id, waiting[contact_id].batch_limit)
        await leave_out_references(work, push, attempt, outcomes, waiting, subjects)
        await remember_clashes(work, attempt, subjects, outcomes.refused)
        final = {key: problems for key, problems in outcomes.refused.items() if key not in gone}
        await record_refused(work, [(waiting[key], problems) for key, problems in final.items()], PushResult.FAILED)
        reviewed = [(waiting[key], problems) for key, problems in outcomes.review.items()]
        await record_refused(work, reviewed, PushResult.UNSURE)
        await close(work, push)


def _clashing(refused: Mapping[UUID, Sequence[Problem]]) -> bool:
    return any(problem.code == NAME_TAKEN.code for problems in refused.values() for problem in problems)


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
