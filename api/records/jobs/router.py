"""`/jobs`."""

from typing import Annotated

from fastapi import Response

from api.identity.access import service
from api.identity.reader import Reader, reading
from api.platform.db.repository import Count
from api.platform.errors import NotFound
from api.platform.http.dependencies import filter_of
from api.platform.http.paging import PagingDep
from api.platform.http.routing import ApiRouter, errors
from api.platform.http.schemas import CountOut, Page
from api.platform.http.versions import ExpectedVersionDep
from api.platform.ids import encode
from api.records.batch import Element
from api.records.clashes import ExternalIdTaken, InUse
from api.records.jobs.models import Job
from api.records.jobs.schemas import JobBatch, JobBatchOut, JobChange, JobFilter, JobId, JobIn, JobOut
from api.records.jobs.service import JOB_LIST, JobService

router = ApiRouter("/jobs", tag="jobs")
Reading = Annotated[Reader, reading("jobs:read")]
Writing = Annotated[JobService, service(JobService, "jobs:write")]
Wanted = Annotated[JobFilter, filter_of(JobFilter)]


@router.get("", response_model=Page[JobOut])
async def list_jobs(reader: Reading, paging: PagingDep, wanted: Wanted) -> Response:
    """List your jobs by number."""
    return await JOB_LIST.page(reader, paging, wanted)


@router.get("/counts", response_model=CountOut)
async def count_jobs(reader: Reading, wanted: Wanted) -> Count:
    """Count the jobs that match the filters."""
    return await JOB_LIST.count(reader, wanted)


@router.post("", status_code=201, response_model=JobOut, responses=errors(ExternalIdTaken))
async def create_job(body: JobIn, jobs: Writing, response: Response) -> Job:
    """Add a job."""
    job = await jobs.create(body)
    response.headers["Location"] = f"/api/v1/jobs/{encode('job', job.id)}"
    return job


@router.post("/batch", response_model=JobBatchOut)
async def upsert_jobs(body: JobBatch, jobs: Writing) -> dict[str, list[Element[JobIn]]]:
    """Create or change up to 500 jobs by `external_id`. Each invalid element is rejected with its errors."""
    return {"results": await jobs.upsert(body.items)}


@router.get("/{job_id}", response_model=JobOut, responses=errors(NotFound))
async def get_job(job_id: JobId, reader: Reading) -> Response:
    """Read one job."""
    return await JOB_LIST.get(reader, job_id)


@router.patch("/{job_id}", response_model=JobOut, responses=errors(NotFound, ExternalIdTaken))
async def change_job(job_id: JobId, body: JobChange, jobs: Writing, version: ExpectedVersionDep) -> Job:
    """Change a job."""
    return await jobs.change(job_id, body, version)


@router.delete("/{job_id}", status_code=204, responses=errors(NotFound, InUse))
async def delete_job(job_id: JobId, jobs: Writing, version: ExpectedVersionDep) -> None:
    """Delete a job that no invoice uses."""
    await jobs.delete(job_id, version)
