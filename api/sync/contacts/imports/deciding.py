"""What an import does with one contact of Xero, by its group now and the decision of a user. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from api.platform.problems import Problem
from api.sync.contacts.candidates import DecidedBy
from api.sync.contacts.evidence import EvidenceKind, evidence_for
from api.sync.contacts.imports.content import is_changed
from api.sync.contacts.imports.grouping import NEW, Grouped
from api.sync.contacts.imports.models import ContactImportItem
from api.sync.contacts.imports.problems import being_created, changed, gone, missing, taken
from api.sync.contacts.imports.reading import Page
from api.sync.contacts.imports.states import ItemDecision, ItemGroup, ItemResult
from api.sync.contacts.mirrored.rows import theirs
from api.sync.contacts.models import MirrorContact


@dataclass(frozen=True)
class Step:
    """What is done with an item: create ours, link ours, or nothing."""

    action: Literal["create", "link", "nothing"]
    result: ItemResult | None = None
    grouped: Grouped = NEW
    contact_id: UUID | None = None
    decided_by: DecidedBy | None = None
    evidence: tuple[EvidenceKind, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class Unavailable:
    """Ours that cannot be linked now: an export is creating them in Xero, or this batch has linked them already."""

    being_created: Collection[UUID]
    linked: set[UUID] = field(default_factory=set)

    def problem(self, ours: UUID, name: str) -> Problem | None:
        """Why this contact of ours cannot be linked; None if it can."""
        if ours in self.linked:
            return taken(ours, name)
        return being_created(ours, name) if ours in self.being_created else None


def decide(item: ContactImportItem, row: MirrorContact | None, page: Page, unavailable: Unavailable) -> Step:
    """The step for an item."""
    grouped = page.groups.get(item.xero_contact_id)
    if row is None or grouped is None:
        return Step("nothing", ItemResult.LEFT_OUT, problems=(gone(item.xero["name"]),))
    if grouped.group in (ItemGroup.UNCHANGED, ItemGroup.ARCHIVED):
        return Step("nothing", grouped=grouped)
    decision = ItemDecision(item.decision) if item.decision else None
    if decision == ItemDecision.LEAVE_OUT:
        return Step("nothing", ItemResult.LEFT_OUT, grouped)
    is_stale = decision is not None and is_changed(item.xero, row)
    if is_stale and grouped.group == ItemGroup.POSSIBLE_DUPLICATE:
        return Step("nothing", ItemResult.UNDECIDED, grouped, problems=(changed(row.name),))
    if decision == ItemDecision.SAME and not is_stale:
        return _same(item, row, grouped, page, unavailable)
    if decision == ItemDecision.DIFFERENT and not is_stale:
        return Step("create", ItemResult.IMPORTED, grouped, decided_by="person")
    return _by_rules(grouped, page, unavailable)


def _by_rules(grouped: Grouped, page: Page, unavailable: Unavailable) -> Step:
    """Without a decision, what is certain is done, and a possible duplicate waits."""
    if grouped.group == ItemGroup.POSSIBLE_DUPLICATE:
        return Step("nothing", ItemResult.UNDECIDED, grouped)
    if grouped.contact_id is None:
        return Step("create", ItemResult.IMPORTED, grouped, decided_by="created")
    if (problem := unavailable.problem(grouped.contact_id, page.among.ours[grouped.contact_id].name)) is not None:
        return Step("nothing", ItemResult.FAILED, grouped, problems=(problem,))
    return Step("link", ItemResult.LINKED, grouped, grouped.contact_id, grouped.decided_by or "name", grouped.evidence)


def _same(item: ContactImportItem, row: MirrorContact, grouped: Grouped, page: Page, unavailable: Unavailable) -> Step:
    """Link the contact of ours that the user chose, or that was shown, unless it has another one in Xero."""
    contact_id = item.decided_contact_id or item.contact_id
    ours = page.among.ours.get(contact_id) if contact_id is not None else None
    if contact_id is None or ours is None:
        return Step("nothing", ItemResult.FAILED, grouped, problems=(missing(),))
    placed = [page.among.linked(ours), *page.among.numbered(ours)]
    if any(other is not None and other.active and other.id != item.xero_contact_id for other in placed):
        return Step("nothing", ItemResult.FAILED, grouped, problems=(taken(ours.id, ours.name),))
    if (problem := unavailable.problem(contact_id, ours.name)) is not None:
        return Step("nothing", ItemResult.FAILED, grouped, problems=(problem,))
    evidence = evidence_for(ours, theirs(row))
    return Step("link", ItemResult.LINKED, grouped, contact_id, "person", evidence)
