"""Whom of the organisation's contacts one of ours is. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from api.sync.ledger.service import folded


@dataclass(frozen=True)
class Theirs:
    """A contact of the organisation."""

    id: UUID
    name: str
    contact_number: str | None
    account_number: str | None
    email: str | None
    active: bool
    merged_to: UUID | None


@dataclass(frozen=True)
class Ours:
    """A contact of ours, by what it can be recognised with."""

    id: UUID
    name: str
    contact_number: str
    account_number: str | None
    email: str | None


Obstacle = Literal["contact_archived", "contact_ambiguous", "contact_name_taken"]


@dataclass(frozen=True)
class Found:
    """The counterpart, or what stands in the way; neither: it has to be created."""

    contact_id: UUID | None = None
    obstacle: Obstacle | None = None


CREATE = Found()


def find(ours: Ours, theirs: Iterable[Theirs], taken: Mapping[UUID, UUID]) -> Found:
    """Number, then account number, then one active name. `taken` maps their ids to those of ours they are linked to."""
    known = {one.id: one for one in theirs}
    everyone = list(known.values())
    by_number = [one for one in everyone if one.contact_number == ours.contact_number]
    if by_number:
        return _marked(by_number, known, ours, taken)
    if ours.account_number is not None:
        by_account = [one for one in everyone if one.active and one.account_number == ours.account_number]
        if len(by_account) == 1:
            return _free(by_account[0], ours, taken)
    named = [one for one in everyone if one.active and folded(one.name) == folded(ours.name)]
    if len(named) > 1 and ours.email:
        same_mail = [one for one in named if (one.email or "").casefold() == ours.email.casefold()]
        named = same_mail if len(same_mail) == 1 else named
    if len(named) > 1:
        return Found(obstacle="contact_ambiguous")
    return _free(named[0], ours, taken) if named else CREATE


def _marked(marked: Sequence[Theirs], known: Mapping[UUID, Theirs], ours: Ours, taken: Mapping[UUID, UUID]) -> Found:
    """The one active contact with our number, or whom it was merged into; else why there is none."""
    active = [one for one in marked if one.active]
    heirs = [heir for one in marked if one.merged_to and (heir := known.get(one.merged_to))]
    standing = active or [heir for heir in heirs if heir.active]
    if len(standing) > 1:
        return Found(obstacle="contact_ambiguous")
    return _free(standing[0], ours, taken) if standing else Found(obstacle="contact_archived")


def _free(one: Theirs, ours: Ours, taken: Mapping[UUID, UUID]) -> Found:
    return Found(one.id) if taken.get(one.id, ours.id) == ours.id else Found(obstacle="contact_name_taken")
