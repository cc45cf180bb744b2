"""Jobs of one business."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, or_, select, update

from api.platform.db.repository import Repository
from api.records.jobs.models import Job

CONTENT: Final = (
    Job.id, Job.number, Job.description, Job.customer_reference, Job.location, Job.status_id, Job.contact_id,
    Job.external_id,
)  # fmt: skip


class JobRepository(Repository[Job]):
    """Pieces of work."""

    model = Job

    def views(self) -> Select[*tuple[Any, ...]]:
        """Every content column."""
        return select(*CONTENT).where(Job.business_id == self.business_id)

    def chosen(self, *, q: str | None, status_id: UUID | None, contact_id: UUID | None) -> Select[*tuple[Any, ...]]:
        """Cards narrowed to what is asked for."""
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
        """Put these jobs into a status."""
        own = update(Job).where(Job.business_id == self.business_id, Job.id.in_(job_ids))
        await self.session.execute(own.values(status_id=status_id))
