"""The mirrored documents of one organisation of a business, and the cursor of their reading."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypedDict
from uuid import UUID

from sqlalchemy import (
    Date,
    Select,
    Text,
    and_,
    any_,
    cast,
    func,
    literal,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY, insert

from api.platform.db.repository import Repository, is_any_of
from api.platform.db.rows import insertion
from api.platform.db.work import UnitOfWork
from api.sync.connections.service import connected_businesses
from api.sync.documents.models import APPROVED, REMOVED, DocumentCursor, MirrorDocument
from api.sync.exports.models import InvoiceLink

_ROWS_PER_STATEMENT = 1000


class MirrorDocumentRow(TypedDict):
    """A row of `mirror_documents` as it is read from Xero; business and organisation are added when it is stored."""

    id: UUID
    xero_invoice_id: UUID
    marker_invoice_id: UUID | None
    type: str | None
    number: str | None
    reference: str | None
    xero_contact_id: UUID | None
    issued_on: date | None
    due_on: date | None
    currency: str | None
    status: str
    total: Decimal | None
    amount_paid: Decimal | None
    amount_credited: Decimal | None
    amount_due: Decimal | None
    changed_in_xero_at: datetime | None


class MirrorDocumentRepository(Repository[MirrorDocument]):
    """The mirrored documents of one organisation."""

    model = MirrorDocument

    def __init__(self, work: UnitOfWork, organisation_id: UUID) -> None:
        super().__init__(work)
        self._organisation_id = organisation_id

    def rows(self) -> Select[Any]:
        """A statement for every mirrored document of the organisation."""
        return super().rows().where(MirrorDocument.organisation_id == self._organisation_id)

    async def store(self, rows: Sequence[MirrorDocumentRow]) -> None:
        """Insert documents, or replace them by a state that is not older. A marker stays when a list lacks it."""
        latest = list({row["xero_invoice_id"]: row for row in rows}.values())
        for start in range(0, len(latest), _ROWS_PER_STATEMENT):
            await self._upsert(latest[start : start + _ROWS_PER_STATEMENT])

    async def _upsert(self, rows: Sequence[MirrorDocumentRow]) -> None:
        own = {"business_id": self.business_id, "organisation_id": self._organisation_id}
        statement = insertion(MirrorDocument, rows, **own)
        new, old = statement.excluded, MirrorDocument
        changes: dict[str, Any] = {name: new[name] for name in rows[0] if name not in ("id", "xero_invoice_id")}
        changes["marker_invoice_id"] = func.coalesce(new.marker_invoice_id, old.marker_invoice_id)
        is_not_older = or_(
            old.changed_in_xero_at.is_(None),
            new.changed_in_xero_at.is_(None),
            new.changed_in_xero_at >= old.changed_in_xero_at,
        )
        await self.session.execute(
            statement.on_conflict_do_update(
                index_elements=["business_id", "organisation_id", "xero_invoice_id"], set_=changes, where=is_not_older
            )
        )

    async def by_markers(self, invoice_ids: Collection[UUID]) -> list[MirrorDocument]:
        """The documents whose marker names one of these, oldest first."""
        statement = self.rows().where(is_any_of(MirrorDocument.marker_invoice_id, invoice_ids))
        return list((await self.session.execute(statement.order_by(MirrorDocument.id))).scalars())

    async def by_xero_ids(self, xero_invoice_ids: Collection[UUID]) -> list[MirrorDocument]:
        """Those of these documents that the mirror has."""
        statement = self.rows().where(is_any_of(MirrorDocument.xero_invoice_id, xero_invoice_ids))
        return list((await self.session.execute(statement)).scalars())

    async def numbered(self, number_keys: Collection[str]) -> list[MirrorDocument]:
        """The customer invoices with these numbers, given in lower case, that were not deleted."""
        wanted = MirrorDocument.number_key == any_(literal(list(number_keys), ARRAY(Text)))
        statement = self.rows().where(MirrorDocument.type == "ACCREC", wanted, MirrorDocument.status != "DELETED")
        return list((await self.session.execute(statement)).scalars())

    async def approved_in(self, months: Collection[date]) -> dict[tuple[str, date], int]:
        """How many documents of each type that are dated in these months (first days) were approved."""
        month = cast(func.date_trunc(literal_column("'month'"), MirrorDocument.issued_on), Date)
        statement: Select[Any] = self.rows().where(
            MirrorDocument.status.in_(APPROVED), month == any_(literal(list(months), ARRAY(Date)))
        )
        counted = statement.with_only_columns(MirrorDocument.type, month, func.count())
        rows = await self.session.execute(counted.group_by(MirrorDocument.type, month))
        return {(str(row[0]), row[1]): row[2] for row in rows}

    async def markers_of_several(self) -> list[UUID]:
        """The markers that more than one document has which is neither voided nor deleted."""
        live = self.rows().where(MirrorDocument.marker_invoice_id.is_not(None), MirrorDocument.status.not_in(REMOVED))
        marked: Select[Any] = live.with_only_columns(MirrorDocument.marker_invoice_id).group_by(
            MirrorDocument.marker_invoice_id
        )
        markers: list[UUID] = list((await self.session.execute(marked.having(func.count() > 1))).scalars())
        return markers

    async def linked_with(self, xero_invoice_ids: Collection[UUID]) -> list[UUID]:
        """Our invoices that are linked with these documents."""
        statement = select(InvoiceLink.invoice_id).where(
            InvoiceLink.business_id == self.business_id,
            InvoiceLink.organisation_id == self._organisation_id,
            is_any_of(InvoiceLink.xero_invoice_id, xero_invoice_ids),
        )
        return list((await self.session.execute(statement)).scalars())

    async def links_without_document(self) -> list[tuple[UUID, UUID]]:
        """Our invoice and Xero's id of each link to a document that the mirror does not have."""
        is_linked = and_(
            MirrorDocument.business_id == InvoiceLink.business_id,
            MirrorDocument.organisation_id == InvoiceLink.organisation_id,
            MirrorDocument.xero_invoice_id == InvoiceLink.xero_invoice_id,
        )
        statement = (
            select(InvoiceLink.invoice_id, InvoiceLink.xero_invoice_id)
            .outerjoin(MirrorDocument, is_linked)
            .where(
                InvoiceLink.business_id == self.business_id,
                InvoiceLink.organisation_id == self._organisation_id,
                MirrorDocument.id.is_(None),
            )
        )
        return [(row.invoice_id, row.xero_invoice_id) for row in await self.session.execute(statement)]


class DocumentCursorRepository:
    """The cursor of one organisation of a business."""

    def __init__(self, work: UnitOfWork, organisation_id: UUID) -> None:
        self._session = work.session
        self._key = {"business_id": work.business_id, "organisation_id": organisation_id}

    async def locked(self) -> DocumentCursor:
        """The cursor, locked until the transaction ends; created for an organisation that was never read."""
        values = {
            **self._key,
            "is_complete": False,
            "unreadable": 0,
            "summaries_have_url": False,
            "reading_offset": 0,
            "reading_created_offset": 0,
        }
        statement = select(DocumentCursor).filter_by(**self._key).with_for_update()
        cursor: DocumentCursor | None = (await self._session.execute(statement)).scalar_one_or_none()
        if cursor is None:
            await self._session.execute(insert(DocumentCursor).values(values).on_conflict_do_nothing())
            cursor = (await self._session.execute(statement)).scalar_one()
        return cursor

    async def progress(self) -> tuple[datetime | None, bool]:
        """When the last reading that ended began, by the database's clock, and whether another one has not ended.

        None, and True, before the first whole read.
        """
        is_reading = or_(DocumentCursor.reading_id.is_not(None), DocumentCursor.read_up_to.is_(None))
        columns = select(DocumentCursor.read_at, is_reading.label("is_reading"))
        own = [getattr(DocumentCursor, name) == value for name, value in self._key.items()]
        row = (await self._session.execute(columns.where(*own))).one_or_none()
        return (row[0], bool(row[1])) if row is not None else (None, True)

    async def is_unfinished(self) -> bool:
        """Whether reading on would bring more, but for what nobody can read."""
        is_open = or_(
            DocumentCursor.reading_id.is_not(None),
            DocumentCursor.read_up_to.is_(None),
            and_(DocumentCursor.is_complete.is_(False), DocumentCursor.unreadable == 0),
        )
        return bool(await self._session.scalar(select(is_open).filter_by(**self._key)))

    async def is_complete(self) -> bool:
        """Whether a whole read, and a read of what changed meanwhile, have ended without anything unreadable."""
        return bool(await self._session.scalar(select(DocumentCursor.is_complete).filter_by(**self._key)))


async def organisations_read(work: UnitOfWork) -> list[UUID]:
    """The organisations of the business of the unit of work that have ever been read."""
    statement = select(DocumentCursor.organisation_id).where(DocumentCursor.business_id == work.business_id)
    return list((await work.session.execute(statement)).scalars())


async def businesses_with_documents(work: UnitOfWork) -> list[UUID]:
    """Every business with a working connection or a mirror."""
    mirrored = select(DocumentCursor.business_id)
    return list((await work.session.execute(mirrored.union(select(connected_businesses().c.business_id)))).scalars())
