"""Creating contacts in Xero: 50 a call, so that one that Xero fails on is isolated and delays no other."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.ids import uuid7
from api.records.contacts.service import ContactView
from api.records.preferences.service import PreferencesService
from api.records.text import name_key
from api.sync.connections.service import XeroGateway
from api.sync.contacts import mapping
from api.sync.contacts.candidates import DecidedBy
from api.sync.contacts.links import Linked, link, pause_between_attempts, refuse, withdraw
from api.sync.contacts.mirror import store
from api.sync.contacts.problems import failing, name_taken, reference_taken, refused
from api.sync.contacts.repository import ContactLinkRepository
from api.xero.errors import XeroBusy, XeroDisconnected, XeroRejected, XeroUnknownOutcome
from api.xero.outgoing import serialize
from api.xero.reply import Reply
from api.xero.wire import Contact

_NAME_OR_NUMBER_TAKEN = ("already assigned", "already exists", "unique across")
_ACCOUNT_NUMBER_TAKEN = "account number already exists"
_OUTAGE = 2  # failures of different contacts in a row: the cause is not one contact


async def create(gateway: XeroGateway, views: Sequence[ContactView], linked: Linked) -> None:
    """Create a batch. The intent is committed first; afterwards our number in Xero shows whether it was created."""
    async with gateway.work() as work:
        age = await pause_between_attempts(work, gateway, [view.id for view in views])
        isolate = len(views) > 1 and age >= gateway.timing.contact_isolation_age
        body, key = (b"", "") if isolate else await _intend(work, gateway, views, linked)
    if isolate:
        await _create_each(gateway, views, linked)
        return
    try:
        reply = await gateway.client().create_contacts(body, key)
        answers = _answers(views, reply)
    except XeroRejected as rejected:
        await _create_halves(gateway, views, linked, rejected)
        return
    except (XeroBusy, XeroDisconnected):
        async with gateway.work() as work:
            await withdraw(work, gateway, [view.id for view in views])
        raise
    except XeroUnknownOutcome:
        # Xero answers other calls, so that this contact is the cause.
        if len(views) > 1 or age < gateway.timing.contact_give_up_age:
            raise
        async with gateway.work() as work:
            problem = failing(views[0].display_name, age // timedelta(minutes=1))
            await refuse(work, gateway, views[0].id, [problem], linked)
        return
    again = await _record(gateway, views, answers, linked)
    if again:
        await create(gateway, again, linked)


async def _create_each(gateway: XeroGateway, views: Sequence[ContactView], linked: Linked) -> None:
    """One call each after a batch without an answer: a contact that Xero fails on delays no other."""
    failures = 0
    unknown: XeroUnknownOutcome | None = None
    for view in views:
        try:
            await create(gateway, [view], linked)
            failures = 0
        except XeroUnknownOutcome as error:
            unknown, failures = error, failures + 1
            if failures == _OUTAGE:
                break
    if unknown is not None:
        raise unknown


async def _create_halves(
    gateway: XeroGateway, views: Sequence[ContactView], linked: Linked, rejected: XeroRejected
) -> None:
    """Nothing was created: one malformed element refuses the whole call, so halve until it stands alone."""
    if len(views) == 1:
        async with gateway.work() as work:
            await refuse(work, gateway, views[0].id, refused(views[0].display_name, rejected.messages), linked)
        return
    async with gateway.work() as work:
        await withdraw(work, gateway, [view.id for view in views])
    middle = len(views) // 2
    await create(gateway, views[:middle], linked)
    await create(gateway, views[middle:], linked)


def _answers(views: Sequence[ContactView], reply: Reply[Contact]) -> dict[UUID, Contact]:
    """The reply's element for each contact, by our number, else by name; without a verdict the outcome is unknown."""
    by_number = {element.contact_number: element for element in reply.elements if element.contact_number}
    by_name = {name_key(element.name or ""): element for element in reply.elements if not element.contact_number}
    answers: dict[UUID, Contact] = {}
    for view in views:
        answer = by_number.get(mapping.contact_number(view.id)) or by_name.get(name_key(view.display_name))
        if answer is not None and (answer.accepted or answer.refused):
            answers[view.id] = answer
    if len(answers) < len(views):
        # The next try recognises in the mirror what was answered.
        raise XeroUnknownOutcome("contacts without an answer", correlation_id=reply.correlation_id)
    return answers


async def _record(
    gateway: XeroGateway, views: Sequence[ContactView], answers: Mapping[UUID, Contact], linked: Linked
) -> list[ContactView]:
    """Record the results of a batch; gives those to be created again without the payer reference that is taken."""
    again: list[ContactView] = []
    async with gateway.work() as work:
        created = {contact_id: answer for contact_id, answer in answers.items() if answer.accepted}
        await store(work, gateway.organisation_id, list(created.values()))
        pairs: dict[UUID, tuple[UUID, DecidedBy]] = {
            contact_id: (answer.contact_id, "created") for contact_id, answer in created.items()
        }
        await link(work, gateway, pairs, linked, {view.id: view for view in views})
        for view in views:
            if view.id in created:
                continue
            messages = tuple(dict.fromkeys(error.text for error in answers[view.id].errors))
            if _says_reference_taken(messages) and view.id not in linked.without_reference:
                reference = view.payer_reference or ""
                linked.remarks[view.id] = [reference_taken(view.display_name, reference, None, messages)]
                linked.without_reference.add(view.id)
                again.append(view)
            elif _says_name_taken(messages):
                linked.clashing[view.id] = name_taken(view.display_name, messages)
            else:
                await refuse(work, gateway, view.id, refused(view.display_name, messages), linked)
        await withdraw(work, gateway, [view.id for view in again])
    return again


def _says_reference_taken(messages: Sequence[str]) -> bool:
    """Whether the account number is all that Xero objects to."""
    return bool(messages) and all(_ACCOUNT_NUMBER_TAKEN in message.casefold() for message in messages)


def _says_name_taken(messages: Sequence[str]) -> bool:
    return not _says_reference_taken(messages) and any(
        fragment in message.casefold() for message in messages for fragment in _NAME_OR_NUMBER_TAKEN
    )


async def _intend(
    work: UnitOfWork, gateway: XeroGateway, views: Sequence[ContactView], linked: Linked
) -> tuple[bytes, str]:
    """Note that these are about to be created; gives the body and its key."""
    use_reference = (await PreferencesService(work).current()).send_payer_reference
    body = serialize(
        [
            mapping.new_contact(view, send_payer_reference=use_reference and view.id not in linked.without_reference)
            for view in views
        ]
    )
    key = hashlib.sha256(f"contacts:{gateway.organisation_id}:{uuid7()}".encode()).hexdigest()
    await ContactLinkRepository(work, gateway.organisation_id).intend([view.id for view in views], key)
    return body, key
