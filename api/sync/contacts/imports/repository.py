"""Imports of one business, their items, the offer, and the parts of the mirror that an import reads."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Text,
    Uuid,
    cast,
    column,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from api.platform.clock import app_now, is_in_future
from api.platform.db.lease import Lease, LeaseTiming, is_free, take
from api.platform.db.locks import LockClass, acquire
from api.platform.db.repository import Repository, is_any_of
from api.platform.db.work import UnitOfWork
from api.platform.errors import NotFound
from api.platform.http.paging import Paging, Slice, keyset_page
from api.sync.contacts.candidates import Link
from api.sync.contacts.imports.models import ContactImport, ContactImportItem, ContactImportOffer
from api.sync.contacts.imports.rows import DecisionRow
from api.sync.contacts.imports.states import (
    OPEN_STATES,
    WORK_GROUPS,
    ImportMode,
    ImportState,
    ItemDecision,
    ItemGroup,
    ItemResult,
)
from api.sync.contacts.models import ContactLink, MirrorContact
from api.sync.contacts.repository import LINKED

_LONGEST_CHAIN = 10  # merges one after another
ItemRow = Mapping[str, Any]


class UnknownImport(NotFound):
    code, title = "unknown_import", "There is no such import"


class ContactImportRepository(Repository[ContactImport]):
    """At most one of them is open."""

    model = ContactImport
    missing = UnknownImport

    async def lock(self) -> None:
        """Wait until no other request of the business starts an import."""
        await self.session.execute(acquire(LockClass.CONTACT_IMPORT, str(self.business_id)))

    async def open(self) -> ContactImport | None:
        """The import that is not finished."""
        row: ContactImport | None = await self.session.scalar(self.rows().where(ContactImport.state.in_(OPEN_STATES)))
        return row

    async def last_finished_at(self) -> datetime | None:
        """When contacts were last imported; None if they never were."""
        done = self.rows().where(ContactImport.mode == ImportMode.APPLY, ContactImport.state == ImportState.DONE)
        at: datetime | None = await self.session.scalar(done.with_only_columns(func.max(ContactImport.finished_at)))
        return at

    def listed(self, mode: ImportMode | None) -> Select[*tuple[Any, ...]]:
        """Select the imports as they are listed, or those of one mode."""
        own = self.rows().with_only_columns(*ContactImport.__table__.columns)
        return own if mode is None else own.where(ContactImport.mode == mode)

    async def claim(self, timing: LeaseTiming) -> tuple[ContactImport, Lease] | None:
        """The open import and the lease on it, if it is due and no other worker has it."""
        row = await self.open()
        if row is None:
            return None
        lease = await take(self.work, ContactImport, ContactImport.id == row.id, timing, _due())
        return (row, lease) if lease is not None else None


class ContactImportItemRepository(Repository[ContactImportItem]):
    """The contacts of Xero in the imports of a business."""

    model = ContactImportItem

    async def page(self, import_id: UUID, paging: Paging, group: ItemGroup | None, result: ItemResult | None) -> Slice:
        """List the items of an import by name."""
        item = ContactImportItem
        own = self.rows().with_only_columns(*item.__table__.columns).where(item.import_id == import_id)
        if group is not None:
            own = own.where(item.item_group == group)
        if result is not None:
            own = own.where(item.result == result)
        return await keyset_page(self.session, own, paging, by=item.name_key, tie=item.id)

    async def add_all(self, rows: Sequence[ItemRow]) -> None:
        """Store items; those that are there already stay as they are."""
        own = [{"business_id": self.business_id, **row} for row in rows]
        if own:
            await self.session.execute(insert(ContactImportItem).on_conflict_do_nothing(), own)

    async def counts(self, import_id: UUID) -> dict[str, int]:
        """The number of items in each group."""
        item = ContactImportItem
        statement = select(item.item_group, func.count()).where(
            item.business_id == self.business_id, item.import_id == import_id
        )
        counted = dict.fromkeys(map(str, ItemGroup), 0)
        return counted | {row[0]: row[1] for row in await self.session.execute(statement.group_by(item.item_group))}

    async def of(self, import_id: UUID, item_ids: Collection[UUID]) -> dict[UUID, ContactImportItem]:
        """Those of these ids that are items of the import."""
        statement = self.rows().where(
            ContactImportItem.import_id == import_id, is_any_of(ContactImportItem.id, item_ids)
        )
        return {row.id: row for row in (await self.session.execute(statement)).scalars()}

    async def decide_group(self, import_id: UUID, group: ItemGroup, decision: ItemDecision) -> None:
        """Decide about all items of a group that are not settled."""
        await self.session.execute(
            self._unsettled(import_id)
            .where(ContactImportItem.item_group == group)
            .values(decision=decision, decided_contact_id=None, result=None, problems=[])
        )

    async def decide(self, import_id: UUID, decisions: Sequence[DecisionRow]) -> None:
        """Decide about single items that are not settled."""
        columns = (
            column("id", Uuid()),
            column("decision", Text()),
            column("contact_id", Uuid()),
            column("roles", Text()),
        )
        arrays = (
            _array(Uuid(), [row.item_id for row in decisions]),
            _array(Text(), [row.decision.value for row in decisions]),
            _array(Uuid(), [row.contact_id for row in decisions]),
            _array(Text(), [",".join(row.roles) if row.roles else None for row in decisions]),
        )
        given = func.unnest(*arrays).table_valued(*columns, name="given").render_derived()
        roles = func.string_to_array(given.c.roles, ",")
        await self.session.execute(
            self._unsettled(import_id)
            .where(ContactImportItem.id == given.c.id)
            .values(
                decision=given.c.decision,
                decided_contact_id=given.c.contact_id,
                roles=func.coalesce(roles, ContactImportItem.roles),
                result=None,
                problems=[],
            )
        )

    async def reopen(self, import_id: UUID) -> None:
        """Have another import try what the last one left undecided or failed at."""
        results = (ItemResult.UNDECIDED, ItemResult.FAILED)
        await self.session.execute(
            self._unsettled(import_id).where(ContactImportItem.result.in_(results)).values(result=None, problems=[])
        )

    async def set_roles(self, import_id: UUID, roles: Sequence[str]) -> None:
        """The roles of those that Xero calls neither customer nor supplier."""
        flags = [ContactImportItem.xero[name].as_boolean() for name in ("is_customer", "is_supplier")]
        neither = self._unsettled(import_id).where(*(flag.is_(False) for flag in flags))
        await self.session.execute(neither.values(roles=sorted(roles)[:1]))

    def _unsettled(self, import_id: UUID) -> Any:
        settled = (ItemResult.IMPORTED, ItemResult.LINKED)
        item = ContactImportItem
        return (
            update(item)
            .where(
                item.business_id == self.business_id,
                item.import_id == import_id,
                item.item_group.in_(WORK_GROUPS),
                or_(item.result.is_(None), item.result.not_in(settled)),
            )
            .values(updated_at=app_now())
            .execution_options(synchronize_session=False)
        )

    async def waiting(self, import_id: UUID, after: UUID | None, limit: int) -> Sequence[ContactImportItem]:
        """The next items without a result, in the order of Xero's ids."""
        item = ContactImportItem
        statement = self.rows().where(
            item.import_id == import_id, item.item_group.in_(WORK_GROUPS), item.result.is_(None)
        )
        if after is not None:
            statement = statement.where(item.xero_contact_id > after)
        statement = statement.order_by(item.xero_contact_id).limit(limit)
        return list((await self.session.execute(statement)).scalars())


class MirrorPartRepository(Repository[MirrorContact]):
    """The mirror of one organisation in parts, and the links that lead to them."""

    model = MirrorContact

    def __init__(self, work: UnitOfWork, organisation_id: UUID) -> None:
        super().__init__(work)
        self._organisation_id = organisation_id
        self._own_links = (ContactLink.business_id == work.business_id, ContactLink.organisation_id == organisation_id)

    def rows(self) -> Select[Any]:
        """A statement for every mirrored contact of the organisation."""
        return super().rows().where(MirrorContact.organisation_id == self._organisation_id)

    async def after(self, xero_contact_id: UUID | None, limit: int) -> Sequence[MirrorContact]:
        """The next contacts in the order of Xero's ids, archived ones included."""
        statement = self.rows()
        if xero_contact_id is not None:
            statement = statement.where(MirrorContact.xero_contact_id > xero_contact_id)
        statement = statement.order_by(MirrorContact.xero_contact_id).limit(limit)
        return list((await self.session.execute(statement)).scalars())

    async def rows_of(self, xero_contact_ids: Collection[UUID]) -> dict[UUID, MirrorContact]:
        """Those of these contacts that the mirror has."""
        statement = self.rows().where(is_any_of(MirrorContact.xero_contact_id, xero_contact_ids))
        return {row.xero_contact_id: row for row in (await self.session.execute(statement)).scalars()}

    async def merged_into(self, xero_contact_ids: Collection[UUID]) -> Sequence[MirrorContact]:
        """The contacts that were merged into these, directly or by others."""
        rows: dict[UUID, MirrorContact] = {}
        targets: Collection[UUID] = xero_contact_ids
        for _ in range(_LONGEST_CHAIN):
            statement = self.rows().where(is_any_of(MirrorContact.merged_to, targets))
            new = [row for row in (await self.session.execute(statement)).scalars() if row.xero_contact_id not in rows]
            if not new:
                break
            rows |= {row.xero_contact_id: row for row in new}
            targets = [row.xero_contact_id for row in new]
        return list(rows.values())

    async def links_to(self, xero_contact_ids: Collection[UUID]) -> list[Link]:
        """The links that lead to these contacts in any way."""
        link = ContactLink
        statement = select(link.contact_id, link.xero_contact_id, link.decided_by).where(
            *self._own_links, is_any_of(link.xero_contact_id, xero_contact_ids), link.state.in_(LINKED)
        )
        rows = await self.session.execute(statement.order_by(link.id))
        return [Link(row.contact_id, row.xero_contact_id, row.decided_by) for row in rows]


class ImportOfferRepository:
    """Whether the import from an organisation is offered."""

    def __init__(self, work: UnitOfWork, organisation_id: UUID) -> None:
        self._session = work.session
        self._key = {"business_id": work.business_id, "organisation_id": organisation_id}

    async def state(self) -> str | None:
        """`put_off` or `done`; None if it is open."""
        state: str | None = await self._session.scalar(select(ContactImportOffer.state).filter_by(**self._key))
        return state

    async def set(self, state: Literal["put_off", "done"] | None) -> None:
        """Store what became of the offer, or that it is open. Once it is done it stays done."""
        is_put_off = ContactImportOffer.state == "put_off"
        if state is None:
            await self._session.execute(delete(ContactImportOffer).filter_by(**self._key).where(is_put_off))
            return
        statement = (
            insert(ContactImportOffer)
            .values(**self._key, state=state)
            .on_conflict_do_update(index_elements=list(self._key), set_={"state": state}, where=is_put_off)
        )
        await self._session.execute(statement)


async def businesses_due(work: UnitOfWork, timing: LeaseTiming, limit: int) -> Sequence[UUID]:
    """Businesses with an open import that is due and that nobody works on."""
    statement = select(ContactImport.business_id).where(
        ContactImport.state.in_(OPEN_STATES), _due(), is_free(ContactImport, timing)
    )
    return (await work.session.execute(statement.limit(limit))).scalars().all()


def _due() -> Any:
    return or_(ContactImport.next_due <= app_now(), is_in_future(ContactImport.updated_at))


def _array(kind: Uuid[Any] | Text, values: Sequence[Any]) -> ColumnElement[Any]:
    return cast(literal(list(values), ARRAY(kind)), ARRAY(kind))
