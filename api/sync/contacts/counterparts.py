"""Which of ours a contact of the organisation is: matching in the other direction. Pure."""

from dataclasses import dataclass
from uuid import UUID

from api.sync.contacts.candidates import Candidates
from api.sync.contacts.evidence import EvidenceKind, Ours, Theirs, evidence_for
from api.sync.contacts.matching import match_contact


@dataclass(frozen=True)
class Counterpart:
    """Our contact that a contact of theirs is, with what agrees; else ours that it may be; else it is new."""

    contact_id: UUID | None = None
    evidence: tuple[EvidenceKind, ...] = ()
    possible_duplicates: tuple[UUID, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether nothing of ours resembles it."""
        return self.contact_id is None and not self.possible_duplicates


def match_theirs(theirs: Theirs, among: Candidates) -> Counterpart:
    """The one of ours whose invoices go to this contact, by the rules that exports follow.

    `among` has to hold both sides whole: possible duplicates are searched in all of ours.
    """
    for ours in (*among.claimants(theirs), *among.ours_named_like(theirs)):
        if match_contact(ours, among).contact_id == theirs.id:
            return Counterpart(ours.id, evidence_for(ours, theirs))
    alike = [*(ours.id for ours in among.ours_named_like(theirs)), *among.ours_like(theirs)]
    free = [contact_id for contact_id in dict.fromkeys(alike) if _is_free(among.ours[contact_id], among)]
    return Counterpart(possible_duplicates=tuple(free))


def _is_free(ours: Ours, among: Candidates) -> bool:
    """Whether no active contact of theirs is this one of ours for certain."""
    placed = [among.linked(ours), *among.numbered(ours)]
    return not any(other is not None and other.active for other in placed)
