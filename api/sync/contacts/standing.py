"""How a contact stands after Xero's contacts were read: its state, problems and remarks. Pure."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from api.platform.problems import Problem
from api.records.contacts.service import ContactView, SyncMark, SyncState
from api.sync.contacts.differences import remarkable, state_of
from api.sync.contacts.matching import match_contact
from api.sync.contacts.ownership import fields_with
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
        return Standing(SyncMark(state, view.external_url, [obstacle, *kept], remarks), linked_id)
    if linked is None or match.contact_id is None:
        return Standing(SyncMark(_kept_state(view, kept, SyncState.NOT_SENT), None, kept))
    differences = sides.compare(contact_id, match.contact_id)
    if different := remarkable(differences):
        remarks.append(differs(different, contact_id, view.display_name))
    ours_now, theirs_now, base = sides.values(contact_id, match.contact_id)
    if undecided := fields_with("undecided", ours_now, theirs_now, base):
        kept = [conflict(view.display_name, undecided, ours_now, theirs_now), *kept]
        mark = SyncMark(SyncState.UNSURE, view.external_url, kept, remarks)
    else:
        mark = SyncMark(_kept_state(view, kept, state_of(differences)), view.external_url, kept, remarks)
    return Standing(mark, match.contact_id, match.contact_id if match.contact_id != linked.id else None)


def _kept_state(view: ContactView, kept: list[Problem], otherwise: SyncState) -> SyncState:
    """A problem of another origin keeps the state that it gave."""
    return SyncState(view.sync_state) if kept else otherwise
