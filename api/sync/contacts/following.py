"""Following Xero: our contacts whose counterpart changed there keep true links, states, problems and remarks."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from uuid import UUID

from api.identity.audit.service import record_event
from api.platform.db.work import UnitOfWork
from api.platform.ids import encode
from api.platform.problems import as_rows
from api.records.contacts.service import ContactService, ContactView, SyncMark
from api.records.invoices.service import free_invoices
from api.sync.connections.service import XeroGateway
from api.sync.contacts.evidence import evidence_for
from api.sync.contacts.mapping import contact_link
from api.sync.contacts.problems import HELD_BY_CONTACT
from api.sync.contacts.reading import Sides, read_sides
from api.sync.contacts.repository import LINKED, ContactLinkRepository, Linked
from api.sync.contacts.standing import Standing, standing_of
from api.sync.ledger.service import LedgerService

_AT_ONCE = 500  # contacts in a transaction


async def follow(work: UnitOfWork, organisation_id: UUID, changed: Collection[UUID]) -> None:
    """After these contacts of Xero were read: our contacts that are linked to them, and all that wait for a decision.

    A merged contact is followed, an archived one holds its invoices, a restored one frees them.
    """
    if changed:
        concerned = await ContactLinkRepository(work, organisation_id).concerned(changed)
        await restate(work, organisation_id, concerned, read=changed)


async def follow_all(gateway: XeroGateway) -> None:
    """After all contacts of Xero were read: all of ours that are linked or wait for a decision, in bounded portions."""
    async with gateway.work() as work:
        concerned = sorted(await ContactLinkRepository(work, gateway.organisation_id).linked_or_waiting())
    for start in range(0, len(concerned), _AT_ONCE):
        portion = concerned[start : start + _AT_ONCE]
        async with gateway.work() as work:
            links = await ContactLinkRepository(work, gateway.organisation_id).of(portion)
            await restate(work, gateway.organisation_id, portion, read={link.xero_contact_id for link in links})


async def lose(work: UnitOfWork, organisation_id: UUID, gone: Collection[UUID]) -> None:
    """Forget the links to contacts that Xero no longer has: ours are matched again."""
    links = ContactLinkRepository(work, organisation_id)
    lost = await links.leading_to(gone, by_merge=True)
    await links.forget(gone)
    for link in lost:
        _record(work, link.contact_id, "gone", link.xero_contact_id)
    await restate(work, organisation_id, {link.contact_id for link in lost})


async def restate(
    work: UnitOfWork, organisation_id: UUID, contact_ids: Collection[UUID], *, read: Collection[UUID] = ()
) -> None:
    """Store how these contacts of ours stand by the mirror as it is now; `read` are contacts of Xero read just now."""
    if not contact_ids:
        return
    sides = await read_sides(work, organisation_id, contact_ids)
    standings = {
        contact_id: standing_of(contact_id, sides)
        for contact_id in contact_ids
        if contact_id in sides.views and not _is_unread(contact_id, sides)
    }
    await _move_links(work, organisation_id, sides, standings, read)
    marks = await _marks(work, sides, standings)
    if marks:
        await ContactService(work).mark(marks)
    freed = [contact_id for contact_id in marks if _is_freed(sides.views[contact_id], standings[contact_id])]
    await free_invoices(work, freed, HELD_BY_CONTACT)


async def _move_links(
    work: UnitOfWork,
    organisation_id: UUID,
    sides: Sides,
    standings: Mapping[UUID, Standing],
    read: Collection[UUID],
) -> None:
    """Let links lead to what their contacts were merged into; doubt those to archived contacts, trust the others."""
    links = ContactLinkRepository(work, organisation_id)
    merged = {
        contact_id: Linked(
            standing.merged_into,
            "merge",
            evidence_for(sides.among.ours[contact_id], sides.among.theirs[standing.merged_into]),
        )
        for contact_id, standing in standings.items()
        if standing.merged_into is not None
    }
    if merged:
        await links.link(merged)
        for contact_id, new in merged.items():
            _record(work, contact_id, "merged", new.xero_contact_id)
    rows = {contact_id: sides.rows[contact_id] for contact_id in standings if contact_id in sides.rows}
    archived = {contact_id for contact_id, each in standings.items() if each.is_archived}
    doubted = [id for id, row in rows.items() if row.state == "linked" and id in archived]
    trusted = [
        id for id, row in rows.items() if row.state == "doubted" and id not in archived and row.xero_contact_id in read
    ]
    for contact_ids, change, what in ((doubted, links.doubt, "archived"), (trusted, links.settle, "restored")):
        if contact_ids:
            await change(contact_ids)
        for contact_id in contact_ids:
            _record(work, contact_id, what, rows[contact_id].xero_contact_id)


async def _marks(work: UnitOfWork, sides: Sides, standings: Mapping[UUID, Standing]) -> dict[UUID, SyncMark]:
    """The marks that say something else than what is stored."""
    short_code = await LedgerService(work).short_code()
    marks: dict[UUID, SyncMark] = {}
    for contact_id, standing in standings.items():
        mark, view = standing.mark, sides.views[contact_id]
        if standing.xero_contact_id is not None and short_code:
            mark = replace(mark, external_url=contact_link(short_code, standing.xero_contact_id))
        if _row_of(mark) != (view.sync_state, view.external_url, view.problems, view.remarks):
            marks[contact_id] = mark
    return marks


def _is_unread(contact_id: UUID, sides: Sides) -> bool:
    """Whether it is linked to a contact that the mirror does not have: that says nothing about it."""
    row = sides.rows.get(contact_id)
    return row is not None and row.state in LINKED and row.xero_contact_id not in sides.mirrored


def _row_of(mark: SyncMark) -> tuple[object, ...]:
    return mark.sync_state, mark.external_url, as_rows(mark.problems), as_rows(mark.remarks)


def _is_freed(view: ContactView, standing: Standing) -> bool:
    """Whether the contact held invoices and does so no more."""
    before = {problem["code"] for problem in view.problems}
    after = {problem.code for problem in standing.mark.problems}
    return bool(before & set(HELD_BY_CONTACT)) and not after & set(HELD_BY_CONTACT)


def _record(work: UnitOfWork, contact_id: UUID, what: str, xero_contact_id: UUID | None) -> None:
    known = str(xero_contact_id) if xero_contact_id else None
    record_event(work, "contacts.follow", subject=encode("con", contact_id), what=what, xero_contact_id=known)
