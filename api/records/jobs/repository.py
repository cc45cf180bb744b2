"""Jobs of one business."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, or_, select, update

from api.platform.db.repository import Repository
from api.records.jobs.models import Job

CONTENT: Final = (
    Job.id,
    Job.number,
    Job.description,
    Job.customer_reference,
    Job.location,
    Job.status_id,
    Job.contact_id,
    Job.external_id,
)


class JobRepository(Repository[Job]):
    """Rows of `jobs`."""

    model = Job

    def views(self) -> Select[*tuple[Any, ...]]:
        """Select every content column."""
        return select(*CONTENT).where(Job.business_id == self.business_id)

    def filtered(self, *, q: str | None, status_id: UUID | None, contact_id: UUID | None) -> Select[*tuple[Any, ...]]:
        """Select the views, limited by the filters."""
        statement = self.views()
        if q is not None:
            texts = (Job.number, Job.description, Job.customer_reference, Job.location)
            statement = statement.where(or_(*(column.icontains(q, autoescape=True) for column in texts)))
        if status_id is not None:
            statement = statement.where(Job.status_id == status_id)
        if contact_id is not None:
            statement = statement.where(Job.contact_id == contact_id)
        return statement

    async def set_status(self, job_ids: Collection[UUID], status_id: UUID) -> None:
        """Set the status of these jobs."""
        own = update(Job).where(Job.business_id == self.business_id, Job.id.in_(job_ids))
        await self.session.execute(own.values(status_id=status_id))
