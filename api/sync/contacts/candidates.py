"""Both sides of matching, indexed by what they can be recognised with. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeVar
from uuid import UUID

from api.records.text import name_key
from api.sync.contacts.evidence import KINDS, Kind, Ours, Theirs, account_key
from api.sync.contacts.likenesses import Likenesses, likeness_of

DecidedBy = Literal[
    "created", "merge", "contact_number", "name", "email", "phone", "tax_number", "account_number", "person"
]

_Contact = TypeVar("_Contact", Ours, Theirs)


@dataclass(frozen=True)
class Link:
    """A stored link and how it was decided. Only merges in Xero lead several of ours to one contact."""

    contact_id: UUID
    xero_contact_id: UUID
    decided_by: DecidedBy


@dataclass(frozen=True)
class Decision:
    """What a person decided about a contact that has no link: that it is new, or which contact it is not."""

    contact_id: UUID
    is_new: bool = False
    xero_name: str | None = None  # of the new contact; None: ours
    undone: UUID | None = None  # the contact of Xero that it was unlinked from


class Candidates:
    """Both sides, indexed. For every contact to be matched it holds everything that can bear on the result:

    all of ours and all of theirs with its name or account number, the contacts of theirs that have our number or
    a link, what those were merged into, and the stored links and decisions of all of these.
    """

    def __init__(
        self,
        ours: Iterable[Ours],
        theirs: Iterable[Theirs],
        links: Iterable[Link] = (),
        decisions: Iterable[Decision] = (),
    ) -> None:
        self.ours = {contact.id: contact for contact in ours}
        self.theirs = {contact.id: contact for contact in theirs}
        self.links = {link.contact_id: link for link in links}
        self.decisions = {decision.contact_id: decision for decision in decisions}
        self._ours_named: dict[str, list[Ours]] = defaultdict(list)
        self._theirs_named: dict[str, list[Theirs]] = defaultdict(list)
        self._to_be_called: dict[str, list[Ours]] = defaultdict(list)
        self._numbered: dict[str, list[Theirs]] = defaultdict(list)
        self._owners: dict[UUID, set[UUID]] = defaultdict(set)
        self._ours_with: dict[tuple[str, Kind, str], set[UUID]] = defaultdict(set)
        self._theirs_with: dict[tuple[str, Kind, str], set[UUID]] = defaultdict(set)
        self._first_of_ours_with: dict[str, Ours] = {}
        self._theirs_with_account: dict[str, list[Theirs]] = defaultdict(list)
        for contact in sorted(self.ours.values(), key=lambda contact: contact.id):
            self._add_ours(contact)
        for other in sorted(self.theirs.values(), key=lambda other: other.id):
            self._add_theirs(other)
        self._add_owners()

    def _add_ours(self, contact: Ours) -> None:
        for key in contact.name_keys:
            self._ours_named[key].append(contact)
        if self.is_decided_new(contact):
            self._to_be_called[name_key(self.new_name(contact))].append(contact)
        for kind in KINDS:
            for value in contact.values(kind):
                for key in contact.name_keys:
                    self._ours_with[key, kind, value].add(contact.id)
        if contact.account_number:
            self._first_of_ours_with.setdefault(account_key(contact.account_number), contact)

    def _add_theirs(self, contact: Theirs) -> None:
        if contact.contact_number:
            self._numbered[contact.contact_number].append(contact)
        key = name_key(contact.name)
        if not contact.active or not key:
            return
        self._theirs_named[key].append(contact)
        self._theirs_with_account[account_key(contact.account_number)].append(contact)
        for kind in KINDS:
            for value in contact.values(kind):
                self._theirs_with[key, kind, value].add(contact.id)

    def _add_owners(self) -> None:
        for contact in self.ours.values():
            for numbered in self._numbered.get(contact.contact_number, ()):
                self._owners[numbered.id].add(contact.id)
        for link in self.links.values():
            if link.decided_by != "merge":
                self._owners[link.xero_contact_id].add(link.contact_id)

    def namesakes(self, ours: Ours) -> Sequence[Ours]:
        """All of ours with a name of this contact, the contact itself among them."""
        return _once([self._ours_named.get(key, []) for key in ours.name_keys])

    def is_decided_new(self, ours: Ours) -> bool:
        """Whether a person decided that Xero does not have this contact yet."""
        decision = self.decisions.get(ours.id)
        return decision is not None and decision.is_new

    def new_name(self, ours: Ours) -> str:
        """What this contact will be called in Xero if it is created."""
        decision = self.decisions.get(ours.id)
        return (decision.xero_name if decision else None) or ours.name

    def rivals(self, ours: Ours) -> list[Ours]:
        """Others of ours that would be created under the same name; a person's decision outranks the undecided."""
        key = name_key(self.new_name(ours))
        others = self._to_be_called.get(key, [])
        if not self.is_decided_new(ours):
            named = _once([self._ours_named.get(each, []) for each in {key, *ours.name_keys[1:]}])
            others = [*others, *(other for other in named if not self.is_decided_new(other))]
        return [other for other in others if other.id != ours.id and not self.is_placed(other)]

    def called(self, name: str) -> Sequence[Theirs]:
        """All of their active contacts with this name."""
        return self._theirs_named.get(name_key(name), ())

    def named(self, ours: Ours) -> Sequence[Theirs]:
        """All of their active contacts with a name of ours."""
        return _once([self._theirs_named.get(key, []) for key in ours.name_keys])

    def ours_named_like(self, theirs: Theirs) -> Sequence[Ours]:
        """All of ours with the name of this contact of theirs."""
        return self._ours_named.get(name_key(theirs.name), ())

    def claimants(self, theirs: Theirs) -> list[Ours]:
        """Ours that have a link or our number in this contact or in those that were merged into it."""
        ids = [theirs.id, *self._merged_into.get(theirs.id, ())]
        claimed = set().union(*(self._owners.get(id, set()) | self._led_to.get(id, set()) for id in ids))
        return [self.ours[contact_id] for contact_id in sorted(claimed & self.ours.keys())]

    def ours_like(self, theirs: Theirs) -> tuple[UUID, ...]:
        """Ours that are possible duplicates of this contact of theirs."""
        return self._our_likenesses.of(likeness_of(theirs))

    def theirs_like(self, ours: Ours) -> tuple[UUID, ...]:
        """Their active contacts that are possible duplicates of this contact of ours."""
        return self._their_likenesses.of(likeness_of(ours))

    @cached_property
    def _merged_into(self) -> Mapping[UUID, list[UUID]]:
        """By an active contact of theirs, all that were merged into it."""
        merged: dict[UUID, list[UUID]] = defaultdict(list)
        for theirs in self.theirs.values():
            if not theirs.active and (end := self.end_of_merge(theirs)) is not None:
                merged[end.id].append(theirs.id)
        return merged

    @cached_property
    def _led_to(self) -> Mapping[UUID, set[UUID]]:
        """By a contact of theirs, ours whose links lead to it, those by a merge among them."""
        led: dict[UUID, set[UUID]] = defaultdict(set)
        for link in self.links.values():
            led[link.xero_contact_id].add(link.contact_id)
        return led

    @cached_property
    def _our_likenesses(self) -> Likenesses:
        return Likenesses(map(likeness_of, self.ours.values()))

    @cached_property
    def _their_likenesses(self) -> Likenesses:
        return Likenesses(likeness_of(contact) for contact in self.theirs.values() if contact.active)

    def numbered(self, ours: Ours) -> Sequence[Theirs]:
        """Their contacts that have our number, archived ones included."""
        return self._numbered.get(ours.contact_number, ())

    def linked(self, ours: Ours) -> Theirs | None:
        """What the stored link leads to; None without a link, or when Xero has lost the contact."""
        link = self.links.get(ours.id)
        return self.theirs.get(link.xero_contact_id) if link else None

    def is_placed(self, ours: Ours) -> bool:
        """Whether a contact has a place of its own in Xero, whatever its name says."""
        return self.linked(ours) is not None or bool(self.numbered(ours))

    def is_free(self, theirs: Theirs, ours: Ours) -> bool:
        """Whether a contact of theirs is the counterpart of no other of ours."""
        return not self._owners.get(theirs.id, set()) - {ours.id}

    def end_of_merge(self, theirs: Theirs) -> Theirs | None:
        """The active contact at the end of a chain of merges; None when there is none."""
        seen = {theirs.id}
        current: Theirs | None = theirs
        while current is not None and not current.active:
            current = self.theirs.get(current.merged_to) if current.merged_to else None
            if current is not None and current.id in seen:
                return None
            seen |= {current.id} if current is not None else set()
        return current

    def theirs_agreeing(self, ours: Ours, kind: Kind) -> set[UUID]:
        """Their active contacts of this name that agree in one kind of evidence."""
        keys = [(key, kind, value) for key in ours.name_keys for value in ours.values(kind)]
        return _union(self._theirs_with, keys)

    def ours_agreeing(self, theirs: Theirs, kind: Kind) -> set[UUID]:
        """Ours of this name that agree in one kind of evidence."""
        key = name_key(theirs.name)
        return _union(self._ours_with, [(key, kind, value) for value in theirs.values(kind)])

    def reference_holder(self, ours: Ours) -> str | None:
        """Who has the account number: an active contact of theirs, else the one of ours that was entered first."""
        number = account_key(ours.account_number)
        if not number:
            return None
        if theirs := self._theirs_with_account.get(number):
            return theirs[0].name
        first = self._first_of_ours_with[number]
        return None if first.id == ours.id else first.name


def _once(groups: Sequence[Sequence[_Contact]]) -> Sequence[_Contact]:
    """The contacts of all groups by their ids, each once. A single group is given as it is: it may be long."""
    if len(groups) == 1:
        return groups[0]
    contacts = {contact.id: contact for group in groups for contact in group}
    return sorted(contacts.values(), key=lambda contact: contact.id)


def _union(index: Mapping[tuple[str, Kind, str], set[UUID]], keys: Iterable[tuple[str, Kind, str]]) -> set[UUID]:
    return set().union(*(index.get(key, set()) for key in keys))
