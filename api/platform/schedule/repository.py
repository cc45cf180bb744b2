"""SQL of scheduled tasks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Row, delete, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from api.platform.clock import app_now
from api.platform.db.work import UnitOfWork
from api.platform.schedule.models import ScheduledTask


async def store(work: UnitOfWork, business_id: UUID, task: str, due_at: datetime) -> None:
    """Store when the task is due, whatever was stored before."""
    statement = insert(ScheduledTask).values(business_id=business_id, task=task, due_at=due_at)
    await work.session.execute(
        statement.on_conflict_do_update(index_elements=["business_id", "task"], set_={"due_at": due_at})
    )


async def remove(work: UnitOfWork, business_id: UUID, task: str) -> None:
    """The task is not due any more."""
    own = (ScheduledTask.business_id == business_id, ScheduledTask.task == task)
    await work.session.execute(delete(ScheduledTask).where(*own))


async def claim_due(work: UnitOfWork, limit: int, claimed_for: timedelta) -> Sequence[Row[str, UUID]]:
    """The tasks that are due, of all businesses; another process gets the same ones after this period only."""
    key = tuple_(ScheduledTask.business_id, ScheduledTask.task)
    due = (
        select(ScheduledTask.business_id, ScheduledTask.task)
        .where(ScheduledTask.due_at <= app_now())
        .order_by(ScheduledTask.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    claimed = update(ScheduledTask).where(key.in_(due)).values(due_at=app_now() + claimed_for)
    returned = claimed.returning(ScheduledTask.task, ScheduledTask.business_id)
    return (await work.session.execute(returned.execution_options(synchronize_session=False))).all()
