"""Job statuses of one business."""

from datetime import datetime

from sqlalchemy import select

from api.platform.db.repository import Repository
from api.platform.http.paging import Paging, Slice, keyset_page
from api.records.job_statuses.models import JobStatus
from api.records.repository import conditions


class JobStatusRepository(Repository[JobStatus]):
    """Rows of `job_statuses`."""

    model = JobStatus

    async def page(self, paging: Paging, updated_since: datetime | None) -> Slice:
        """List the statuses by name."""
        own = select(JobStatus.id, JobStatus.name, JobStatus.created_at, JobStatus.updated_at).where(
            JobStatus.business_id == self.business_id, *conditions(JobStatus, updated_since=updated_since)
        )
        return await keyset_page(self.session, own, paging, by=JobStatus.name, tie=JobStatus.id)
