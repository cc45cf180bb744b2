"""Having every contact of a batch in Xero before its invoices: linked, found, or created, each exactly once."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from api.platform.clock import now
from api.platform.db.work import UnitOfWork
from api.platform.ids import uuid7
from api.records.contacts.service import ContactCard, ContactService
from api.records.preferences.service import PreferencesService
from api.sync.connections.service import LiveConnection, XeroDoor
from api.sync.contact_sync import mapping
from api.sync.contact_sync.matching import Obstacle, find
from api.sync.contact_sync.mirror import candidates, read_changes, store
from api.sync.contact_sync.models import ContactLink
from api.sync.ledger.service import LedgerService
from api.xero.deep_links import contact_link
from api.xero.errors import XeroRejected, XeroUnknownOutcome
from api.xero.outgoing import serialize
from api.xero.wire import Contact

_TAKEN = ("already assigned", "already exists", "unique across")


@dataclass(frozen=True)
class Refusal:
    """Why a contact is not in Xero; `messages` are Xero's own words."""

    code: Obstacle | str
    messages: tuple[str, ...] = ()


@dataclass
class Linked:
    """Where each contact stands: its id in Xero, why not, or (in neither) not known yet."""

    ids: dict[UUID, UUID] = field(default_factory=dict)
    refused: dict[UUID, Refusal] = field(default_factory=dict)
    clashing: dict[UUID, Refusal] = field(default_factory=dict)


async def ensure_contacts(door: XeroDoor, live: LiveConnection, contact_ids: Collection[UUID]) -> Linked:
    """Link or create these contacts; the four errors of the door pass through, and asking again goes on from there."""
    linked = Linked()
    async with door.database.work(live.business_id) as work:
        linked.ids = await _known(work, live, contact_ids)
    missing = [one for one in contact_ids if one not in linked.ids]
    if not missing:
        return linked
    await read_changes(door, live)
    to_create = await _match(door, live, missing, linked)
    for start in range(0, len(to_create), door.config.batch_size):
        await _create(door, live, to_create[start : start + door.config.batch_size], linked)
    if linked.clashing:
        await _recognise(door, live, linked)
    return linked


async def _recognise(door: XeroDoor, live: LiveConnection, linked: Linked) -> None:
    """Xero said "already there": it is one of ours from a lost reply, or somebody typed it in just now."""
    await read_changes(door, live)
    strangers = await _match(door, live, list(linked.clashing), linked)
    async with door.database.work(live.business_id) as work:
        for card in strangers:
            await _refuse(work, card.id, linked.clashing[card.id], linked)


async def _known(work: UnitOfWork, live: LiveConnection, contact_ids: Collection[UUID]) -> dict[UUID, UUID]:
    statement = select(ContactLink.contact_id, ContactLink.xero_contact_id).where(
        ContactLink.business_id == live.business_id,
        ContactLink.organisation_id == live.organisation_id,
        ContactLink.contact_id.in_(contact_ids),
        ContactLink.state == "linked",
    )
    return {row.contact_id: row.xero_contact_id for row in await work.session.execute(statement)}


async def _match(
    door: XeroDoor, live: LiveConnection, contact_ids: Sequence[UUID], linked: Linked
) -> list[ContactCard]:
    """Link whom the mirror knows, refuse what is in doubt, and give those to be created."""
    async with door.database.work(live.business_id) as work:
        cards = await ContactService(work).cards(contact_ids)
        use_reference = (await PreferencesService(work).current()).send_payer_reference
        wanted = {card.id: mapping.ours(card, send_payer_reference=use_reference) for card in cards.values()}
        theirs = await candidates(work, wanted.values())
        taken = await _taken(work, live)
        to_create: dict[str, ContactCard] = {}
        pairs: dict[UUID, UUID] = {}
        for contact_id, ours in wanted.items():
            found = find(ours, theirs, taken)
            if found.obstacle is not None:
                await _refuse(work, contact_id, Refusal(found.obstacle), linked)
            elif found.contact_id is not None:
                pairs[contact_id] = found.contact_id
                taken[found.contact_id] = contact_id
            elif ours.name.casefold() in to_create:
                await _refuse(work, contact_id, Refusal("contact_name_taken"), linked)
            else:
                to_create[ours.name.casefold()] = cards[contact_id]
        await _link(work, live, pairs, linked)
        return list(to_create.values())


async def _create(door: XeroDoor, live: LiveConnection, cards: Sequence[ContactCard], linked: Linked) -> None:
    """Create a batch: the intent is committed first, and our number in Xero tells afterwards whether it happened."""
    async with door.database.work(live.business_id) as work:
        use_reference = (await PreferencesService(work).current()).send_payer_reference
        body = serialize([mapping.new_contact(card, send_payer_reference=use_reference) for card in cards])
        key = hashlib.sha256(f"contacts:{live.organisation_id}:{uuid7()}".encode()).hexdigest()
        await _intend(work, live, cards, key)
    try:
        reply = await door.client(live).create_contacts(body, key)
    except XeroRejected as rejected:
        # Nobody was created: one malformed element refuses all of them, so try them one at a time.
        if len(cards) > 1:
            for card in cards:
                await _create(door, live, [card], linked)
            return
        async with door.database.work(live.business_id) as work:
            await _refuse(work, cards[0].id, Refusal("contact_refused", tuple(rejected.messages)), linked)
        return
    by_number = {one.contact_number: one for one in reply.elements if one.contact_number}
    by_name = {(one.name or "").casefold(): one for one in reply.elements}
    async with door.database.work(live.business_id) as work:
        await store(work, live.organisation_id, [one for one in reply.elements if one.accepted])
        answers = {
            card.id: by_number.get(mapping.contact_number(card)) or by_name.get(card.display_name.casefold())
            for card in cards
        }
        made = {card_id: one.contact_id for card_id, one in answers.items() if one is not None and one.accepted}
        await _link(work, live, made, linked, sent={card.id: card for card in cards})
        for card_id, one in answers.items():
            if one is not None and one.refused:
                refusal = _refusal(one)
                if refusal.code == "contact_name_taken":
                    linked.clashing[card_id] = refusal
                else:
                    await _refuse(work, card_id, refusal, linked)
    if any(card.id not in linked.ids | linked.refused | linked.clashing for card in cards):
        raise XeroUnknownOutcome("contacts without an answer", correlation_id=reply.correlation_id)


def _refusal(answer: Contact) -> Refusal:
    messages = tuple(dict.fromkeys(error.text for error in answer.errors))
    taken = any(fragment in message.casefold() for message in messages for fragment in _TAKEN)
    return Refusal("contact_name_taken" if taken else "contact_refused", messages)


async def _intend(work: UnitOfWork, live: LiveConnection, cards: Sequence[ContactCard], key: str) -> None:
    values = [
        {
            "id": uuid7(),
            "business_id": live.business_id,
            "organisation_id": live.organisation_id,
            "contact_id": card.id,
            "state": "creating",
            "attempt_key": key,
            "attempted_at": now(),
        }
        for card in cards
    ]
    statement = insert(ContactLink).values(values)
    changes = {name: statement.excluded[name] for name in ("attempt_key", "attempted_at")}
    await work.session.execute(
        statement.on_conflict_do_update(index_elements=["organisation_id", "contact_id"], set_=changes)
    )


async def _link(
    work: UnitOfWork,
    live: LiveConnection,
    pairs: Mapping[UUID, UUID],
    linked: Linked,
    sent: Mapping[UUID, ContactCard] = {},
) -> None:
    """Record counterparts, ours to theirs; a contact changed since it was `sent` is not in step."""
    if not pairs:
        return
    statement = insert(ContactLink).values(
        [
            {
                "id": uuid7(),
                "business_id": live.business_id,
                "organisation_id": live.organisation_id,
                "contact_id": contact_id,
                "state": "linked",
                "xero_contact_id": xero_contact_id,
            }
            for contact_id, xero_contact_id in pairs.items()
        ]
    )
    changes = {name: statement.excluded[name] for name in ("state", "xero_contact_id")}
    await work.session.execute(
        statement.on_conflict_do_update(index_elements=["organisation_id", "contact_id"], set_=changes)
    )
    short_code = await LedgerService(work).short_code()
    contacts = ContactService(work)
    for contact_id, xero_contact_id in pairs.items():
        url = contact_link(short_code, xero_contact_id) if short_code else None
        card = sent.get(contact_id)
        await contacts.mark(contact_id, sync_state="in_step", external_url=url, problem=None, sent=card)
    linked.ids.update(pairs)


async def _refuse(work: UnitOfWork, contact_id: UUID, refusal: Refusal, linked: Linked) -> None:
    """Note it on the contact; an intent that came to nothing is withdrawn."""
    await work.session.execute(
        delete(ContactLink).where(
            ContactLink.business_id == work.business_id,
            ContactLink.contact_id == contact_id,
            ContactLink.state == "creating",
        )
    )
    problem = {"code": refusal.code, "messages": list(refusal.messages)}
    await ContactService(work).mark(contact_id, sync_state="failed", external_url=None, problem=problem)
    linked.refused[contact_id] = refusal


async def _taken(work: UnitOfWork, live: LiveConnection) -> dict[UUID, UUID]:
    statement = select(ContactLink.xero_contact_id, ContactLink.contact_id).where(
        ContactLink.business_id == live.business_id,
        ContactLink.organisation_id == live.organisation_id,
        ContactLink.xero_contact_id.is_not(None),
    )
    return {row.xero_contact_id: row.contact_id for row in await work.session.execute(statement)}
