"""What the contacts of an organisation are for us: new, ours already, or possible duplicates. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from api.records.contacts.service import ContactView
from api.sync.contacts.candidates import Candidates, DecidedBy
from api.sync.contacts.counterparts import match_theirs
from api.sync.contacts.evidence import EvidenceKind, Ours, Theirs, evidence_for
from api.sync.contacts.imports.rows import DifferenceRow
from api.sync.contacts.imports.states import ItemGroup
from api.sync.contacts.matching import match_contact
from api.sync.contacts.models import MirrorContact
from api.sync.contacts.ownership import FIELDS, agree, our_values, shown, their_values


@dataclass(frozen=True)
class Grouped:
    """The group of a contact of Xero, with ours that it is or may be, and how that was decided."""

    group: ItemGroup
    contact_id: UUID | None = None
    decided_by: DecidedBy | None = None
    evidence: tuple[EvidenceKind, ...] = ()
    possible_duplicates: tuple[UUID, ...] = ()


NEW = Grouped(ItemGroup.NEW)


def group_contact(theirs: Theirs, among: Candidates, linked: Mapping[UUID, UUID]) -> Grouped | None:
    """The group; None for a contact that is neither active nor linked. `linked` has our contact by Xero's id.

    A contact that was merged into an active one is represented by that one.
    """
    if (contact_id := linked.get(theirs.id)) is not None:
        if theirs.active:
            return Grouped(ItemGroup.UNCHANGED, contact_id)
        return Grouped(ItemGroup.ARCHIVED, contact_id) if among.end_of_merge(theirs) is None else None
    if not theirs.active:
        return None
    if not among.ours:
        return NEW
    counterpart = match_theirs(theirs, among)
    if counterpart.contact_id is not None:
        match = match_contact(among.ours[counterpart.contact_id], among)
        return Grouped(ItemGroup.MATCHED, counterpart.contact_id, match.decided_by, counterpart.evidence)
    # Ours that is another contact of Xero for certain is no duplicate: Xero has both, and so will we.
    open_ones = [each for each in counterpart.possible_duplicates if not _has_counterpart(among.ours[each], among)]
    if not open_ones:
        return NEW
    first = among.ours[open_ones[0]]
    return Grouped(
        ItemGroup.POSSIBLE_DUPLICATE,
        first.id,
        evidence=evidence_for(first, theirs),
        possible_duplicates=tuple(open_ones),
    )


def _has_counterpart(ours: Ours, among: Candidates) -> bool:
    return match_contact(ours, among).contact_id is not None


def differences(ours: ContactView, row: MirrorContact) -> list[DifferenceRow]:
    """The fields that both sides have otherwise. Linking changes none of them: Xero keeps its own."""
    here, there = our_values(ours, send_payer_reference=True), their_values(row)
    return [
        {
            "field": field,
            "ours": shown(field, here[field]),
            "theirs": shown(field, there[field]),
            "effect": "kept_in_xero",
        }
        for field in FIELDS
        if field in here and not agree(field, here[field], there[field])
    ]
