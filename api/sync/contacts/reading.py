"""Reading both sides for matching: everything in our database that can bear on a result."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.records.contacts.service import ContactService, ContactView
from api.records.preferences.service import PreferencesService
from api.records.text import name_key
from api.sync.contacts import mapping
from api.sync.contacts.candidates import Candidates, DecidedBy, Link
from api.sync.contacts.decisions.repository import DecisionRepository, NamedContact
from api.sync.contacts.differences import Difference, compare
from api.sync.contacts.evidence import account_key
from api.sync.contacts.mirrored.rows import theirs
from api.sync.contacts.models import ContactLink, MirrorContact
from api.sync.contacts.ownership import Base, Values, linked_base, our_values, their_values
from api.sync.contacts.repository import LINKED, ContactLinkRepository, MirrorContactRepository


@dataclass(frozen=True)
class Sides:
    """What matching compares, and the whole contacts of both sides behind it, each by its id."""

    among: Candidates
    views: Mapping[UUID, ContactView]
    mirrored: Mapping[UUID, MirrorContact]
    rows: Mapping[UUID, ContactLink]  # by our contact, whatever their state
    send_payer_reference: bool

    def compare(self, contact_id: UUID, xero_contact_id: UUID) -> tuple[Difference, ...]:
        """Field by field, with what a push does; the base counts only for the contact of the link."""
        row = self.rows.get(contact_id)
        stands = row is not None and row.xero_contact_id == xero_contact_id
        return compare(
            self.views[contact_id],
            self.mirrored[xero_contact_id],
            Base.from_row(row.base) if row is not None and stands else None,
            send_payer_reference=self.send_payer_reference,
            xero_name=row.xero_name if row is not None else None,
        )

    def values(self, contact_id: UUID, xero_contact_id: UUID) -> tuple[Values, Values, Base | None]:
        """Our values, theirs, and what the two agreed on if the link leads there already."""
        row = self.rows.get(contact_id)
        stands = row is not None and row.xero_contact_id == xero_contact_id
        ours = our_values(
            self.views[contact_id],
            send_payer_reference=self.send_payer_reference,
            name=row.xero_name if row is not None else None,
        )
        base = Base.from_row(row.base) if row is not None and stands else None
        return ours, their_values(self.mirrored[xero_contact_id]), base

    def base_of_new_link(self, contact_id: UUID, xero_contact_id: UUID) -> Base:
        """What both sides have at the moment, for a link that begins now."""
        ours, theirs, _ = self.values(contact_id, xero_contact_id)
        return linked_base(ours, theirs)


async def read_sides(
    work: UnitOfWork, organisation_id: UUID, contact_ids: Collection[UUID], *, also: Collection[UUID] = ()
) -> Sides:
    """Everything that can bear on the matching of these contacts; `also` are contacts of Xero that are read as well."""
    links = ContactLinkRepository(work, organisation_id)
    contacts = ContactService(work)
    use_reference = (await PreferencesService(work).current()).send_payer_reference
    decided = DecisionRepository(work, organisation_id)
    named = await decided.named(contacts.table())
    keys = {contact.id: keys_of(contact, use_reference=use_reference) for contact in named}
    wanted = set(contact_ids) & keys.keys()
    names = {name for contact_id in wanted for name in keys[contact_id].names}
    accounts = {keys[contact_id].account for contact_id in wanted} - {""}
    related = {contact_id for contact_id, own in keys.items() if own.names & names or own.account in accounts}
    own_rows = await decided.rows_of(related)
    own_links = [link for row in own_rows.values() if (link := _link(row)) is not None]
    rows = await MirrorContactRepository(work).candidates(
        name_keys=names,
        contact_numbers=[mapping.contact_number(contact_id) for contact_id in related],
        account_keys=accounts,
        xero_contact_ids=[*also, *(link.xero_contact_id for link in own_links)],
    )
    owners = {mapping.contact_id_of(row.contact_number) for row in rows if row.contact_number}
    views = await contacts.views([contact_id for contact_id in keys if contact_id in related or contact_id in owners])
    all_links = [*own_links, *await links.leading_to([row.xero_contact_id for row in rows])]
    among = Candidates(
        [mapping.ours(view, send_payer_reference=use_reference) for view in views.values()],
        map(theirs, rows),
        all_links,
        [contact.decision for contact in named if contact.decision is not None],
    )
    return Sides(among, views, {row.xero_contact_id: row for row in rows}, own_rows, use_reference)


def _link(row: ContactLink) -> Link | None:
    if row.state not in LINKED or row.xero_contact_id is None:
        return None
    return Link(row.contact_id, row.xero_contact_id, cast("DecidedBy", row.decided_by))


@dataclass(frozen=True)
class Keys:
    """What relates a contact to others: its name, the name that it will have in Xero, and its account number."""

    names: frozenset[str]
    account: str


def keys_of(contact: NamedContact, *, use_reference: bool) -> Keys:
    """The keys of one contact; without an account where account numbers are not sent."""
    chosen = contact.decision.xero_name if contact.decision else None
    return Keys(
        frozenset(map(name_key, filter(None, (contact.display_name, contact.asked_as, chosen)))),
        account_key(contact.payer_reference) if use_reference else "",
    )
