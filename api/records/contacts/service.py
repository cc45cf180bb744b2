"""Contacts of a business."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery

from api.identity.audit.service import AuditService, History, record_event, record_events
from api.identity.lists import RowList
from api.platform.db.reads import STATEMENTS
from api.platform.db.work import UnitOfWork
from api.platform.errors import NotFound
from api.platform.http.paging import Paging
from api.platform.http.versions import ANY_VERSION, ExpectedVersion
from api.platform.ids import encode, uuid7
from api.platform.problems import ProblemRow
from api.platform.states import move
from api.records.batch import Batch, Element
from api.records.clashes import ExternalIdTaken, refuse_taken, refuse_used
from api.records.contacts.models import Contact
from api.records.contacts.repository import ContactRepository
from api.records.contacts.schemas import ContactChange, ContactFilter, ContactIn, ContactOut
from api.records.contacts.states import MATCHED, SYNC_TRANSITIONS, SyncMark, SyncState
from api.records.content import content_of, revised, write
from api.records.preferences.service import PreferencesService
from api.records.text import search_key

__all__ = ["CONTACT_LIST", "ContactName", "ContactService", "ContactView", "SyncMark", "SyncState"]

_IN_LEDGER = MATCHED | {"address"}
_NAMES = {"kind", "name", "first_name", "last_name"}


@dataclass(frozen=True)
class ContactView:
    """The content of a contact and its display name."""

    id: UUID
    kind: str
    name: str | None
    first_name: str | None
    last_name: str | None
    roles: list[str]
    email: str | None
    phone: str | None
    address: dict[str, Any] | None
    tax_number: str | None
    payer_reference: str | None
    external_id: str | None
    sync_state: str
    external_url: str | None
    problems: list[ProblemRow]
    remarks: list[ProblemRow]
    asked_as: str | None
    created_at: datetime
    updated_at: datetime
    display_name: str


@dataclass(frozen=True)
class ContactName:
    """What a contact is called, its payer reference, and the name under which a question about it was asked."""

    id: UUID
    display_name: str
    payer_reference: str | None
    asked_as: str | None


class ContactService:
    """The contacts of one business."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._contacts = ContactRepository(work)

    async def get(self, contact_id: UUID) -> ContactView:
        """Read one contact. Raises NotFound."""
        view = (await self.views([contact_id])).get(contact_id)
        if view is None:
            raise NotFound
        return view

    async def views(self, ids: Collection[UUID]) -> dict[UUID, ContactView]:
        """The contacts of this business with these ids."""
        if not ids:
            return {}
        rows = await self._contacts.views(self._name_format, ids)
        return {row.id: ContactView(*row) for row in rows}

    def table(self, person_name_format: str | None = None) -> Subquery:
        """The views of this business and their sort names, for statements of other packages to join."""
        return self._contacts.table(person_name_format or self._name_format)

    async def ids_after(self, contact_id: UUID | None, limit: int) -> Sequence[UUID]:
        """The ids of contacts that follow this one, in their order, for reading all of them piece by piece."""
        return await self._contacts.ids_after(contact_id, limit)

    async def known(self, contact_ids: Collection[UUID]) -> set[UUID]:
        """The ids that belong to contacts of this business."""
        return set(await self._contacts.by(Contact.id, set(contact_ids)))

    async def ids_of(self, external_ids: Collection[str]) -> dict[str, UUID]:
        """The ids of the contacts with these external ids, by external id."""
        rows = await self._contacts.by(Contact.external_id, set(external_ids))
        return {external_id: row.id for external_id, row in rows.items()}

    async def ids_in(self, state: SyncState) -> set[UUID]:
        """The ids of the contacts in this state."""
        return await self._contacts.ids_in(state)

    async def names(self, *, updated_since: datetime | None = None) -> list[ContactName]:
        """Every contact of this business by its name, or those changed since an instant."""
        rows = await self._contacts.names(self._name_format, updated_since)
        return [ContactName(*row) for row in rows]

    async def history(self, contact_id: UUID, paging: Paging) -> History:
        """What was done with the contact, newest first. Raises NotFound."""
        await self._contacts.get(contact_id)
        return await AuditService(self._work).history(paging, encode("con", contact_id))

    async def create(self, content: ContactIn) -> ContactView:
        """Create a contact. Raises ExternalIdTaken."""
        await refuse_taken(self._contacts, Contact.external_id, content.external_id, ExternalIdTaken)
        contact = self._new(content)
        await self._work.session.flush()
        return await self.get(contact.id)

    async def create_all(self, contents: Sequence[ContactIn]) -> list[UUID]:
        """Create contacts without external ids; gives their ids in the same order."""
        rows = [{"id": uuid7(), "sort_name": _sort_name(each), **each.model_dump()} for each in contents]
        await self._contacts.insert(rows)
        await record_events(self._work, "contacts.create", [encode("con", row["id"]) for row in rows])
        return [row["id"] for row in rows]

    async def change(
        self, contact_id: UUID, change: ContactChange, expected: ExpectedVersion = ANY_VERSION
    ) -> ContactView:
        """Apply a merge-patch. A contact in step with the ledger becomes `changed`; an unsure one is matched again."""
        contact = await self._contacts.get(contact_id, locked=True)
        await expected.check(ContactOut, lambda: self.get(contact_id))
        content = revised(ContactIn, contact, change)
        await refuse_taken(self._contacts, Contact.external_id, content.external_id, ExternalIdTaken, owner=contact.id)
        self._write(contact, content)
        await self._work.session.flush()
        return await self.get(contact_id)

    async def delete(self, contact_id: UUID, expected: ExpectedVersion = ANY_VERSION) -> None:
        """Delete a contact. Raises InUse when a job or an invoice uses it."""
        contact = await self._contacts.get(contact_id, locked=True)
        await expected.check(ContactOut, lambda: self.get(contact_id))
        await refuse_used(self._work, contact)
        await self._contacts.delete(contact)

    async def upsert(self, raw: Sequence[Any]) -> list[Element[ContactIn]]:
        """Create or merge-patch each element by its external id; returns the elements in the order of the request."""
        batch = Batch(ContactIn, raw)
        rows = await self._contacts.by(Contact.external_id, batch.external_ids)
        batch.read({external_id: content_of(ContactIn, row) for external_id, row in rows.items()})
        batch.store(rows, self._new, self._write)
        await self._work.session.flush()
        return batch.elements

    async def mark(self, marks: Mapping[UUID, SyncMark]) -> None:
        """Store the states of contacts in the ledger; unknown contacts are left out."""
        if marks:
            await self._contacts.mark(marks, self._name_format)

    def _new(self, content: ContactIn) -> Contact:
        contact = Contact(id=uuid7(), business_id=self._work.business_id, **content.model_dump())
        contact.sort_name = _sort_name(content)
        self._work.session.add(contact)
        record_event(self._work, "contacts.create", subject=encode("con", contact.id))
        return contact

    def _write(self, contact: Contact, content: ContactIn) -> bool:
        changed = write(contact, content)
        if not changed:
            return False
        record_event(self._work, "contacts.change", subject=encode("con", contact.id), fields=sorted(changed))
        contact.sort_name = _sort_name(content)
        if changed & _NAMES:
            contact.asked_as = None
        after = _state_after(contact, changed)
        if after == SyncState.UNSURE and changed & _IN_LEDGER:  # the change may have made both sides the same
            self._work.wake_after_commit("contacts.restate_unsure", self._work.business_id)
        if after != contact.sync_state:
            move(contact, SYNC_TRANSITIONS, after)
            contact.problems = []
        return True

    @property
    def _name_format(self) -> ColumnElement[str]:
        return PreferencesService(self._work).name_format()


def _matching(wanted: ContactFilter) -> Select[*tuple[Any, ...]]:
    return ContactRepository(STATEMENTS).filtered(PreferencesService(STATEMENTS).name_format(), wanted)


CONTACT_LIST: Final = RowList(ContactOut, _matching, ContactFilter(), by=Contact.sort_name)


def _state_after(contact: Contact, changed: set[str]) -> SyncState:
    """The state after a change of these fields. Only a contact of the ledger has an `external_url`.

    A problem with choices waits for an answer: a change is none.
    """
    state = SyncState(contact.sync_state)
    if state == SyncState.UNSURE and any(problem["choices"] for problem in contact.problems):
        return state
    if state in (SyncState.IN_STEP, SyncState.CHANGED):
        is_agreed = contact.agreed_content is not None and contact.agreed_content == _content(contact)
        return SyncState.IN_STEP if is_agreed else SyncState.CHANGED
    if state == SyncState.NOT_SENT or not changed & _IN_LEDGER:
        return state
    if contact.external_url is not None:
        return SyncState.CHANGED
    return SyncState.NOT_SENT if state == SyncState.FAILED or changed & MATCHED else state


def _content(contact: Contact) -> dict[str, Any]:
    """What the ledger can have of a contact; an address without its empty parts."""
    address = {part: value for part, value in (contact.address or {}).items() if value}
    return {name: getattr(contact, name) for name in _IN_LEDGER} | {"address": address}


def _sort_name(content: ContactIn) -> str:
    return search_key(content.name or ", ".join(filter(None, (content.last_name, content.first_name))))
