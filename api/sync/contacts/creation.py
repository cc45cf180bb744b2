"""Creating contacts in Xero: the adapter of contacts. Elements are our contacts."""

import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.problems import Problem, as_rows
from api.records.contacts.service import ContactService, ContactView
from api.records.preferences.service import PreferencesService
from api.records.text import name_key
from api.sync.connections.service import XeroGateway
from api.sync.contacts import mapping
from api.sync.contacts.changes import sent_values
from api.sync.contacts.linking import Refused, match_contacts
from api.sync.contacts.links import NewLink, link, refuse
from api.sync.contacts.mirror import read_changes, store
from api.sync.contacts.mirrored.rows import row_of
from api.sync.contacts.models import ContactLink, MirrorContact
from api.sync.contacts.ownership import FIELDS, Base, Field, their_values
from api.sync.contacts.problems import NAME_TAKEN, failing, name_taken, reference_taken, refused
from api.sync.contacts.refusals import fingerprint_of_creation
from api.sync.contacts.repository import ContactLinkRepository, MirrorContactRepository
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
from api.xero.outgoing import element_json, serialize
from api.xero.reply import Reply
from api.xero.wire import Contact

_NAME_OR_NUMBER_TAKEN = ("already assigned", "already exists", "unique across")
_ACCOUNT_NUMBER_TAKEN = "account number already exists"
# Tells those who wait for contacts that these are refused, in the same transaction.
OnRefused = Callable[[UnitOfWork, Refused], Awaitable[None]]


class ContactCreation:
    """Creates 50 a call; one that Xero refuses or fails on is isolated."""

    kind = WriteKind.CREATE_CONTACTS

    def __init__(self, on_refused: OnRefused) -> None:
        self._on_refused = on_refused

    async def next_batch(self, work: UnitOfWork, gateway: XeroGateway, wanted: Collection[UUID]) -> Batch | None:
        """The next of these contacts that have to be created."""
        links = ContactLinkRepository(work, gateway.organisation_id)
        rows = await links.to_create(wanted, gateway.config.batch_size)
        limit = min((row.batch_limit for row in rows), default=0)
        rows = rows[:limit]
        if not rows:
            return None
        views = await ContactService(work).views({row.contact_id for row in rows})
        use_reference = (await PreferencesService(work).current()).send_payer_reference
        elements = {
            row.contact_id: mapping.new_contact(
                views[row.contact_id],
                send_payer_reference=use_reference and not row.without_reference,
                xero_name=row.xero_name,
            )
            for row in rows
        }
        return Batch(list(elements), serialize(list(elements.values())), limit)

    async def abandon_elsewhere(self, work: UnitOfWork, organisation_id: UUID, attempts: OpenAttempts) -> None:
        """Settle those of these attempts that are at other organisations, because they would hold the contacts.

        If such an organisation is connected again, our number there shows whether a contact was created.
        """
        for attempt, contact_ids in attempts:
            if attempt.kind == self.kind and attempt.organisation_id != organisation_id:
                await WriteAttemptRepository(work).settle(attempt, "abandoned")
                await ContactLinkRepository(work, attempt.organisation_id).withdraw(contact_ids)

    async def call(self, client: XeroClient, attempt: Attempt, *, before_sending: Callable[[], None]) -> Reply[Contact]:
        """Create the contacts of an attempt."""
        return await client.create_contacts(attempt.body, attempt.key, before_sending=before_sending)

    async def judge(self, gateway: XeroGateway, attempt: Attempt, reply: Reply[Contact]) -> Outcomes[NewLink]:
        """What the reply says; a name or number that is taken is looked up, because ours may have taken it."""
        answers = _answers(attempt, reply)
        outcomes: Outcomes[NewLink] = Outcomes()
        clashing: dict[UUID, Problem] = {}
        for contact_id, answer in answers.items():
            element = attempt.elements[contact_id]
            messages = tuple(dict.fromkeys(error.text for error in answer.errors))
            if answer.accepted:
                outcomes.accepted[contact_id] = NewLink(answer.contact_id, "created", created=answer)
            elif says_reference_taken(messages) and "AccountNumber" in element:
                outcomes.again.add(contact_id)
                remark = reference_taken(contact_id, element["AccountNumber"], None, messages)
                outcomes.remarks[contact_id] = [remark]
            elif says_name_taken(messages):
                clashing[contact_id] = name_taken(contact_id, element["Name"], messages)
            else:
                outcomes.refused[contact_id] = refused(contact_id, element["Name"], messages)
        if clashing:
            await self._look_up_clashing(gateway, clashing, outcomes)
        return outcomes

    async def _look_up_clashing(
        self, gateway: XeroGateway, clashing: Mapping[UUID, Problem], outcomes: Outcomes[NewLink]
    ) -> None:
        """They are the contacts of a lost reply, or were typed in just now."""
        await read_changes(gateway)
        async with gateway.work() as work:
            matches = await match_contacts(work, gateway.organisation_id, list(clashing))
        outcomes.accepted |= matches.links
        outcomes.refused |= matches.refused
        outcomes.refused |= {contact_id: [clashing[contact_id]] for contact_id in matches.intents}

    async def look_up(
        self, gateway: XeroGateway, attempt: Attempt, is_quiet: Callable[[datetime], bool]
    ) -> Outcomes[NewLink]:
        """Search by our number; Xero refuses a second contact with it, so that one read proves an absence."""
        asked_at = await read_changes(gateway)
        numbers = {mapping.contact_number(contact_id): contact_id for contact_id in attempt.element_ids}
        async with gateway.work() as work:
            rows = await MirrorContactRepository(work).numbered(list(numbers))
        outcomes: Outcomes[NewLink] = Outcomes(asked_at=asked_at)
        for row in rows:
            if row.contact_number in numbers:
                outcomes.accepted[numbers[row.contact_number]] = NewLink(row.xero_contact_id, "created")
        if is_quiet(asked_at):
            outcomes.again = set(attempt.element_ids) - outcomes.accepted.keys()
        return outcomes

    def refusal(self, attempt: Attempt, element_id: UUID, messages: Sequence[str]) -> Sequence[Problem]:
        """Xero's messages as problems."""
        return refused(element_id, attempt.elements[element_id]["Name"], messages)

    def failure(self, attempt: Attempt, element_id: UUID) -> Sequence[Problem]:
        """The problem of a contact on which Xero fails."""
        return [failing(element_id)]

    async def lock(self, work: UnitOfWork, attempt: Attempt) -> Locked:
        """Nothing above the contacts is locked, and nothing stops their creation."""
        return Locked()

    async def waiting(self, work: UnitOfWork, attempt: Attempt) -> Mapping[UUID, ContactLink]:
        """The links of the contacts that still wait for the outcome of an attempt."""
        return await ContactLinkRepository(work, attempt.organisation_id).creating(attempt.element_ids)

    async def record(
        self,
        work: UnitOfWork,
        gateway: XeroGateway,
        attempt: Attempt,
        outcomes: Outcomes[NewLink],
        held: Held[ContactLink],
    ) -> None:
        """Link the contacts, or store why not."""
        views = await ContactService(work).views(set(outcomes.accepted))
        links = {
            contact_id: _with_remarks(new, held.waiting[contact_id], views[contact_id], attempt.elements[contact_id])
            for contact_id, new in outcomes.accepted.items()
        }
        for contact_id in outcomes.again:
            row = held.waiting[contact_id]
            row.batch_limit = outcomes.batch_limits.get(contact_id, row.batch_limit)
            if remarks := outcomes.remarks.get(contact_id):
                row.without_reference, row.remarks = True, as_rows(remarks)
        await work.session.flush()
        await store(work, attempt.organisation_id, [new.created for new in links.values() if new.created is not None])
        await link(work, attempt.organisation_id, links, gateway.short_code)
        refused_writes = {
            contact_id: fingerprint_of_creation(attempt.elements[contact_id])
            for contact_id, problems in outcomes.refused.items()
            if any(problem.code == NAME_TAKEN.code for problem in problems)
        }
        await refuse(work, attempt.organisation_id, outcomes.refused, refused_writes)
        if outcomes.refused:
            await self._on_refused(work, dict(outcomes.refused))


def _with_remarks(new: NewLink, row: ContactLink, view: ContactView, sent: Mapping[str, Any]) -> NewLink:
    """The link with the remarks of the intent, what Xero got, and whether ours was changed since it was sent."""
    remarks = [*new.remarks, *(Problem.from_row(remark) for remark in row.remarks)]
    now = mapping.new_contact(view, send_payer_reference="AccountNumber" in sent, xero_name=row.xero_name)
    got: dict[Field, str | None] = dict.fromkeys(FIELDS) | sent_values(sent)
    if row.without_reference:  # it counts as sent, because it would be refused again
        got["payer_reference"] = view.payer_reference
    base = new.base
    if new.created is not None:
        base = Base(got, their_values(MirrorContact(**row_of(row.organisation_id, new.created))))
    return replace(new, remarks=remarks, is_changed=json.loads(element_json(now)) != sent, sent=got, base=base)


def _answers(attempt: Attempt, reply: Reply[Contact]) -> dict[UUID, Contact]:
    """The reply's element for each contact, by our number, else by name; only those with a verdict."""
    by_number = {element.contact_number: element for element in reply.elements if element.contact_number}
    by_name = {name_key(element.name or ""): element for element in reply.elements if not element.contact_number}
    answers: dict[UUID, Contact] = {}
    for contact_id, element in attempt.elements.items():
        answer = by_number.get(element["ContactNumber"]) or by_name.get(name_key(element["Name"]))
        if answer is not None and (answer.accepted or answer.refused):
            answers[contact_id] = answer
    return answers


def says_reference_taken(messages: Sequence[str]) -> bool:
    """Whether the account number is all that Xero objects to."""
    return bool(messages) and all(_ACCOUNT_NUMBER_TAKEN in message.casefold() for message in messages)


def says_name_taken(messages: Sequence[str]) -> bool:
    """Whether another contact has the name or the number."""
    return not says_reference_taken(messages) and any(
        fragment in message.casefold() for message in messages for fragment in _NAME_OR_NUMBER_TAKEN
    )
