"""Job statuses of one business."""

from api.platform.db.repository import Repository
from api.records.job_statuses.models import JobStatus


class JobStatusRepository(Repository[JobStatus]):
    """Every stage a business has named."""

    model = JobStatus
