"""The documents of one organisation that somebody else has entered, searched for invoices of ours."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    Date,
    Numeric,
    Select,
    Subquery,
    Text,
    Uuid,
    column,
    delete,
    exists,
    func,
    literal,
    select,
    true,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import aliased

from api.platform.db.repository import Repository
from api.platform.db.rows import insertion
from api.platform.db.work import UnitOfWork
from api.platform.ids import uuid7
from api.sync.documents.likeness import DAYS_APART, Sought
from api.sync.documents.models import REMOVED, DifferentDocument, DocumentCursor, MirrorDocument
from api.sync.exports.models import InvoiceLink

_MOST_COMPARED = 100  # documents that each search compares with an invoice


class OtherDocumentRepository(Repository[MirrorDocument]):
    """The mirrored documents that have neither our marker nor a link."""

    model = MirrorDocument

    def __init__(self, work: UnitOfWork, organisation_id: UUID) -> None:
        super().__init__(work)
        self._organisation_id = organisation_id

    async def others_like(
        self, sought: Sequence[Sought], merged: Subquery
    ) -> list[tuple[UUID, UUID, MirrorDocument, datetime | None]]:
        """By invoice, the live documents of others at its contacts with its digits, or its total at about its date.

        Others have entered a document that has neither our marker nor a link. What a person called different is left
        out. Two searches by index, so that the many documents of a large supplier are not read. With each, the contact
        that it was sought at, and when the documents were first read. `merged` has the contacts that were merged:
        `xero_contact_id`, `merged_to`.
        """
        given = _given(sought, merged)
        pairs = union(self._with_digits(given), self._with_total(given)).subquery()
        first_read_at = select(DocumentCursor.created_at).where(
            DocumentCursor.business_id == self.business_id, DocumentCursor.organisation_id == self._organisation_id
        )
        columns = (pairs.c.invoice_id, pairs.c.sought_at, MirrorDocument, first_read_at.scalar_subquery())
        is_different = exists().where(
            *self._same(DifferentDocument, MirrorDocument), DifferentDocument.invoice_id == pairs.c.invoice_id
        )
        statement = select(*columns).join(MirrorDocument, MirrorDocument.id == pairs.c.id).where(~is_different)
        rows = await self.session.execute(statement.order_by(pairs.c.invoice_id, MirrorDocument.id))
        return [(row[0], row[1], row[2], row[3]) for row in rows]

    def _with_digits(self, given: CTE) -> Select[Any]:
        document = aliased(MirrorDocument)
        own = self._of_others(document, given).where(document.digits == given.c.digits).limit(_MOST_COMPARED)
        nearest = own.lateral("with_digits")
        return select(given.c.invoice_id, given.c.sought_at, nearest.c.id).join(nearest, true())

    def _with_total(self, given: CTE) -> Select[Any]:
        document = aliased(MirrorDocument)
        about_then = document.issued_on.between(given.c.issued_on - DAYS_APART, given.c.issued_on + DAYS_APART)
        own = self._of_others(document, given).where(document.total == given.c.total, about_then)
        by_date = own.order_by(func.abs(document.issued_on - given.c.issued_on), document.id)
        nearest = by_date.limit(_MOST_COMPARED).lateral("with_total")
        return select(given.c.invoice_id, given.c.sought_at, nearest.c.id).join(nearest, true())

    def _of_others(self, document: type[MirrorDocument], given: CTE) -> Select[Any]:
        of_others: Select[Any] = select(document.id).where(
            document.business_id == self.business_id,
            document.organisation_id == self._organisation_id,
            document.xero_contact_id == given.c.xero_contact_id,
            document.type == given.c.type,
            document.marker_invoice_id.is_(None),
            document.status.not_in(REMOVED),
            ~exists().where(*self._same(InvoiceLink, document)),
        )
        return of_others.correlate(given)

    def _same(self, model: type[InvoiceLink | DifferentDocument], document: type[MirrorDocument]) -> list[Any]:
        """The conditions that a row of this table is about the document."""
        return [
            model.business_id == self.business_id,
            model.organisation_id == self._organisation_id,
            model.xero_invoice_id == document.xero_invoice_id,
        ]

    async def note_different(self, documents: Mapping[UUID, Collection[UUID]]) -> None:
        """Note that these documents (Xero's ids) are not these invoices."""
        rows = [
            {"id": uuid7(), "invoice_id": invoice_id, "xero_invoice_id": xero_invoice_id}
            for invoice_id, xero_invoice_ids in documents.items()
            for xero_invoice_id in xero_invoice_ids
        ]
        if rows:
            own = {"business_id": self.business_id, "organisation_id": self._organisation_id}
            await self.session.execute(insertion(DifferentDocument, rows, **own).on_conflict_do_nothing())

    async def forget_different(self, invoice_id: UUID) -> bool:
        """Forget which documents are not this invoice; gives whether there were any."""
        own = (DifferentDocument.business_id == self.business_id, DifferentDocument.invoice_id == invoice_id)
        of_organisation = DifferentDocument.organisation_id == self._organisation_id
        gone = delete(DifferentDocument).where(*own, of_organisation).returning(DifferentDocument.id)
        return bool((await self.session.execute(gone)).all())


def _given(sought: Sequence[Sought], merged: Subquery) -> CTE:
    """The invoices, given as one parameter, at their contacts and at those that were merged into them."""
    rows = [
        {
            "invoice_id": str(each.invoice_id),
            "xero_contact_id": str(xero_contact_id),
            "type": "ACCPAY" if each.is_bill else "ACCREC",
            "number": each.number,
            "total": str(each.total),
            "issued_on": each.issued_on.isoformat(),
        }
        for each in sought
        for xero_contact_id in each.xero_contact_ids
    ]
    columns = (
        column("invoice_id", Uuid),
        column("xero_contact_id", Uuid),
        column("type", Text),
        column("number", Text),
        column("total", Numeric),
        column("issued_on", Date),
    )
    listed = func.jsonb_to_recordset(literal(rows, JSONB)).table_valued(*columns, name="listed")
    listed = listed.render_derived(with_types=True)
    digits = func.regexp_replace(listed.c.number, "[^1-9]", "", "g").label("digits")
    sought_at = listed.c.xero_contact_id.label("sought_at")
    rest = [sought_at, digits, *(listed.c[name] for name in ("invoice_id", "type", "total", "issued_on"))]
    by_merge = select(merged.c.xero_contact_id, *rest).join(merged, merged.c.merged_to == listed.c.xero_contact_id)
    return union_all(select(listed.c.xero_contact_id, *rest), by_merge).cte("given")
