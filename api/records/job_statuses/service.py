"""Job statuses of a business."""

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from api.identity.lists import RowList
from api.platform.db.reads import STATEMENTS
from api.platform.db.work import UnitOfWork
from api.platform.http.versions import ANY_VERSION, ExpectedVersion
from api.records.clashes import NameTaken, refuse_taken, refuse_used
from api.records.content import revised, write
from api.records.job_statuses.models import JobStatus
from api.records.job_statuses.repository import JobStatusRepository
from api.records.job_statuses.schemas import JobStatusChange, JobStatusIn, JobStatusOut


class JobStatusService:
    """The job statuses of one business."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._statuses = JobStatusRepository(work)

    async def get(self, status_id: UUID) -> JobStatus:
        """Read one status. Raises NotFound."""
        return await self._statuses.get(status_id)

    async def known(self, status_ids: Collection[UUID]) -> set[UUID]:
        """The ids that belong to statuses of this business."""
        return set(await self._statuses.by(JobStatus.id, set(status_ids)))

    async def create(self, content: JobStatusIn) -> JobStatus:
        """Create a status. Raises NameTaken."""
        await refuse_taken(self._statuses, JobStatus.name, content.name, NameTaken)
        return await self._statuses.add(JobStatus(name=content.name))

    async def change(
        self, status_id: UUID, change: JobStatusChange, expected: ExpectedVersion = ANY_VERSION
    ) -> JobStatus:
        """Rename a status. Every job with this status shows the new name. Raises NameTaken."""
        status = await self._statuses.get(status_id, locked=True)
        await expected.check(JobStatusOut, lambda: self.get(status_id))
        content = revised(JobStatusIn, status, change)
        await refuse_taken(self._statuses, JobStatus.name, content.name, NameTaken, owner=status.id)
        write(status, content)
        return await self._statuses.save(status)

    async def delete(self, status_id: UUID, expected: ExpectedVersion = ANY_VERSION) -> None:
        """Delete a status. Raises InUse when a job or a preference uses it."""
        status = await self._statuses.get(status_id, locked=True)
        await expected.check(JobStatusOut, lambda: self.get(status_id))
        await refuse_used(self._work, status)
        await self._statuses.delete(status)


JOB_STATUS_LIST: Final = RowList[datetime | None](
    JobStatusOut, JobStatusRepository(STATEMENTS).filtered, None, by=JobStatus.name
)
