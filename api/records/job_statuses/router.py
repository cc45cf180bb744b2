"""`/job-statuses`."""

from typing import Annotated

from fastapi import Response

from api.identity.access import service
from api.identity.reader import Reader, reading
from api.platform.errors import NotFound
from api.platform.http.paging import PagingDep
from api.platform.http.routing import ApiRouter, errors
from api.platform.http.schemas import Page
from api.platform.http.versions import ExpectedVersionDep
from api.platform.ids import encode
from api.records.clashes import InUse, NameTaken
from api.records.filters import UpdatedSince
from api.records.job_statuses.models import JobStatus
from api.records.job_statuses.schemas import JobStatusChange, JobStatusId, JobStatusIn, JobStatusOut
from api.records.job_statuses.service import JOB_STATUS_LIST, JobStatusService

router = ApiRouter("/job-statuses", tag="jobs")
Reading = Annotated[Reader, reading("jobs:read")]
Writing = Annotated[JobStatusService, service(JobStatusService, "jobs:write")]


@router.get("", response_model=Page[JobStatusOut])
async def list_job_statuses(reader: Reading, paging: PagingDep, updated_since: UpdatedSince = None) -> Response:
    """List the statuses of your jobs by name."""
    return await JOB_STATUS_LIST.page(reader, paging, updated_since)


@router.post("", status_code=201, response_model=JobStatusOut, responses=errors(NameTaken))
async def create_job_status(body: JobStatusIn, statuses: Writing, response: Response) -> JobStatus:
    """Add a status."""
    status = await statuses.create(body)
    response.headers["Location"] = f"/api/v1/job-statuses/{encode('jst', status.id)}"
    return status


@router.get("/{job_status_id}", response_model=JobStatusOut, responses=errors(NotFound))
async def get_job_status(job_status_id: JobStatusId, reader: Reading) -> Response:
    """Read one status."""
    return await JOB_STATUS_LIST.get(reader, job_status_id)


@router.patch("/{job_status_id}", response_model=JobStatusOut, responses=errors(NotFound, NameTaken))
async def change_job_status(
    job_status_id: JobStatusId, body: JobStatusChange, statuses: Writing, version: ExpectedVersionDep
) -> JobStatus:
    """Rename a status. Every job with this status shows the new name."""
    return await statuses.change(job_status_id, body, version)


@router.delete("/{job_status_id}", status_code=204, responses=errors(NotFound, InUse))
async def delete_job_status(job_status_id: JobStatusId, statuses: Writing, version: ExpectedVersionDep) -> None:
    """Delete a status that no job and no preference uses."""
    await statuses.delete(job_status_id, version)
