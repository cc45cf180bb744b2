"""Importing a batch of contacts in one transaction: ours are created or linked, and the items say what was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.ids import encode, uuid7
from api.platform.problems import Problem, as_rows
from api.records.contacts.service import ContactService, ContactView
from api.sync.contacts.decisions.repository import DecisionRepository
from api.sync.contacts.differences import compare, remarkable
from api.sync.contacts.imports.content import imported_contact, is_wanted, roles_of, snapshot
from api.sync.contacts.imports.deciding import Step, Unavailable, decide
from api.sync.contacts.imports.grouping import Grouped, differences
from api.sync.contacts.imports.models import ContactImport, ContactImportItem
from api.sync.contacts.imports.problems import page_of_contact
from api.sync.contacts.imports.reading import OurContacts, Page, read_page
from api.sync.contacts.imports.repository import ContactImportItemRepository, ItemRow, MirrorPartRepository
from api.sync.contacts.imports.states import WORK_GROUPS, ItemResult
from api.sync.contacts.links import NewLink, link
from api.sync.contacts.models import MirrorContact
from api.sync.contacts.ownership import linked_base, our_values, their_values
from api.sync.contacts.problems import differs

GROUPED_AT_ONCE = 500
IMPORTED_AT_ONCE = 200


async def group_next(work: UnitOfWork, run: ContactImport, our_contacts: OurContacts) -> bool:
    """Group the next contacts of the mirror; gives whether there were any."""
    rows = await MirrorPartRepository(work, run.organisation_id).after(run.done_up_to, GROUPED_AT_ONCE)
    if not rows:
        return False
    await our_contacts.refresh(work)
    page = await read_page(work, run.organisation_id, our_contacts, rows)
    items = [
        _item_row(run, row, grouped, page)
        for row in rows
        if (grouped := page.groups.get(row.xero_contact_id)) is not None
        if grouped.group not in WORK_GROUPS or is_wanted(row, run.roles)
    ]
    await ContactImportItemRepository(work).add_all(items)
    run.done_up_to = rows[-1].xero_contact_id
    run.read += sum(row.status == "ACTIVE" for row in rows)
    for item in items:
        _count(run, item["item_group"])
    return True


async def import_next(work: UnitOfWork, run: ContactImport, our_contacts: OurContacts) -> bool:
    """Import the next contacts; gives whether there were any."""
    items = await ContactImportItemRepository(work).waiting(run.source_id, run.done_up_to, IMPORTED_AT_ONCE)
    if not items:
        return False
    await our_contacts.refresh(work)
    parts = MirrorPartRepository(work, run.organisation_id)
    rows = await parts.rows_of([item.xero_contact_id for item in items])
    chosen = {contact_id for item in items for contact_id in (item.decided_contact_id, item.contact_id) if contact_id}
    page = await read_page(work, run.organisation_id, our_contacts, list(rows.values()), chosen)
    unavailable = Unavailable(await DecisionRepository(work, run.organisation_id).in_attempt(list(page.views)))
    steps: dict[UUID, Step] = {}
    for item in items:
        step = decide(item, rows.get(item.xero_contact_id), page, unavailable)
        steps[item.id] = step
        if step.contact_id is not None:
            unavailable.linked.add(step.contact_id)
    await _carry_out(work, run, items, steps, rows, page)
    run.done_up_to = items[-1].xero_contact_id
    return True


async def _carry_out(
    work: UnitOfWork,
    run: ContactImport,
    items: Sequence[ContactImportItem],
    steps: Mapping[UUID, Step],
    rows: Mapping[UUID, MirrorContact],
    page: Page,
) -> None:
    created = await _create(work, [item for item in items if steps[item.id].action == "create"], rows)
    links: dict[UUID, NewLink] = {}
    for item in items:
        step, new = steps[item.id], created.get(item.id)
        if new is not None:
            links[new.view.id] = _link(run, step, rows[item.xero_contact_id], new.view, page, new.remarks)
        elif step.contact_id is not None:
            links[step.contact_id] = _link(run, step, rows[item.xero_contact_id], page.views[step.contact_id], page)
    await link(work, run.organisation_id, links)
    for item in items:
        _settle(run, item, steps[item.id], rows.get(item.xero_contact_id), page)
        if (new := created.get(item.id)) is not None:
            item.contact_id, item.contact_name, item.problems = new.view.id, new.view.display_name, as_rows(new.remarks)


@dataclass(frozen=True)
class _Created:
    """A new contact of ours, and what Xero has that it has not."""

    view: ContactView
    remarks: Sequence[Problem]


async def _create(
    work: UnitOfWork, items: Sequence[ContactImportItem], rows: Mapping[UUID, MirrorContact]
) -> dict[UUID, _Created]:
    """Create a contact of ours for each of these items; gives them by item."""
    new = [imported_contact(rows[item.xero_contact_id], item.roles) for item in items]
    contacts = ContactService(work)
    ids = await contacts.create_all([each.content for each in new])
    views = await contacts.views(ids)
    created: dict[UUID, _Created] = {}
    for item, contact_id, each in zip(items, ids, new, strict=True):
        remarks = [replace(remark, fix=page_of_contact(contact_id, remark)) for remark in each.remarks]
        created[item.id] = _Created(views[contact_id], remarks)
    return created


def _link(
    run: ContactImport,
    step: Step,
    row: MirrorContact,
    view: ContactView,
    page: Page,
    remarks: Sequence[Problem] = (),
) -> NewLink:
    """The link of ours to this contact of Xero, with a remark if Xero has other details."""
    different = remarkable(compare(view, row, send_payer_reference=page.use_reference))
    decided_by = step.decided_by or "created"
    return NewLink(
        row.xero_contact_id,
        decided_by,
        step.evidence,
        run.started_by if decided_by == "person" else None,
        [*remarks, *([differs(different, view.id, view.display_name)] if different else [])],
        base=linked_base(our_values(view, send_payer_reference=page.use_reference), their_values(row)),
    )


def _settle(run: ContactImport, item: ContactImportItem, step: Step, row: MirrorContact | None, page: Page) -> None:
    """Store what was done, and what the contact is for us now."""
    item.result, item.problems = step.result, as_rows(step.problems)
    if step.result is not None:
        _count(run, step.result)
    if row is not None and item.xero_contact_id in page.groups:
        contact_id = step.contact_id or step.grouped.contact_id
        shown = _item_row(run, row, replace(step.grouped, contact_id=contact_id), page)
        for name in ("item_group", "contact_id", "contact_name", "evidence", "differs", "possible_duplicates"):
            setattr(item, name, shown[name])
        if step.result != ItemResult.UNDECIDED or not step.problems:
            return
        item.xero, item.decision, item.decided_contact_id = shown["xero"], None, None


def _item_row(run: ContactImport, row: MirrorContact, grouped: Grouped, page: Page) -> ItemRow:
    ours = page.views.get(grouped.contact_id) if grouped.contact_id else None
    return {
        "id": uuid7(),
        "import_id": run.source_id,
        "xero_contact_id": row.xero_contact_id,
        "name_key": row.name_key,
        "xero": snapshot(row),
        "item_group": grouped.group,
        "contact_id": ours.id if ours else None,
        "contact_name": ours.display_name if ours else None,
        "evidence": list(grouped.evidence),
        "differs": differences(ours, row) if ours else [],
        "possible_duplicates": [
            {"id": encode("con", contact_id), "name": page.among.ours[contact_id].name}
            for contact_id in grouped.possible_duplicates
        ],
        "roles": list(roles_of(row, run.roles)),
        "problems": [],
    }


def _count(run: ContactImport, name: str) -> None:
    setattr(run, name, getattr(run, name) + 1)
