"""Job statuses of one business."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from api.platform.db.repository import Repository
from api.records.job_statuses.models import JobStatus
from api.records.repository import conditions


class JobStatusRepository(Repository[JobStatus]):
    """Rows of `job_statuses`."""

    model = JobStatus

    def filtered(self, updated_since: datetime | None) -> Select[*tuple[Any, ...]]:
        """Select the statuses, or those changed since an instant."""
        return select(JobStatus.id, JobStatus.name, JobStatus.created_at, JobStatus.updated_at).where(
            JobStatus.business_id == self.business_id, *conditions(JobStatus, updated_since=updated_since)
        )
