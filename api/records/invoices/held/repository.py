"""The problems of invoices: what holds those of a contact, and what stands against those that are not sent."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, Subquery, Text, Uuid, and_, column, exists, func, literal, or_, select, true, update
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, distinct_on
from sqlalchemy.orm import aliased
from sqlalchemy.sql.expression import cast

from api.platform.db.repository import Repository, is_any_of
from api.platform.db.rows import insertion
from api.platform.ids import uuid7
from api.platform.problems import ProblemRow
from api.records.invoices.models import DifferentBill, Invoice
from api.records.invoices.states import ExportState


class HeldInvoiceRepository(Repository[Invoice]):
    """Rows of `invoices` with problems."""

    model = Invoice

    async def free(self, contact_ids: Collection[UUID], codes: Collection[str]) -> None:
        """Take the problems with these codes from the invoices of these contacts that are not in an export."""
        problem = func.jsonb_array_elements(Invoice.problems).column_valued("problem")
        code = cast(problem, JSONB)["code"].astext
        others = select(func.coalesce(func.jsonb_agg(cast(problem, JSONB)), literal([], JSONB)))
        kept = others.where(code != func.all(literal(list(codes), ARRAY(Text())))).scalar_subquery()
        has_problem = or_(*(Invoice.problems.contains([{"code": each}]) for each in codes))
        statement = update(Invoice).where(
            Invoice.business_id == self.business_id,
            is_any_of(Invoice.contact_id, contact_ids),
            Invoice.export_state == ExportState.NOT_EXPORTED,
            has_problem,
        )
        await self.session.execute(statement.values(problems=kept), execution_options={"synchronize_session": False})


_APART_DAYS: Final = 14
_MOST_SIBLINGS: Final = 200
_WAITS = and_(
    Invoice.status == "approved",
    Invoice.export_state == ExportState.NOT_EXPORTED,
    or_(Invoice.is_ready, Invoice.needs_attention),  # it is in one of these views, which have small indexes
)


def waiting_invoices() -> Subquery:
    """The `business_id` of each invoice, of any business, that is approved and not sent: for statements to join."""
    return select(Invoice.business_id).where(_WAITS).subquery("waiting_invoices")


class StandingProblemRepository(Repository[Invoice]):
    """Rows of `invoices` that are approved and not sent."""

    model = Invoice

    async def waiting(self, contact_ids: Collection[UUID] | None) -> Sequence[UUID]:
        """The ids of those of these contacts, or of all, oldest first."""
        statement = select(Invoice.id).where(Invoice.business_id == self.business_id, _WAITS)
        if contact_ids is not None:
            statement = statement.where(is_any_of(Invoice.contact_id, contact_ids))
        return (await self.session.execute(statement.order_by(Invoice.id))).scalars().all()

    async def refused(self, codes: Collection[str]) -> Sequence[Row[Any]]:
        """The id and the problems of those that the ledger has refused for one of these codes."""
        is_refused = or_(*(Invoice.problems.contains([{"code": code, "source": "xero"}]) for code in codes))
        columns: Select[*tuple[Any, ...]] = select(Invoice.id, Invoice.problems)
        refused = columns.where(
            Invoice.business_id == self.business_id,
            Invoice.status == "approved",
            Invoice.export_state == ExportState.NOT_EXPORTED,
            and_(Invoice.needs_attention),
            is_refused,
        )
        return (await self.session.execute(refused)).all()

    async def waiting_contacts(self) -> set[UUID]:
        """The contacts of all of them."""
        statement = select(Invoice.contact_id).distinct().where(Invoice.business_id == self.business_id, _WAITS)
        return set((await self.session.execute(statement)).scalars())

    async def twins(self, invoice_ids: Collection[UUID]) -> Sequence[Row[Any]]:
        """The id of each of these that is a bill with the number of another approved bill, and what that one is."""
        pairs = self._pairs(invoice_ids).ext(distinct_on(Invoice.id))
        return (await self.session.execute(pairs.order_by(Invoice.id, column("other_id")))).all()

    async def note_different(self, invoice_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
        """Note of these bills that those with the same number are others; gives the others of each."""
        others: dict[UUID, set[UUID]] = {}
        for row in await self.session.execute(self._pairs(invoice_ids)):
            others.setdefault(row.id, set()).add(row.other_id)
        pairs = {pair for own, each in others.items() for other in each for pair in ((own, other), (other, own))}
        rows = [{"id": uuid7(), "invoice_id": own, "other_id": other} for own, other in pairs]
        if rows:
            noted = insertion(DifferentBill, rows, business_id=self.business_id).on_conflict_do_nothing()
            await self.session.execute(noted)
        return others

    def _pairs(self, invoice_ids: Collection[UUID]) -> Select[*tuple[Any, ...]]:
        """Each of these that is a bill, with the approved bills of its supplier and number."""
        other = aliased(Invoice)
        columns: Select[*tuple[Any, ...]] = select(
            Invoice.id, other.id.label("other_id"), other.issued_on, other.total, other.currency
        )
        is_distinguished = exists().where(DifferentBill.invoice_id == Invoice.id, DifferentBill.other_id == other.id)
        is_other = and_(
            other.business_id == Invoice.business_id,
            other.contact_id == Invoice.contact_id,
            other.number_key == Invoice.number_key,
            other.kind == Invoice.kind,
            other.id != Invoice.id,
            other.status == "approved",
            other.export_state.not_in((ExportState.EXCLUDED, ExportState.VOIDED)),
        )
        return columns.join(other, is_other).where(
            Invoice.business_id == self.business_id,
            is_any_of(Invoice.id, invoice_ids),
            Invoice.kind == "supplier",
            Invoice.number.is_not(None),
            ~is_distinguished,
        )

    async def siblings(self, invoice_ids: Collection[UUID]) -> Sequence[Row[Any]]:
        """The id of each of these, with number and date of approved invoices of its contact, kind and total.

        Of many, the nearest by date.
        """
        other = aliased(Invoice)
        days = func.abs(other.issued_on - Invoice.issued_on)
        nearest = (
            select(other.number, other.issued_on)
            .where(
                other.business_id == Invoice.business_id,
                other.contact_id == Invoice.contact_id,
                other.total == Invoice.total,
                other.kind == Invoice.kind,
                other.currency == Invoice.currency,
                other.id != Invoice.id,
                other.status == "approved",
                other.export_state != ExportState.EXCLUDED,
                other.issued_on.between(Invoice.issued_on - _APART_DAYS, Invoice.issued_on + _APART_DAYS),
            )
            .correlate(Invoice)
            .order_by(days, other.id)
            .limit(_MOST_SIBLINGS)
            .lateral("nearest")
        )
        columns: Select[*tuple[Any, ...]] = select(Invoice.id, nearest.c.number, nearest.c.issued_on)
        own = columns.join(nearest, true()).where(
            Invoice.business_id == self.business_id, is_any_of(Invoice.id, invoice_ids)
        )
        return (await self.session.execute(own)).all()

    async def locked(self, invoice_ids: Collection[UUID]) -> Sequence[Row[Any]]:
        """The states and problems of these invoices, locked unless another transaction has locked them."""
        columns: Select[*tuple[Any, ...]] = select(Invoice.id, Invoice.status, Invoice.export_state, Invoice.problems)
        own = columns.where(Invoice.business_id == self.business_id, is_any_of(Invoice.id, invoice_ids))
        locked = own.order_by(Invoice.id).with_for_update(skip_locked=True, key_share=True)
        return (await self.session.execute(locked)).all()

    async def known(self, invoice_ids: Collection[UUID]) -> set[UUID]:
        """Those of these ids that are of invoices."""
        own = select(Invoice.id).where(Invoice.business_id == self.business_id, is_any_of(Invoice.id, invoice_ids))
        return set((await self.session.execute(own)).scalars())

    async def replace(self, problems: Mapping[UUID, Sequence[ProblemRow]]) -> None:
        """Write the problems of all these invoices in one statement."""
        rows = [{"id": str(invoice_id), "problems": list(own)} for invoice_id, own in problems.items()]
        given = func.jsonb_to_recordset(literal(rows, JSONB)).table_valued(
            column("id", Uuid), column("problems", JSONB), name="given"
        )
        given = given.render_derived(with_types=True)
        statement = update(Invoice).where(Invoice.business_id == self.business_id, Invoice.id == given.c.id)
        await self.session.execute(
            statement.values(problems=given.c.problems), execution_options={"synchronize_session": False}
        )
