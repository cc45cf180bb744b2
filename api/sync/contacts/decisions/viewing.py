"""What is shown of the link of a contact: the contact in Xero, what differs, and what else it may be."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.http.schemas import ProblemOut
from api.records.contacts.service import ContactService, SyncState
from api.records.text import name_key
from api.sync.contacts import mapping
from api.sync.contacts.decisions.naming import free_name, proposed_names
from api.sync.contacts.decisions.repository import DecisionRepository
from api.sync.contacts.decisions.schemas import LinkCandidateOut, LinkOut, LinkState, TakenBy
from api.sync.contacts.differences import compare, unequal
from api.sync.contacts.evidence import evidence_for
from api.sync.contacts.likenesses import Likenesses, likeness_of
from api.sync.contacts.matching import Match, match_contact
from api.sync.contacts.mirrored.cursors.repository import MirrorCursorRepository
from api.sync.contacts.mirrored.rows import theirs
from api.sync.contacts.models import ContactLink, MirrorContact
from api.sync.contacts.problems import obstacle_of
from api.sync.contacts.reading import Sides, read_sides
from api.sync.contacts.refusals import refusal_of
from api.sync.contacts.repository import LINKED, ContactLinkRepository, MirrorContactRepository
from api.sync.contacts.schemas import DifferenceOut, XeroContactOut
from api.sync.ledger.service import LedgerService

_ONE_CANDIDATE: Final = ("email", "account_number")


@dataclass(frozen=True)
class Question:
    """A contact beside everything that can bear on it, what the rules say of it, and others with the same question."""

    contact_id: UUID
    sides: Sides
    match: Match
    like_these: tuple[UUID, ...]

    @property
    def concerned(self) -> set[UUID]:
        """Others of ours for which the decision about this contact may change what is asked."""
        among = self.sides.among
        ours = among.ours[self.contact_id]
        namesakes = {other.id for other in among.namesakes(ours)}
        rivals = {other.id for other in among.rivals(ours)}
        claimants = {other.id for theirs in among.named(ours) for other in among.claimants(theirs)}
        return (namesakes | rivals | claimants) - {self.contact_id}


async def read_question(work: UnitOfWork, organisation_id: UUID, contact_id: UUID, *also: UUID) -> Question:
    """Match a contact, and those that wait for a decision; `also` are contacts of Xero that are looked at as well."""
    unsure = await ContactService(work).ids_in(SyncState.UNSURE)
    sides = await read_sides(work, organisation_id, {contact_id, *unsure}, also=also)
    among = sides.among
    match = match_contact(among.ours[contact_id], among)
    others: set[UUID] = set()
    if match.doubt is not None:
        namesakes = {namesake.id for namesake in among.namesakes(among.ours[contact_id])}
        # Only where each has a single candidate is the question the same whatever their names are.
        asked = namesakes | ((unsure & among.ours.keys()) if match.doubt in _ONE_CANDIDATE else set())
        asked -= {contact_id}
        others = {other for other in asked if match_contact(among.ours[other], among).doubt == match.doubt}
    return Question(contact_id, sides, match, tuple(sorted(others)))


async def view_of(work: UnitOfWork, organisation_id: UUID, contact_id: UUID) -> LinkOut:
    """The link of a contact as it is now, by the mirror."""
    mirror = MirrorContactRepository(work)
    read_up_to = await MirrorCursorRepository(work, organisation_id).read_up_to()
    question = await read_question(work, organisation_id, contact_id)
    sides, match = question.sides, question.match
    ours, row = sides.among.ours[contact_id], sides.rows.get(contact_id)
    linked = _linked(row, sides)
    short_code = await LedgerService(work).short_code()
    named = [other.id for other in (*sides.among.named(ours), *sides.among.numbered(ours)) if other.active]
    candidates = [sides.mirrored[id] for id in dict.fromkeys(named) if linked is None or id != linked.xero_contact_id]
    likeness = likeness_of(ours)
    alike_ids = Likenesses(await mirror.like([likeness])).of(likeness)
    mirrored = await mirror.of(alike_ids)
    alike = [mirrored[id] for id in alike_ids if id in mirrored]
    shown = {each.xero_contact_id for each in (*candidates, *([linked] if linked else []))}
    describe = Describing(sides, contact_id, short_code, await taken_by(work, organisation_id, [*candidates, *alike]))
    problem = obstacle_of(match, ours, sides.among) if read_up_to is not None else None
    if problem is None and match.contact_id is None:
        problem = refusal_of(contact_id, sides)
    decides = row is not None and (row.state in LINKED or row.decided_by == "person")
    differences = sides.compare(contact_id, linked.xero_contact_id) if linked else ()
    return LinkOut.model_validate(
        {
            "state": _state(row, match, is_read=read_up_to is not None),
            "xero_contact": XeroContactOut.of(linked, short_code) if linked else None,
            "decided_by": row.decided_by if row and decides else None,
            "evidence": row.evidence if row and decides else [],
            "decided_by_user": row.decided_by_user if row and decides else None,
            "decided_at": row.decided_at if row and decides else None,
            "differences": [DifferenceOut.model_validate(each) for each in differences],
            "candidates": describe.all(candidates),
            "possible_duplicates": describe.all([each for each in alike if each.xero_contact_id not in shown]),
            "new_name": await new_name(work, organisation_id, sides, contact_id),
            "like_these": len(question.like_these),
            "problem": ProblemOut.model_validate(problem) if problem else None,
            "checked_against": read_up_to,
        }
    )


def without_organisation(name: str, *, is_elsewhere: bool) -> LinkOut:
    """The link of a contact of a business that is not connected."""
    return LinkOut(
        state="elsewhere" if is_elsewhere else "none",
        xero_contact=None,
        decided_by=None,
        evidence=[],
        decided_by_user=None,
        decided_at=None,
        differences=[],
        candidates=[],
        possible_duplicates=[],
        new_name=name,
        like_these=0,
        problem=None,
        checked_against=None,
    )


@dataclass(frozen=True)
class Describing:
    """Describes contacts of Xero beside one of ours; `taken` says whom they belong to."""

    sides: Sides
    contact_id: UUID
    short_code: str | None
    taken: dict[UUID, dict[UUID, str]]

    def all(self, rows: Iterable[MirrorContact]) -> list[LinkCandidateOut]:
        """The contacts in their order."""
        return [self._candidate(row) for row in rows]

    def _candidate(self, row: MirrorContact) -> LinkCandidateOut:
        view = self.sides.views[self.contact_id]
        differences = compare(view, row, send_payer_reference=self.sides.send_payer_reference)
        owners = {id: name for id, name in self.taken.get(row.xero_contact_id, {}).items() if id != self.contact_id}
        return LinkCandidateOut(
            xero_contact=XeroContactOut.of(row, self.short_code),
            agrees=list(evidence_for(self.sides.among.ours[self.contact_id], theirs(row))),
            differs=[DifferenceOut.model_validate(each) for each in unequal(differences)],
            taken_by=next((TakenBy(contact_id=id, name=name) for id, name in sorted(owners.items())), None),
        )


async def taken_by(
    work: UnitOfWork, organisation_id: UUID, rows: Sequence[MirrorContact]
) -> dict[UUID, dict[UUID, str]]:
    """By contact of Xero, ours that it belongs to by a link, a merge or our number, with their names."""
    xero_contact_ids = [row.xero_contact_id for row in rows]
    links = await ContactLinkRepository(work, organisation_id).leading_to(xero_contact_ids, by_merge=True)
    owners = [(link.xero_contact_id, link.contact_id) for link in links]
    for row in rows:
        numbered = mapping.contact_id_of(row.contact_number) if row.contact_number else None
        if numbered is not None:
            owners.append((row.xero_contact_id, numbered))
    views = await ContactService(work).views({contact_id for _, contact_id in owners})
    taken: dict[UUID, dict[UUID, str]] = {}
    for xero_contact_id, contact_id in owners:
        if contact_id in views:
            taken.setdefault(xero_contact_id, {})[contact_id] = views[contact_id].display_name
    return taken


async def new_name(work: UnitOfWork, organisation_id: UUID, sides: Sides, contact_id: UUID) -> str:
    """The name chosen already or under which it is being created, else a name that is free in Xero and among ours."""
    decision, row = sides.among.decisions.get(contact_id), sides.rows.get(contact_id)
    if decision is not None and decision.xero_name:
        return decision.xero_name
    if row is not None and row.state == "creating":
        return row.xero_name or sides.views[contact_id].display_name
    return free_name(sides.views[contact_id], await taken_names(work, organisation_id, sides, [contact_id]))


async def taken_names(work: UnitOfWork, organisation_id: UUID, sides: Sides, contact_ids: Collection[UUID]) -> set[str]:
    """The keys of the names proposed for these contacts that others have, or will have."""
    proposed = {name_key(name) for contact_id in contact_ids for name in proposed_names(sides.views[contact_id])}
    names = [each for each in await ContactService(work).names() if each.id not in contact_ids]
    reserved = await reserved_names(work, organisation_id, proposed, without=contact_ids)
    return reserved | (proposed & {name_key(each.display_name) for each in names})


async def reserved_names(
    work: UnitOfWork, organisation_id: UUID, keys: Collection[str], *, without: Collection[UUID]
) -> set[str]:
    """Those of these keys of names that active contacts in Xero have, or others of ours will have there."""
    rows = await MirrorContactRepository(work).called(keys)
    decisions = [
        decision
        for decision in await DecisionRepository(work, organisation_id).decisions()
        if decision.is_new and decision.contact_id not in without
    ]
    views = await ContactService(work).views([decision.contact_id for decision in decisions])
    decided = {name_key(each.xero_name or views[each.contact_id].display_name) for each in decisions}
    return {row.name_key for row in rows} | (decided & set(keys))


def _linked(row: ContactLink | None, sides: Sides) -> MirrorContact | None:
    if row is None or row.state not in LINKED or row.xero_contact_id is None:
        return None
    return sides.mirrored.get(row.xero_contact_id)


def _state(row: ContactLink | None, match: Match, *, is_read: bool) -> LinkState:
    if match.obstacle is not None and is_read:
        return "archived" if match.obstacle == "contact_archived" else "unsure"
    if row is None:
        return "none"
    if row.state in LINKED:
        return "linked"
    return "creating" if row.state == "creating" or row.decided_by == "person" else "none"
