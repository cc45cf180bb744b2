"""The items of exports, and what their invoices have been refused for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    Row,
    Select,
    Subquery,
    Uuid,
    and_,
    bindparam,
    column,
    false,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, distinct_on

from api.platform.clock import app_now
from api.platform.db.repository import Repository, ids_parameter, is_any_of
from api.platform.ids import uuid7
from api.platform.states import require_transition, sql_in
from api.sync.exports.models import ExportItem, ExportRun, InvoiceLink
from api.sync.exports.schemas import ExportItemOut
from api.sync.exports.states import (
    ITEM_TRANSITIONS,
    OPEN_ITEMS,
    REFUSED,
    ItemState,
)

_SHOWN: Final = [getattr(ExportItem, name) for name in ExportItemOut.model_fields]
# Literally as in the indexes, which have the open or the refused items only.
_IS_OPEN = text(sql_in("export_items.state", OPEN_ITEMS))
_IS_REFUSED = text(sql_in("export_items.state", REFUSED))


@dataclass(frozen=True)
class ItemContact:
    """A contact of items. One without a place is neither linked for certain nor to be created."""

    contact_id: UUID
    items: int
    has_place: bool
    is_to_be_created: bool
    xero_contact_id: UUID | None  # of its link, in doubt or not


@dataclass(frozen=True)
class Refusal:
    """Where and when an invoice was refused."""

    organisation_id: UUID
    at: datetime


class ExportItemRepository(Repository[ExportItem]):
    """Items, in the order they were chosen."""

    model = ExportItem

    async def add_all(self, run: ExportRun, invoice_ids: Sequence[UUID], invoices: Subquery) -> None:
        """Store an item for each of these invoices, in this order, with what it copies from them."""
        ids = func.unnest(ids_parameter(invoice_ids), ids_parameter([uuid7() for _ in invoice_ids]))
        columns = (column("invoice_id", Uuid), column("id", Uuid))
        chosen = ids.table_valued(*columns, with_ordinality="place", name="chosen").render_derived()
        copied = {
            name: invoices.c[name] for name in ("contact_id", "kind", "number", "contact_name", "total", "currency")
        }
        values = {
            "id": chosen.c.id,
            "business_id": literal(self.business_id),
            "run_id": literal(run.id),
            "position": chosen.c.place - 1,
            "invoice_id": invoices.c.id,
            "invoice_version": invoices.c.version,
            "problems": literal([], JSONB),
            "remarks": literal([], JSONB),
            **copied,
        }
        rows = select(*values.values()).join_from(chosen, invoices, invoices.c.id == chosen.c.invoice_id)
        await self.session.execute(insert(ExportItem).from_select(list(values), rows))

    def of_run(self, state: ItemState | None) -> Select[*tuple[Any, ...]]:
        """Select the items of the run that is the parameter `parent_id`, or those of them in a state."""
        own = select(*_SHOWN, ExportItem.position).where(
            ExportItem.business_id == self.business_id, ExportItem.run_id == bindparam("parent_id", type_=Uuid())
        )
        return own if state is None else own.where(ExportItem.state == state)

    async def totals(self, item_ids: Sequence[UUID]) -> dict[UUID, Decimal]:
        """The total of each of these items."""
        statement = select(ExportItem.id, ExportItem.total).where(
            ExportItem.business_id == self.business_id, is_any_of(ExportItem.id, item_ids)
        )
        return {row.id: row.total for row in await self.session.execute(statement)}

    async def invoices_in_states(self, run_id: UUID, states: Sequence[ItemState]) -> Sequence[UUID]:
        """The invoices of a run whose items are in these states."""
        statement = select(ExportItem.invoice_id).where(
            ExportItem.business_id == self.business_id, ExportItem.run_id == run_id, ExportItem.state.in_(states)
        )
        return (await self.session.execute(statement.order_by(ExportItem.position))).scalars().all()

    async def locked(self, item_ids: Sequence[UUID]) -> dict[UUID, ExportItem]:
        """These items, locked in id order so that two writers never wait for each other."""
        statement = self.rows().where(ExportItem.id.in_(item_ids)).order_by(ExportItem.id).with_for_update()
        return {row.id: row for row in (await self.session.execute(statement)).scalars()}

    async def in_states(self, run_id: UUID, states: Sequence[ItemState], limit: int) -> Sequence[ExportItem]:
        """Items of a run in these states, locked."""
        statement = self.rows().where(ExportItem.run_id == run_id, ExportItem.state.in_(states))
        rows = await self.session.execute(statement.order_by(ExportItem.position).limit(limit).with_for_update())
        return list(rows.scalars())

    async def pending(self, run_id: UUID, organisation_id: UUID, limit: int) -> dict[ExportItem, UUID | None]:
        """Items of a run to be checked, locked, each with the document that its invoice is linked to already."""
        is_of_invoice = and_(
            InvoiceLink.invoice_id == ExportItem.invoice_id, InvoiceLink.organisation_id == organisation_id
        )
        statement = (
            select(ExportItem, InvoiceLink.xero_invoice_id)
            .outerjoin(InvoiceLink, is_of_invoice)
            .where(
                ExportItem.business_id == self.business_id,
                ExportItem.run_id == run_id,
                ExportItem.state == ItemState.PENDING,
            )
            .order_by(ExportItem.position)
            .limit(limit)
            .with_for_update(of=ExportItem)
        )
        return {row[0]: row[1] for row in await self.session.execute(statement)}

    async def sendable(self, run_id: UUID, places: Subquery, limit: int) -> list[tuple[ExportItem, UUID]]:
        """The first ready items of a run whose contacts are linked, locked, each with Xero's contact."""
        statement = (
            select(ExportItem, places.c.xero_contact_id)
            .join(places, places.c.contact_id == ExportItem.contact_id)
            .where(
                ExportItem.business_id == self.business_id,
                ExportItem.run_id == run_id,
                ExportItem.state == ItemState.READY,
                places.c.is_linked,
            )
            .order_by(ExportItem.position)
            .limit(limit)
            .with_for_update(of=ExportItem)
        )
        return [(row[0], row[1]) for row in await self.session.execute(statement)]

    async def contacts(
        self, run_ids: Sequence[UUID], states: Sequence[ItemState], places: Subquery
    ) -> list[ItemContact]:
        """The contacts of the items of these runs in these states."""
        statement = (
            select(
                ExportItem.contact_id,
                func.count(),
                func.coalesce(places.c.has_place, false()),
                func.coalesce(places.c.is_to_be_created, false()),
                places.c.xero_contact_id,
            )
            .outerjoin(places, places.c.contact_id == ExportItem.contact_id)
            .where(
                ExportItem.business_id == self.business_id,
                is_any_of(ExportItem.run_id, run_ids),
                ExportItem.state.in_(states),
            )
            .group_by(ExportItem.contact_id, places.c.has_place, places.c.is_to_be_created, places.c.xero_contact_id)
        )
        return [ItemContact(*row) for row in await self.session.execute(statement)]

    async def make_ready(self, item_ids: Sequence[UUID]) -> None:
        """Make pending items ready."""
        require_transition(ITEM_TRANSITIONS, ItemState.PENDING, ItemState.READY)
        statement = update(ExportItem).where(
            ExportItem.business_id == self.business_id,
            is_any_of(ExportItem.id, item_ids),
            ExportItem.state == ItemState.PENDING,
        )
        await self.session.execute(
            statement.values(state=ItemState.READY, updated_at=app_now()),
            execution_options={"synchronize_session": False},
        )

    async def ready_for(self, run_id: UUID, contact_ids: Sequence[UUID]) -> Sequence[ExportItem]:
        """The ready items of a run for these contacts, locked."""
        statement = self.rows().where(
            ExportItem.run_id == run_id, ExportItem.state == ItemState.READY, ExportItem.contact_id.in_(contact_ids)
        )
        return list((await self.session.execute(statement.order_by(ExportItem.id).with_for_update())).scalars())

    async def exported_before(self, run: ExportRun, contact_ids: Sequence[UUID]) -> set[UUID]:
        """Those of the contacts that have an exported invoice of another run in the organisation of this one."""
        statement = (
            select(ExportItem.contact_id)
            .join(ExportRun, ExportRun.id == ExportItem.run_id)
            .where(
                ExportItem.business_id == self.business_id,
                ExportItem.contact_id.in_(contact_ids),
                ExportItem.state == ItemState.EXPORTED,
                ExportItem.run_id != run.id,
                ExportRun.organisation_id == run.organisation_id,
            )
        )
        return set((await self.session.execute(statement)).scalars())

    async def open_runs_of(self, invoice_ids: Sequence[UUID]) -> dict[UUID, UUID]:
        """Invoices that stand in an open item, and its run."""
        statement = select(ExportItem.invoice_id, ExportItem.run_id).where(
            ExportItem.business_id == self.business_id,
            is_any_of(ExportItem.invoice_id, invoice_ids),
            _IS_OPEN,
        )
        return {row.invoice_id: row.run_id for row in await self.session.execute(statement)}

    async def items_of(self, invoice_ids: Collection[UUID], states: Sequence[ItemState]) -> Sequence[Row[Any]]:
        """The id and the run of each item of these invoices in these states, by run."""
        statement: Select[*tuple[Any, ...]] = select(ExportItem.id, ExportItem.run_id).where(
            ExportItem.business_id == self.business_id,
            is_any_of(ExportItem.invoice_id, invoice_ids),
            ExportItem.state.in_(states),
        )
        return (await self.session.execute(statement.order_by(ExportItem.run_id, ExportItem.position))).all()

    async def last_refusals(self, invoice_ids: Collection[UUID]) -> dict[UUID, Refusal]:
        """The last refusal of each of these invoices; one that never was refused is left out."""
        statement = (
            select(ExportItem.invoice_id, ExportRun.organisation_id, ExportItem.updated_at)
            .ext(distinct_on(ExportItem.invoice_id))
            .join(ExportRun, ExportRun.id == ExportItem.run_id)
            .where(
                ExportItem.business_id == self.business_id,
                is_any_of(ExportItem.invoice_id, invoice_ids),
                _IS_REFUSED,
            )
            .order_by(ExportItem.invoice_id, ExportItem.updated_at.desc())
        )
        return {row[0]: Refusal(row[1], row[2]) for row in await self.session.execute(statement)}

    async def move(self, run_id: UUID, states: Sequence[ItemState], after: ItemState) -> Sequence[UUID]:
        """Move every item of a run from these states; gives the invoices concerned."""
        for before in states:
            require_transition(ITEM_TRANSITIONS, before, after)
        statement = (
            update(ExportItem)
            .where(
                ExportItem.business_id == self.business_id,
                ExportItem.run_id == run_id,
                ExportItem.state.in_(states),
            )
            .values(state=after, updated_at=app_now())
            .returning(ExportItem.invoice_id)
            .execution_options(synchronize_session=False)
        )
        return list((await self.session.execute(statement)).scalars())
