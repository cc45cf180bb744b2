"""Job statuses of one business."""

from api.platform.db.repository import Repository
from api.records.job_statuses.models import JobStatus


class JobStatusRepository(Repository[JobStatus]):
    """Rows of `job_statuses`."""

    model = JobStatus
