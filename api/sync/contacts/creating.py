"""Creating contacts in Xero: by fifties, and so that a poisonous one is found and holds up no other."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from api.platform.catalogue import ProblemKind, publish
from api.platform.clock import now
from api.platform.db.work import UnitOfWork
from api.platform.ids import uuid7
from api.records.contacts.service import ContactView
from api.records.preferences.service import PreferencesService
from api.sync.connections.service import XeroGateway
from api.sync.contacts import mapping
from api.sync.contacts.links import Linked, Refusal, link, refuse, tried_for, withdraw
from api.sync.contacts.mirror import store
from api.sync.contacts.models import ContactLink
from api.xero.errors import XeroBusy, XeroDisconnected, XeroRejected, XeroUnknownOutcome
from api.xero.outgoing import serialize
from api.xero.reply import Reply
from api.xero.wire import Contact

_NAME_OR_NUMBER_TAKEN = ("already assigned", "already exists", "unique across")
_ACCOUNT_NUMBER_TAKEN = "account number already exists"
_ISOLATE_AFTER = timedelta(seconds=10)
# Xero that reads and yet fails on one contact for so long will go on failing on it.
_GIVE_UP = timedelta(minutes=15)
_OUTAGE = 2  # failures in a row: it is not about one contact
publish(
    [
        ProblemKind(
            "payer_reference_taken",
            "The payer reference belongs to another contact in Xero",
            "The contact went over without it. Give it a reference of its own, or clear the other one in Xero.",
        )
    ]
)


async def create(gateway: XeroGateway, views: Sequence[ContactView], linked: Linked) -> None:
    """Create a batch: the intent is committed first, and our number in Xero tells afterwards whether it happened."""
    async with gateway.work() as work:
        age = await tried_for(work, gateway, [view.id for view in views])
        apart = len(views) > 1 and age >= _ISOLATE_AFTER
        body, key = (b"", "") if apart else await _intend(work, gateway, views, linked)
    if apart:
        await _create_each(gateway, views, linked)
        return
    try:
        reply = await gateway.client().create_contacts(body, key)
        answers = _answers(views, reply)
    except XeroRejected as rejected:
        await _create_smaller(gateway, views, linked, rejected)
        return
    except (XeroBusy, XeroDisconnected):
        async with gateway.work() as work:
            await withdraw(work, gateway, [view.id for view in views])
        raise
    except XeroUnknownOutcome:
        if len(views) > 1 or age < _GIVE_UP:
            raise
        async with gateway.work() as work:
            words = f"Xero fails on this contact and has done so for {age // timedelta(minutes=1)} minutes."
            await refuse(work, views[0].id, Refusal("contact_refused", (words,)), linked)
        return
    again = await _take(gateway, answers, linked)
    if again:
        await create(gateway, [view for view in views if view.id in again], linked)


async def _create_each(gateway: XeroGateway, views: Sequence[ContactView], linked: Linked) -> None:
    """One by one after a batch without an answer: a contact that Xero fails on holds up no other."""
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


async def _create_smaller(
    gateway: XeroGateway, views: Sequence[ContactView], linked: Linked, rejected: XeroRejected
) -> None:
    """Nobody was created: one malformed element refuses all of them, so halve until it stands alone."""
    if len(views) == 1:
        async with gateway.work() as work:
            await refuse(work, views[0].id, Refusal("contact_refused", tuple(rejected.messages)), linked)
        return
    async with gateway.work() as work:
        await withdraw(work, gateway, [view.id for view in views])
    middle = len(views) // 2
    await create(gateway, views[:middle], linked)
    await create(gateway, views[middle:], linked)


def _answers(views: Sequence[ContactView], reply: Reply[Contact]) -> dict[UUID, Contact]:
    """Whose element is whose, by our number and else by name; one without a verdict makes the outcome unknown."""
    by_number = {one.contact_number: one for one in reply.elements if one.contact_number}
    by_name = {(one.name or "").casefold(): one for one in reply.elements if not one.contact_number}
    answers: dict[UUID, Contact] = {}
    for view in views:
        answer = by_number.get(mapping.contact_number(view)) or by_name.get(view.display_name.casefold())
        if answer is not None and (answer.accepted or answer.refused):
            answers[view.id] = answer
    if len(answers) < len(views):
        # What was answered is found in the mirror by the next try.
        raise XeroUnknownOutcome("contacts without an answer", correlation_id=reply.correlation_id)
    return answers


async def _take(gateway: XeroGateway, answers: Mapping[UUID, Contact], linked: Linked) -> set[UUID]:
    """Record what became of a batch; gives those to be created once more, without the number that was taken."""
    again: set[UUID] = set()
    async with gateway.work() as work:
        made = {contact_id: one for contact_id, one in answers.items() if one.accepted}
        await store(work, gateway.organisation_id, list(made.values()))
        await link(work, gateway, {contact_id: one.contact_id for contact_id, one in made.items()}, linked)
        for contact_id, one in answers.items():
            if one.accepted:
                continue
            refusal = _refusal(one)
            if refusal.code == "payer_reference_taken" and contact_id not in linked.unreferenced:
                linked.unreferenced[contact_id] = refusal
                again.add(contact_id)
            elif refusal.code == "contact_name_taken":
                linked.clashing[contact_id] = refusal
            else:
                await refuse(work, contact_id, refusal, linked)
        if again:
            await withdraw(work, gateway, again)
    return again


def _refusal(answer: Contact) -> Refusal:
    messages = tuple(dict.fromkeys(error.text for error in answer.errors))
    words = [message.casefold() for message in messages]
    if words and all(_ACCOUNT_NUMBER_TAKEN in one for one in words):
        return Refusal("payer_reference_taken", messages)
    taken = any(fragment in one for one in words for fragment in _NAME_OR_NUMBER_TAKEN)
    return Refusal("contact_name_taken" if taken else "contact_refused", messages)


async def _intend(
    work: UnitOfWork, gateway: XeroGateway, views: Sequence[ContactView], linked: Linked
) -> tuple[bytes, str]:
    """Note that these are about to be created; gives the body and its key."""
    use_reference = (await PreferencesService(work).current()).send_payer_reference
    body = serialize(
        [
            mapping.new_contact(view, send_payer_reference=use_reference and view.id not in linked.unreferenced)
            for view in views
        ]
    )
    key = hashlib.sha256(f"contacts:{gateway.organisation_id}:{uuid7()}".encode()).hexdigest()
    instant = now()
    values = [
        {
            "id": uuid7(),
            "business_id": gateway.business_id,
            "organisation_id": gateway.organisation_id,
            "contact_id": view.id,
            "state": "creating",
            "attempt_key": key,
            "created_at": instant,
            "attempted_at": instant,
        }
        for view in views
    ]
    statement = insert(ContactLink).values(values)
    changes = {name: statement.excluded[name] for name in ("attempt_key", "attempted_at")}
    await work.session.execute(
        statement.on_conflict_do_update(index_elements=["organisation_id", "contact_id"], set_=changes)
    )
    return body, key
