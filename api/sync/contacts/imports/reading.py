"""Reading both sides in bounded parts: an index of all of ours, and what bears on some contacts of Xero."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.records.contacts.service import ContactName, ContactService, ContactView
from api.records.preferences.service import PreferencesService
from api.records.text import name_key
from api.sync.contacts import mapping
from api.sync.contacts.candidates import Candidates, Decision, Link
from api.sync.contacts.decisions.repository import DecisionRepository
from api.sync.contacts.imports.grouping import Grouped, group_contact
from api.sync.contacts.imports.repository import MirrorPartRepository
from api.sync.contacts.likenesses import Likeness, Likenesses, likeness_of
from api.sync.contacts.mirrored.rows import theirs
from api.sync.contacts.models import MirrorContact
from api.sync.contacts.repository import ContactLinkRepository, MirrorContactRepository

_OVERLAP = timedelta(seconds=5)  # a row may become visible this long after the instant at which it was changed
_VIEWS_AT_ONCE = 1000


class OurContacts:
    """All of ours, by what makes them worth comparing with a contact of Xero; `refresh` reads what changed since.

    Ours with a link are no possible duplicates, so that little is kept of them. What the index gives is compared
    with the rows as they are now.
    """

    def __init__(self, organisation_id: UUID) -> None:
        self._organisation_id = organisation_id
        self._read_up_to: datetime | None = None
        self._named: dict[int, tuple[UUID, ...]] = {}  # by the hash of the name key
        self._unlinked: dict[UUID, Likeness] = {}
        self._likenesses = Likenesses(())

    async def refresh(self, work: UnitOfWork) -> None:
        """Read those that were added or changed since the last time."""
        began = await work.now() - _OVERLAP
        changed = [contact.id for contact in await self._add_names(work)]
        self._read_up_to = began
        linked = await ContactLinkRepository(work, self._organisation_id).linked(changed) if changed else {}
        unlinked = [contact_id for contact_id in changed if contact_id not in linked]
        if unlinked:
            await self._add_unlinked(work, unlinked)

    async def _add_names(self, work: UnitOfWork) -> Sequence[ContactName]:
        names = await ContactService(work).names(updated_since=self._read_up_to)
        for contact in names:
            for name in filter(None, (contact.display_name, contact.asked_as)):
                key = hash(name_key(name))
                before = self._named.get(key, ())
                if contact.id not in before:
                    self._named[key] = (*before, contact.id)
        return names

    async def _add_unlinked(self, work: UnitOfWork, contact_ids: Sequence[UUID]) -> None:
        use_reference = (await PreferencesService(work).current()).send_payer_reference
        for start in range(0, len(contact_ids), _VIEWS_AT_ONCE):
            views = await ContactService(work).views(contact_ids[start : start + _VIEWS_AT_ONCE])
            for view in views.values():
                self._unlinked[view.id] = likeness_of(mapping.ours(view, send_payer_reference=use_reference))
        self._likenesses = Likenesses(self._unlinked.values())

    def named(self, names: Iterable[str]) -> set[UUID]:
        """Ours with any of these names, and perhaps a few others."""
        return {contact_id for name in names for contact_id in self._named.get(hash(name_key(name)), ())}

    def worth_comparing(self, rows: Sequence[MirrorContact]) -> set[UUID]:
        """Ours that any of these contacts of Xero may be."""
        unlinked = bool(self._unlinked)
        alike = {contact_id for row in rows if unlinked for contact_id in self._likenesses.of(_likeness(row))}
        numbers = [mapping.contact_id_of(row.contact_number) for row in rows if row.contact_number]
        return alike | {contact_id for contact_id in numbers if contact_id} | self.named(row.name for row in rows)


def _likeness(row: MirrorContact) -> Likeness:
    return Likeness(row.xero_contact_id, row.name, row.plain_name, row.likeness_keys)


@dataclass(frozen=True)
class Page:
    """The groups of some contacts of Xero, and those of ours that are concerned."""

    groups: dict[UUID, Grouped]
    views: dict[UUID, ContactView]
    among: Candidates
    use_reference: bool  # whether payer references are sent to Xero


async def read_page(
    work: UnitOfWork,
    organisation_id: UUID,
    our_contacts: OurContacts,
    rows: Sequence[MirrorContact],
    chosen: Collection[UUID] = (),
) -> Page:
    """Group these contacts of Xero by what both sides have now. `chosen` are ours that are read in any case."""
    parts = MirrorPartRepository(work, organisation_id)
    page_ids = {row.xero_contact_id for row in rows}
    merged = await parts.merged_into(page_ids)
    led = await parts.links_to(page_ids | {row.xero_contact_id for row in merged})
    linked = {link.xero_contact_id: link.contact_id for link in reversed(led) if link.xero_contact_id in page_ids}
    open_rows = [row for row in rows if row.status == "ACTIVE" and row.xero_contact_id not in linked]
    wanted = our_contacts.worth_comparing(open_rows) | set(chosen)
    wanted |= {link.contact_id for link in led if link.xero_contact_id not in page_ids}
    targets = [row.merged_to for row in rows if row.merged_to and row.xero_contact_id in linked]
    decisions = await DecisionRepository(work, organisation_id).decisions()
    wanted |= _called(decisions, open_rows)
    around = await _read_around(work, organisation_id, our_contacts, wanted, targets)
    shown = set(linked.values()) - around.views.keys()
    views = around.views | await ContactService(work).views(shown)
    use_reference = (await PreferencesService(work).current()).send_payer_reference
    among = Candidates(
        [mapping.ours(view, send_payer_reference=use_reference) for view in around.views.values()],
        map(theirs, {row.xero_contact_id: row for row in (*merged, *around.rows, *rows)}.values()),
        {link.contact_id: link for link in (*led, *around.links)}.values(),
        decisions,
    )
    groups = {row.xero_contact_id: group_contact(theirs(row), among, linked) for row in rows}
    shown_groups = {key: group for key, group in groups.items() if group is not None}
    return Page(shown_groups, views, among, use_reference)


def _called(decisions: Sequence[Decision], rows: Sequence[MirrorContact]) -> set[UUID]:
    """Ours for which a user has chosen the name of one of these contacts."""
    names = {row.name_key for row in rows}
    return {each.contact_id for each in decisions if each.xero_name and name_key(each.xero_name) in names}


@dataclass(frozen=True)
class _Around:
    """What bears on the matching of some of ours."""

    views: dict[UUID, ContactView]
    rows: Sequence[MirrorContact]
    links: Sequence[Link]


async def _read_around(
    work: UnitOfWork,
    organisation_id: UUID,
    our_contacts: OurContacts,
    wanted: set[UUID],
    targets: Sequence[UUID],
) -> _Around:
    """Everything that decides which contacts of Xero these of ours are; `targets` are read as well."""
    if not wanted and not targets:
        return _Around({}, (), ())
    contacts, links = ContactService(work), ContactLinkRepository(work, organisation_id)
    views = await contacts.views(wanted)
    names = {name for view in views.values() for name in (view.display_name, view.asked_as) if name}
    views |= await contacts.views(our_contacts.named(names) - views.keys())
    own_links = await links.of(views)
    rows = await MirrorContactRepository(work).candidates(
        name_keys={name_key(name) for name in names},
        contact_numbers=[mapping.contact_number(contact_id) for contact_id in views],
        account_keys=(),
        xero_contact_ids=[*targets, *(link.xero_contact_id for link in own_links)],
    )
    owners = {mapping.contact_id_of(row.contact_number) for row in rows if row.contact_number}
    views |= await contacts.views({contact_id for contact_id in owners if contact_id} - views.keys())
    return _Around(views, rows, [*own_links, *await links.leading_to([row.xero_contact_id for row in rows])])
