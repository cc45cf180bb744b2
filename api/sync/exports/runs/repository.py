"""The export runs of one business."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Select,
    case,
    func,
    select,
)

from api.platform.db.locks import LockClass, acquire
from api.platform.db.repository import Repository
from api.platform.errors import NotFound
from api.sync.exports.models import ExportItem, ExportRun
from api.sync.exports.schemas import ExportFilter
from api.sync.exports.states import (
    COUNTED_AS,
    UNFINISHED_RUNS,
    RunCount,
)


class UnknownExport(NotFound):
    code, title = "unknown_export", "There is no such export"


class ExportRunRepository(Repository[ExportRun]):
    """Runs, newest first."""

    model = ExportRun
    missing = UnknownExport

    async def next_number(self) -> int:
        """The number of the next run of the business; no other transaction gets it."""
        await self.session.execute(acquire(LockClass.EXPORT_NUMBER, str(self.business_id)))
        latest = select(func.coalesce(func.max(ExportRun.number), 0)).where(ExportRun.business_id == self.business_id)
        return int((await self.session.execute(latest)).scalar_one()) + 1

    def filtered(self, wanted: ExportFilter) -> Select[*tuple[Any, ...]]:
        """Select the runs that match the filters."""
        own: Select[*tuple[Any, ...]] = select(*ExportRun.__table__.columns).where(
            ExportRun.business_id == self.business_id
        )
        if wanted.state is not None:
            own = own.where(ExportRun.state == wanted.state)
        if wanted.started_by is not None:
            own = own.where(ExportRun.started_by == wanted.started_by)
        if wanted.started_since is not None:
            own = own.where(ExportRun.created_at >= wanted.started_since)
        if wanted.updated_since is not None:
            own = own.where(ExportRun.updated_at >= wanted.updated_since)
        return own

    async def unfinished(self) -> Sequence[ExportRun]:
        """Runs with work left, oldest first, locked."""
        statement = self.rows().where(ExportRun.state.in_(UNFINISHED_RUNS)).order_by(ExportRun.id).with_for_update()
        return list((await self.session.execute(statement)).scalars())

    async def recount(self, run: ExportRun) -> None:
        """Bring a locked run's counts in line with its items."""
        counted = case({str(state): str(count) for state, count in COUNTED_AS.items()}, value=ExportItem.state)
        has_remarks = func.jsonb_array_length(ExportItem.remarks) > 0
        statement = select(counted, func.count(), func.count().filter(has_remarks)).where(ExportItem.run_id == run.id)
        rows = (await self.session.execute(statement.group_by(counted))).all()
        counts: dict[str, int] = {name: count for name, count, _ in rows}
        for count in RunCount:
            setattr(run, count, counts.get(count, 0))
        run.with_remarks = sum(remarked for _, _, remarked in rows)
