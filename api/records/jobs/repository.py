"""Jobs of one business."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select, update

from api.platform.db.repository import Repository
from api.records.jobs.models import Job
from api.records.jobs.schemas import JobFilter
from api.records.repository import conditions
from api.records.text import search_key

CONTENT: Final = (
    Job.id,
    Job.number,
    Job.description,
    Job.customer_reference,
    Job.location,
    Job.status_id,
    Job.contact_id,
    Job.external_id,
    Job.created_at,
    Job.updated_at,
)


class JobRepository(Repository[Job]):
    """Rows of `jobs`."""

    model = Job

    def views(self) -> Select[*tuple[Any, ...]]:
        """Select every content column."""
        return select(*CONTENT).where(Job.business_id == self.business_id)

    def searchable(self) -> Select[*tuple[Any, ...]]:
        """Select the views with their search text."""
        return self.views().add_columns(Job.search_text)

    def filtered(self, wanted: JobFilter) -> Select[*tuple[Any, ...]]:
        """Select the views, limited by the filters."""
        plain = conditions(
            Job,
            status_id=wanted.status_id,
            contact_id=wanted.contact_id,
            external_id=wanted.external_id,
            updated_since=wanted.updated_since,
        )
        statement = self.views().where(*plain)
        if wanted.q is None:
            return statement
        return statement.where(Job.search_text.contains(search_key(wanted.q), autoescape=True))

    async def set_status(self, job_ids: Collection[UUID], status_id: UUID) -> None:
        """Set the status of these jobs."""
        own = update(Job).where(Job.business_id == self.business_id, Job.id.in_(job_ids))
        await self.session.execute(own.values(status_id=status_id))
