"""How a contact stands after Xero's contacts were read: its state, problems and remarks. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from api.platform.problems import Problem
from api.records.contacts.service import ContactView, SyncMark, SyncState
from api.sync.contacts.differences import Difference, remarkable, state_of
from api.sync.contacts.matching import match_contact
from api.sync.contacts.ownership import Base, Values, fields_with
from api.sync.contacts.problems import CONTACT_ARCHIVED, CONTACT_DIFFERS, CONTACT_UNSURE, differs, obstacle_of
from api.sync.contacts.pushes.problems import CONTACT_CONFLICT, conflict
from api.sync.contacts.reading import Sides

# What both sides say; other problems and remarks are of those who reported them.
_OF_BOTH_SIDES: Final = (CONTACT_ARCHIVED.code, CONTACT_UNSURE.code, CONTACT_CONFLICT.code)


@dataclass(frozen=True)
class Standing:
    """The mark of a contact and the contact of Xero that it is; `merged_into` if that is another from now on."""

    mark: SyncMark
    xero_contact_id: UUID | None = None
    merged_into: UUID | None = None

    @property
    def is_archived(self) -> bool:
        """Whether its contact in Xero is archived."""
        return any(problem.code == CONTACT_ARCHIVED.code for problem in self.mark.problems)


def standing_of(contact_id: UUID, sides: Sides) -> Standing:
    """How one of ours stands by both sides as they are now. A link is followed; nothing is linked that was not."""
    view, ours = sides.views[contact_id], sides.among.ours[contact_id]
    linked = sides.among.linked(ours)
    match = match_contact(ours, sides.among)
    obstacle = obstacle_of(match, ours, sides.among)
    kept = [problem for problem in map(Problem.from_row, view.problems) if problem.code not in _OF_BOTH_SIDES]
    remarks = [remark for remark in map(Problem.from_row, view.remarks) if remark.code != CONTACT_DIFFERS.code]
    linked_id = linked.id if linked is not None else None
    if obstacle is not None:
        state = SyncState.UNSURE if obstacle.code == CONTACT_UNSURE.code else SyncState.FAILED
        url = view.external_url if linked is not None else None
        return Standing(SyncMark(state, url, [obstacle, *kept], remarks), linked_id)
    if linked is None or match.contact_id is None:
        return Standing(SyncMark(_kept_state(view, kept, SyncState.NOT_SENT), None, kept))
    compared = Compared(sides.compare(contact_id, match.contact_id), *sides.values(contact_id, match.contact_id))
    mark = mark_of_linked(view, compared, kept, remarks)
    return Standing(mark, match.contact_id, match.contact_id if match.contact_id != linked.id else None)


@dataclass(frozen=True)
class Compared:
    """A linked contact and its contact in Xero: field by field, and the values of both sides with their base."""

    differences: Sequence[Difference]
    ours: Values
    theirs: Values
    base: Base | None


def mark_of_linked(
    view: ContactView, compared: Compared, problems: Sequence[Problem] = (), remarks: Sequence[Problem] = ()
) -> SyncMark:
    """How a linked contact is shown; `problems` and `remarks` are those that the two sides do not say."""
    if different := remarkable(compared.differences):
        remarks = [*remarks, differs(different, view.id, view.display_name)]
    if undecided := fields_with("undecided", compared.ours, compared.theirs, compared.base):
        problems = [conflict(view, undecided, compared.ours, compared.theirs), *problems]
        return SyncMark(SyncState.UNSURE, view.external_url, problems, remarks)
    return SyncMark(_kept_state(view, problems, state_of(compared.differences)), view.external_url, problems, remarks)


def _kept_state(view: ContactView, kept: Sequence[Problem], otherwise: SyncState) -> SyncState:
    """A problem of another origin keeps the state that it gave."""
    return SyncState(view.sync_state) if kept else otherwise
