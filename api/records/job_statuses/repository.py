"""Job statuses of one business."""

from sqlalchemy import select

from api.platform.db.repository import Repository
from api.platform.http.paging import Paging, Slice, keyset_page
from api.records.job_statuses.models import JobStatus


class JobStatusRepository(Repository[JobStatus]):
    """Rows of `job_statuses`."""

    model = JobStatus

    async def page(self, paging: Paging) -> Slice:
        """List the statuses by name."""
        own = select(JobStatus.id, JobStatus.name).where(JobStatus.business_id == self.business_id)
        return await keyset_page(self.session, own, paging, by=JobStatus.name, tie=JobStatus.id)
