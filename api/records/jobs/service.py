"""Jobs of a business."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Subquery

from api.identity.lists import RowList
from api.platform.db.reads import STATEMENTS
from api.platform.db.work import UnitOfWork
from api.platform.errors import FieldError, Invalid
from api.platform.http.versions import ANY_VERSION, ExpectedVersion
from api.platform.ids import uuid7
from api.records.batch import Batch, Element
from api.records.clashes import ExternalIdTaken, refuse_taken, refuse_used
from api.records.contacts.service import ContactService
from api.records.content import content_of, revised, write
from api.records.job_statuses.service import JobStatusService
from api.records.jobs.models import Job
from api.records.jobs.repository import JobRepository
from api.records.jobs.schemas import JobChange, JobFilter, JobIn, JobOut


@dataclass(frozen=True)
class JobView:
    """The content of a job."""

    id: UUID
    number: str
    description: str | None
    customer_reference: str | None
    location: str | None
    status_id: UUID | None
    contact_id: UUID | None
    external_id: str | None
    created_at: datetime
    updated_at: datetime


class JobService:
    """The jobs of one business."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._jobs = JobRepository(work)

    async def get(self, job_id: UUID) -> Job:
        """Read one job. Raises NotFound."""
        return await self._jobs.get(job_id)

    async def views(self, ids: Collection[UUID]) -> dict[UUID, JobView]:
        """The jobs of this business with these ids."""
        if not ids:
            return {}
        return {row.id: JobView(*row) for row in await self._jobs.views(ids)}

    def table(self) -> Subquery:
        """The views of this business and their search texts, for lists of other packages to join."""
        return self._jobs.table()

    async def known(self, job_ids: Collection[UUID]) -> set[UUID]:
        """The ids that belong to jobs of this business."""
        return set(await self._jobs.by(Job.id, set(job_ids)))

    async def ids_of(self, external_ids: Collection[str]) -> dict[str, UUID]:
        """The ids of the jobs with these external ids, by external id."""
        return {
            external_id: row.id
            for external_id, row in (await self._jobs.by(Job.external_id, set(external_ids))).items()
        }

    async def create(self, content: JobIn) -> Job:
        """Create a job. Raises ExternalIdTaken."""
        await self._refuse_unknown(content)
        await refuse_taken(self._jobs, Job.external_id, content.external_id, ExternalIdTaken)
        job = Job(**content.model_dump())
        job.set_search_text()
        return await self._jobs.add(job)

    async def change(self, job_id: UUID, change: JobChange, expected: ExpectedVersion = ANY_VERSION) -> Job:
        """Apply a merge-patch."""
        job = await self._jobs.get(job_id, locked=True)
        await expected.check(JobOut, lambda: self.get(job_id))
        content = revised(JobIn, job, change)
        await self._refuse_unknown(content)
        await refuse_taken(self._jobs, Job.external_id, content.external_id, ExternalIdTaken, owner=job.id)
        _write(job, content)
        return await self._jobs.save(job)

    async def delete(self, job_id: UUID, expected: ExpectedVersion = ANY_VERSION) -> None:
        """Delete a job. Raises InUse when an invoice uses it."""
        job = await self._jobs.get(job_id, locked=True)
        await expected.check(JobOut, lambda: self.get(job_id))
        await refuse_used(self._work, job)
        await self._jobs.delete(job)

    async def upsert(self, raw: Sequence[Any]) -> list[Element[JobIn]]:
        """Create or merge-patch each element by its external id; returns the elements in the order of the request."""
        batch = Batch(JobIn, raw)
        rows = await self._jobs.by(Job.external_id, batch.external_ids)
        valid = batch.read({external_id: content_of(JobIn, row) for external_id, row in rows.items()})
        for (element, _), errors in zip(valid, await self._unknown([job for _, job in valid]), strict=True):
            element.refuse(errors)
        batch.store(rows, self._new, _write)
        await self._work.session.flush()
        return batch.elements

    async def set_status(self, job_ids: Collection[UUID], status_id: UUID) -> None:
        """Set the status of these jobs."""
        if job_ids:
            await self._jobs.set_status(job_ids, status_id)

    def _new(self, content: JobIn) -> Job:
        job = Job(id=uuid7(), business_id=self._work.business_id, **content.model_dump())
        job.set_search_text()
        self._work.session.add(job)
        return job

    async def _refuse_unknown(self, content: JobIn) -> None:
        (errors,) = await self._unknown([content])
        if errors:
            raise Invalid(errors=errors)

    async def _unknown(self, contents: Sequence[JobIn]) -> list[list[FieldError]]:
        contacts = await ContactService(self._work).known(
            {job.contact_id for job in contents if job.contact_id is not None}
        )
        statuses = await JobStatusService(self._work).known(
            {job.status_id for job in contents if job.status_id is not None}
        )
        return [
            [
                FieldError(code, f"There is none with this id. List them at {address}.", pointer=f"#/{name}")
                for name, code, address, known in (
                    ("status_id", "unknown_job_status", "/job-statuses", statuses),
                    ("contact_id", "unknown_contact", "/contacts", contacts),
                )
                if (value := getattr(job, name)) is not None and value not in known
            ]
            for job in contents
        ]


JOB_LIST: Final = RowList(JobOut, JobRepository(STATEMENTS).filtered, JobFilter(), by=Job.number)


def _write(job: Job, content: JobIn) -> bool:
    if not write(job, content):
        return False
    job.set_search_text()
    return True
