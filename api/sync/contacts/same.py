"""Contacts of Xero that may be the same as ours: what was entered there is compared, and nothing is decided by them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.records.contacts.service import ContactService
from api.records.preferences.service import PreferencesService
from api.sync.contacts import mapping
from api.sync.contacts.evidence import Ours
from api.sync.contacts.likenesses import Likeness, Likenesses, keys_of_the_same, likeness_of
from api.sync.contacts.models import MirrorContact
from api.sync.contacts.repository import ContactLinkRepository, MirrorContactRepository


@dataclass(frozen=True)
class OtherContact:
    """A contact of Xero that may be the same as one of ours."""

    name: str
    is_taken: bool  # it belongs to another of ours


async def same_as(work: UnitOfWork, contacts: Iterable[Ours]) -> dict[UUID, set[UUID]]:
    """By our contact, those of Xero with its name, spelled in another way, or with one of its details."""
    keys = {contact.id: keys_of_the_same(contact) for contact in contacts}
    wanted: set[str] = set().union(*keys.values())
    having = await MirrorContactRepository(work).with_keys(wanted) if wanted else {}
    return {id: {other for key in own for other in having.get(key, ())} for id, own in keys.items()}


async def same_as_these(work: UnitOfWork, contact_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """The same for contacts of ours by their ids."""
    return await same_as(work, await _ours(work, contact_ids))


async def same_or_near(work: UnitOfWork, contact_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """By our contact, active ones of Xero that may be the same by a detail, or by a name that is nearly the same."""
    likenesses = [likeness_of(contact) for contact in await _ours(work, contact_ids)]
    alike = Likenesses(await MirrorContactRepository(work).like(likenesses))
    return {each.id: others for each in likenesses if (others := set(alike.of(each)))}


async def ours_like(work: UnitOfWork, contact_ids: Collection[UUID], mirrored: Iterable[MirrorContact]) -> set[UUID]:
    """Those of these contacts of ours that may be the same as any of these contacts of Xero."""
    theirs = [Likeness(row.xero_contact_id, row.name, row.plain_name, row.likeness_keys) for row in mirrored]
    if not theirs:
        return set()
    alike = Likenesses(theirs)
    return {contact.id for contact in await _ours(work, contact_ids) if alike.of(likeness_of(contact))}


async def described(
    work: UnitOfWork, organisation_id: UUID, xero_contact_ids: Collection[UUID]
) -> dict[UUID, OtherContact]:
    """These contacts of Xero, as far as they are mirrored."""
    rows = await MirrorContactRepository(work).of(xero_contact_ids)
    links = await ContactLinkRepository(work, organisation_id).leading_to(xero_contact_ids, by_merge=True)
    taken = {link.xero_contact_id for link in links}
    return {id: OtherContact(row.name, id in taken) for id, row in rows.items()}


async def _ours(work: UnitOfWork, contact_ids: Collection[UUID]) -> list[Ours]:
    use_reference = (await PreferencesService(work).current()).send_payer_reference
    views = await ContactService(work).views(contact_ids)
    return [mapping.ours(view, send_payer_reference=use_reference) for view in views.values()]
