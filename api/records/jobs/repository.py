"""Jobs of one business."""

from collections.abc import Collection, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, Select, Subquery, select, update

from api.platform.db.repository import Repository, is_any_of
from api.records.jobs.models import Job
from api.records.jobs.schemas import JobFilter
from api.records.repository import conditions
from api.records.text import containing, search_key

_CONTENT: Final = (
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

    def filtered(self, wanted: JobFilter) -> Select[*tuple[Any, ...]]:
        """Select the views, limited by the filters."""
        plain = conditions(
            Job,
            status_id=wanted.status_id,
            contact_id=wanted.contact_id,
            external_id=wanted.external_id,
            updated_since=wanted.updated_since,
        )
        statement = self._views().where(*plain)
        if wanted.q is None:
            return statement
        return statement.where(*(Job.search_text.like(containing(word)) for word in search_key(wanted.q).split()))

    async def views(self, ids: Collection[UUID]) -> Sequence[Row[*tuple[Any, ...]]]:
        """The content columns of these jobs."""
        return (await self.session.execute(self._views().where(is_any_of(Job.id, ids)))).all()

    def table(self) -> Subquery:
        """The content columns and the search text of every job, for other statements to join."""
        return self._views().add_columns(Job.search_text).subquery("job_views")

    async def set_status(self, job_ids: Collection[UUID], status_id: UUID) -> None:
        """Set the status of these jobs."""
        own = update(Job).where(Job.business_id == self.business_id, Job.id.in_(job_ids))
        await self.session.execute(own.values(status_id=status_id))

    def _views(self) -> Select[*tuple[Any, ...]]:
        return select(*_CONTENT).where(Job.business_id == self.business_id)
