"""Keeping the statuses of jobs."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from api.platform.db.work import UnitOfWork
from api.platform.http.paging import Paging, Slice, keyset_page
from api.records.clashes import NameTaken, refuse_taken, refuse_used
from api.records.content import revised, write
from api.records.job_statuses.models import JobStatus
from api.records.job_statuses.repository import JobStatusRepository
from api.records.job_statuses.schemas import JobStatusChange, JobStatusIn


class JobStatusService:
    """The job statuses of one business."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._statuses = JobStatusRepository(work)

    async def page(self, paging: Paging) -> Slice:
        """Statuses by name."""
        own = select(JobStatus.id, JobStatus.name).where(JobStatus.business_id == self._work.business_id)
        return await keyset_page(self._work.session, own, paging, by=JobStatus.name, tie=JobStatus.id)

    async def get(self, status_id: UUID) -> JobStatus:
        """One status, or NotFound."""
        return await self._statuses.get(status_id)

    async def known(self, status_ids: Collection[UUID]) -> set[UUID]:
        """Those of the ids that are statuses of this business."""
        return set(await self._statuses.by(JobStatus.id, set(status_ids)))

    async def create(self, content: JobStatusIn) -> JobStatus:
        """A new status; NameTaken when there is one of this name."""
        await refuse_taken(self._statuses, JobStatus.name, content.name, NameTaken)
        return await self._statuses.add(JobStatus(name=content.name))

    async def change(self, status_id: UUID, change: JobStatusChange) -> JobStatus:
        """Another name for the status, on every job that has it."""
        status = await self._statuses.get(status_id, locked=True)
        content = revised(JobStatusIn, status, change)
        await refuse_taken(self._statuses, JobStatus.name, content.name, NameTaken, owner=status.id)
        write(status, content)
        await self._work.session.flush()
        return status

    async def delete(self, status_id: UUID) -> None:
        """Remove a status that no job and no preference uses; otherwise InUse."""
        status = await self._statuses.get(status_id, locked=True)
        await refuse_used(self._work, status)
        await self._statuses.delete(status)
