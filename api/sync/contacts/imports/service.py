"""Starting and following imports of contacts, deciding about possible duplicates, and the offer to import."""

from collections.abc import Mapping, Sequence
from typing import Final, Literal
from uuid import UUID

from api.identity.audit.service import record_event
from api.identity.lists import RowList
from api.platform.db.reads import STATEMENTS
from api.platform.db.work import UnitOfWork
from api.platform.errors import Conflict, FieldError, Invalid, limited_errors
from api.platform.http.paging import Paging, Slice
from api.platform.ids import encode
from api.platform.log import current_request_id
from api.platform.problems import Fix
from api.records.contacts.service import ContactService
from api.sync.connections.schemas import LastSyncOut
from api.sync.connections.service import ConnectionService
from api.sync.contacts.imports.models import ContactImport, ContactImportItem
from api.sync.contacts.imports.problems import page_of
from api.sync.contacts.imports.repository import (
    ContactImportItemRepository,
    ContactImportRepository,
    ImportOfferRepository,
    UnknownImport,
)
from api.sync.contacts.imports.rows import DecisionRow
from api.sync.contacts.imports.schemas import (
    ContactImportIn,
    ContactImportOut,
    GroupDecisionIn,
    ItemDecisionIn,
    values_of_import,
)
from api.sync.contacts.imports.states import (
    WORK_GROUPS,
    ImportMode,
    ImportState,
    ItemDecision,
    ItemGroup,
    ItemResult,
)
from api.sync.ledger.service import LedgerService

__all__ = ["IMPORT_LIST", "ContactImportService", "ImportRunning", "UnknownImport", "last_contact_import"]

OfferState = Literal["open", "put_off", "done"]
_SETTLED = (ItemResult.IMPORTED, ItemResult.LINKED)


class ImportRunning(Conflict):
    code, title = "import_running", "Contacts are being imported already"
    remedy = "Follow the import at the address in Location, and start another one when it is finished."


async def last_contact_import(work: UnitOfWork) -> list[LastSyncOut]:
    """When contacts were last imported, for the connection; none is planned by itself."""
    at = await ContactImportRepository(work).last_finished_at()
    return [LastSyncOut(kind="contact_import", at=at, next_at=None)]


class ContactImportService:
    """The imports of the business at work."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._imports = ContactImportRepository(work)
        self._items = ContactImportItemRepository(work)

    async def start(self, wanted: ContactImportIn, *, started_by: str) -> ContactImport:
        """Queue a preview or an import. Raises NotConnectedYet, ImportRunning or Invalid."""
        connection = await ConnectionService(self._work).require_live()
        await self._require_none_open()
        source = await self._source(wanted.preview_id, connection.organisation_id) if wanted.preview_id else None
        if source is not None:
            await self._decide(source, wanted)
        run = ContactImport(
            organisation_id=connection.organisation_id,
            organisation_name=connection.organisation_name,
            mode=wanted.mode,
            preview_id=source.source_id if source else None,
            roles=list(wanted.roles or ()),
            started_by=started_by,
            actor=self._work.actor,
            request_id=current_request_id(),
            next_due=await self._work.now(),
        )
        for count in ("read", *ItemGroup) if source is not None else ():
            setattr(run, count, getattr(source, count))
        await self._imports.add(run)
        record_event(self._work, "contact_import.started", subject=encode("cim", run.id), mode=run.mode)
        self._work.wake_after_commit("contact_imports.run", self._work.business_id)
        return run

    async def _require_none_open(self) -> None:
        await self._imports.lock()
        present = await self._imports.open()
        if present is not None:
            public_id = encode("cim", present.id)
            raise ImportRunning(
                fix=Fix("Open the import", page_of(present.id)),
                headers={"Location": f"/api/v1/contact-imports/{public_id}"},
            )

    async def _source(self, preview_id: UUID, organisation_id: UUID) -> ContactImport:
        """The import that has the items; Invalid when it is unknown, another organisation's, or not done."""
        try:
            preview = await self._imports.get(preview_id)
        except UnknownImport:
            detail = "There is no such preview. Start a new one."
            raise Invalid(errors=[_at("unknown_preview", detail, "#/preview_id")]) from None
        if preview.organisation_id != organisation_id:
            detail = f"This preview shows contacts of {preview.organisation_name}. Start a new one."
            raise Invalid(errors=[_at("preview_of_other_organisation", detail, "#/preview_id")])
        if preview.state != ImportState.DONE:
            detail = "This preview was not finished. Start a new one."
            raise Invalid(errors=[_at("preview_not_done", detail, "#/preview_id")])
        return preview

    async def _decide(self, source: ContactImport, wanted: ContactImportIn) -> None:
        decisions = wanted.decisions
        items = await self._items.of(source.source_id, [each.item_id for each in decisions])
        contact_ids = {each.contact_id for each in decisions if each.contact_id is not None}
        known = await ContactService(self._work).known(contact_ids) if contact_ids else set()
        errors = _errors(decisions, items, known)
        if wanted.decision_for_group is not None and (error := _error_of_group(wanted.decision_for_group)) is not None:
            errors.append(error)
        if errors:
            raise Invalid(errors=limited_errors(errors, lambda error: error))
        await self._items.reopen(source.source_id)
        if wanted.roles:
            await self._items.set_roles(source.source_id, wanted.roles)
        if wanted.decision_for_group is not None:
            whole = wanted.decision_for_group
            await self._items.decide_group(source.source_id, ItemGroup(whole.group), whole.decision)
        if decisions:
            rows = [DecisionRow(each.item_id, each.decision, each.contact_id, each.roles) for each in decisions]
            await self._items.decide(source.source_id, rows)

    async def items(self, import_id: UUID, paging: Paging, group: ItemGroup | None, result: ItemResult | None) -> Slice:
        """The contacts of Xero in an import, by name. Raises UnknownImport."""
        run = await self._imports.get(import_id)
        return await self._items.page(run.source_id, paging, group, result)

    async def short_code(self) -> str | None:
        """What addresses inside Xero's screens need, once it is known."""
        return await LedgerService(self._work).short_code()

    async def offer(self) -> OfferState:
        """Whether the import from the connected organisation is offered. Raises NotConnectedYet."""
        return _shown(await (await self._offers()).state())

    async def put_off(self, *, is_put_off: bool) -> OfferState:
        """Put the offer off or back. Raises NotConnectedYet."""
        offers = await self._offers()
        await offers.set("put_off" if is_put_off else None)
        return _shown(await offers.state())

    async def _offers(self) -> ImportOfferRepository:
        connection = await ConnectionService(self._work).require_live()
        return ImportOfferRepository(self._work, connection.organisation_id)


IMPORT_LIST: Final = RowList[ImportMode | None](
    ContactImportOut,
    ContactImportRepository(STATEMENTS).listed,
    None,
    by=ContactImport.created_at,
    descending=True,
    values=values_of_import,
    missing=UnknownImport,
)


def _shown(state: str | None) -> OfferState:
    if state == "done":
        return "done"
    return "put_off" if state == "put_off" else "open"


def _errors(
    decisions: Sequence[ItemDecisionIn], items: Mapping[UUID, ContactImportItem], known: set[UUID]
) -> list[FieldError]:
    """Everything that is wrong with the decisions, each with its place in the body."""
    errors: list[FieldError] = []
    seen: set[UUID] = set()
    for index, each in enumerate(decisions):
        item, root = items.get(each.item_id), f"#/decisions/{index}"
        if item is None:
            detail = "There is no such contact in this preview. Send an `id` that its items have."
            errors.append(_at("unknown_item", detail, f"{root}/item_id"))
            continue
        if each.item_id in seen:
            errors.append(_at("decided_twice", "Decide about each contact once.", f"{root}/item_id"))
        seen.add(each.item_id)
        if item.item_group not in WORK_GROUPS or item.result in _SETTLED:
            errors.append(_at("nothing_to_decide", "This contact is linked already.", f"{root}/item_id"))
        if each.contact_id is not None and each.contact_id not in known:
            errors.append(_at("unknown_contact", "There is no such contact.", f"{root}/contact_id"))
        if each.contact_id is not None and each.decision != ItemDecision.SAME:
            errors.append(_at("contact_unused", "Only `same` takes a contact.", f"{root}/contact_id"))
        if each.decision == ItemDecision.SAME and each.contact_id is None and item.contact_id is None:
            errors.append(_at("contact_needed", "Say which of your contacts it is.", f"{root}/contact_id"))
    return errors


def _error_of_group(whole: GroupDecisionIn) -> FieldError | None:
    if ItemGroup(whole.group) == ItemGroup.NEW and whole.decision == ItemDecision.SAME:
        detail = "New contacts resemble none of yours. Decide about them one by one, with a `contact_id`."
        return _at("contact_needed", detail, "#/decision_for_group/decision")
    return None


def _at(code: str, detail: str, pointer: str) -> FieldError:
    return FieldError(code, detail, pointer=pointer)
