"""What the reports of one business count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from api.platform.clock import app_now
from api.platform.db.work import UnitOfWork
from api.records.invoices.models import Invoice
from api.records.invoices.service import IN_EXPORT, ExportState
from api.sync.daily_reports.models import NeverSentAlarm
from api.sync.exports.models import ExportItem
from api.sync.exports.service import REFUSED


@dataclass(frozen=True)
class NeverSent:
    """The invoices of one kind and currency that were approved long ago and are not in Xero."""

    kind: str
    currency: str
    count: int
    ready: int
    total: Decimal


@dataclass(frozen=True)
class Summary:
    """What happened to invoices since an instant, and what stands now."""

    exported: int
    not_accepted: int
    waiting: int
    attention: int
    ready: int


class DailyReportRepository:
    """The invoices of the business of the unit of work."""

    def __init__(self, work: UnitOfWork) -> None:
        self._session = work.session
        self._business_id = work.business_id

    async def never_sent(self, age: timedelta, from_date: date | None) -> Sequence[NeverSent]:
        """Approved longer ago than this and never sent; of dates before `from_date` none."""
        groups = select(
            Invoice.kind,
            Invoice.currency,
            func.count().label("count"),
            func.count().filter(Invoice.is_ready).label("ready"),
            func.sum(Invoice.total).label("total"),
        ).where(*self._never_sent(age, from_date))
        ordered = groups.group_by(Invoice.kind, Invoice.currency).order_by(Invoice.kind, Invoice.currency)
        return [NeverSent(*row) for row in await self._session.execute(ordered)]

    async def note_never_sent(self, age: timedelta, from_date: date | None) -> bool:
        """Remember these invoices in place of those of the last alarm; whether one of them is new."""
        present: Select[UUID, UUID] = select(Invoice.id, Invoice.business_id).where(*self._never_sent(age, from_date))
        gone = delete(NeverSentAlarm).where(
            NeverSentAlarm.business_id == self._business_id,
            NeverSentAlarm.invoice_id.not_in(present.with_only_columns(Invoice.id)),
        )
        await self._session.execute(gone.execution_options(synchronize_session=False))
        added = insert(NeverSentAlarm).from_select(["invoice_id", "business_id"], present).on_conflict_do_nothing()
        return bool((await self._session.execute(added.returning(NeverSentAlarm.invoice_id))).all())

    async def summary(self, since: datetime) -> Summary:
        """What happened since this instant."""
        own = Invoice.business_id == self._business_id
        refused = select(func.count(ExportItem.invoice_id.distinct())).where(
            ExportItem.business_id == self._business_id,
            ExportItem.state.in_(REFUSED),
            ExportItem.updated_at >= since,
        )
        row = await self._session.execute(
            select(
                func.count().filter(Invoice.exported_at >= since),
                refused.scalar_subquery(),
                func.count().filter(Invoice.export_state.in_(IN_EXPORT)),
                func.count().filter(Invoice.needs_attention),
                func.count().filter(Invoice.is_ready),
            ).where(own)
        )
        return Summary(*row.one())

    def _never_sent(self, age: timedelta, from_date: date | None) -> tuple[ColumnElement[bool], ...]:
        conditions = (
            Invoice.business_id == self._business_id,
            Invoice.status == "approved",
            Invoice.export_state == ExportState.NOT_EXPORTED,
            Invoice.approved_at <= app_now() - age,
        )
        return conditions if from_date is None else (*conditions, Invoice.issued_on >= from_date)
