"""Which of the organisation's contacts one of ours is. Pure, and the same in whatever order contacts are matched."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from api.sync.contacts.candidates import Candidates, DecidedBy
from api.sync.contacts.evidence import KINDS, Ours, Theirs, contradicts, differing

Obstacle = Literal["contact_archived", "contact_unsure"]
# Why a contact is unsure: the same number twice in Xero; several of the name here or there; the contact of the
# name is the counterpart of another of ours; a person's e-mail address or account number differs; a person unlinked
# it from the contact that it would be linked to; the name chosen for a new contact is taken.
Doubt = Literal[
    "number_twice", "several_here", "several_in_xero", "taken", "email", "account_number", "undone", "new_name_taken"
]


@dataclass(frozen=True)
class Match:
    """The counterpart and how it was decided, or the obstacle; neither: the contact has to be created.

    `reference_holder` names the contact that already has the payer reference of one to be created, or of one that was
    created without it.
    """

    contact_id: UUID | None = None
    decided_by: DecidedBy | None = None
    obstacle: Obstacle | None = None
    doubt: Doubt | None = None
    reference_holder: str | None = None


CREATE = Match()


def match_contact(ours: Ours, among: Candidates) -> Match:
    """The stored link, then our number, then what a person decided, then the name with what agrees or contradicts."""
    linked = among.linked(ours)
    if linked is not None:
        return _standing(ours, linked, among.links[ours.id].decided_by, among)
    match = _unlinked(ours, among)
    decision = among.decisions.get(ours.id)
    is_undone = decision is not None and match.contact_id is not None and match.contact_id == decision.undone
    return _unsure("undone") if is_undone else match


def _unlinked(ours: Ours, among: Candidates) -> Match:
    numbered = among.numbered(ours)
    if numbered:
        return _numbered(ours, numbered, among)
    if among.is_decided_new(ours):
        if among.called(among.new_name(ours)):
            return _unsure("new_name_taken")
        return _new(ours, among)
    named, namesakes = among.named(ours), among.namesakes(ours)
    if not named:
        return _new(ours, among)
    if len(named) == len(namesakes) == 1:
        return _only_one(ours, named[0], among)
    return _one_of_several(ours, named, among)


def _new(ours: Ours, among: Candidates) -> Match:
    """To be created, unless another of ours would get the same name: the order must not decide whose it is."""
    if among.rivals(ours):
        return _unsure("several_here")
    return Match(reference_holder=among.reference_holder(ours))


def _standing(ours: Ours, theirs: Theirs, decided_by: DecidedBy, among: Candidates) -> Match:
    """A contact that is ours for certain: as it stands, what it was merged into, or that it is archived."""
    if theirs.active:
        # A contact of ours without its number was created without it, and the remark may have been lost in a crash.
        no_number = decided_by == "contact_number" and not theirs.account_number
        holder = among.reference_holder(ours) if no_number else None
        return Match(theirs.id, decided_by, reference_holder=holder)
    merged = among.end_of_merge(theirs)
    return Match(merged.id, "merge") if merged is not None else Match(obstacle="contact_archived")


def _numbered(ours: Ours, numbered: Sequence[Theirs], among: Candidates) -> Match:
    active = [contact for contact in numbered if contact.active]
    if any(not among.is_free(contact, ours) for contact in active):
        return _unsure("taken")
    standing = [_standing(ours, contact, "contact_number", among) for contact in active or numbered]
    if len({match.contact_id for match in standing} - {None}) > 1:
        return _unsure("number_twice")
    return next((match for match in standing if match.contact_id is not None), standing[0])


def _only_one(ours: Ours, theirs: Theirs, among: Candidates) -> Match:
    """One of the name here and one there: only a person's other details can speak against it."""
    if not among.is_free(theirs, ours):
        return _unsure("taken")
    if contradicts(ours, theirs):
        return _unsure("email" if "email" in differing(ours, theirs) else "account_number")
    return Match(theirs.id, "name")


def _one_of_several(ours: Ours, named: Sequence[Theirs], among: Candidates) -> Match:
    """Evidence decides where it leads from one contact to one contact, and no other evidence leads elsewhere."""
    for kind in KINDS:
        agreeing = among.theirs_agreeing(ours, kind)
        if len(agreeing) != 1:
            continue
        theirs = among.theirs[next(iter(agreeing))]
        if among.ours_agreeing(theirs, kind) == {ours.id} and _undisputed(ours, theirs, among):
            taken = not among.is_free(theirs, ours)
            return _unsure("taken") if taken else Match(theirs.id, kind)
    return _unsure("several_in_xero" if len(named) > 1 else "several_here")


def _undisputed(ours: Ours, theirs: Theirs, among: Candidates) -> bool:
    """Whether every kind of evidence that either side has with others names this pair too."""
    for kind in KINDS:
        there, here = among.theirs_agreeing(ours, kind), among.ours_agreeing(theirs, kind)
        if (there and theirs.id not in there) or (here and ours.id not in here):
            return False
    return True


def _unsure(doubt: Doubt) -> Match:
    return Match(obstacle="contact_unsure", doubt=doubt)
