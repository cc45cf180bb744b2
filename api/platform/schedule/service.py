"""Scheduling tasks of a business, and waking those that are due."""

import random
from datetime import datetime, timedelta
from typing import Final

from api.platform.db.work import SYSTEM, Database, UnitOfWork
from api.platform.schedule.repository import claim_due, remove, store

# A task that has not said within this time when it is due again has failed or was lost, and is woken again.
CLAIMED_FOR: Final = timedelta(minutes=5)
_WOKEN_AT_ONCE: Final = 200  # the next sweep, seconds later, wakes the others


async def schedule(work: UnitOfWork, task: str, due_at: datetime) -> None:
    """Have the task of this business woken at this instant, in place of the one that was planned."""
    await store(work, work.business_id, task, due_at)


async def schedule_within(work: UnitOfWork, task: str, earliest: timedelta, latest: timedelta) -> None:
    """Have the task woken after a time between these two, so that the tasks of many businesses are spread."""
    wait = earliest + (latest - earliest) * random.random()
    await schedule(work, task, await work.now() + wait)


async def unschedule(work: UnitOfWork, task: str) -> None:
    """Have the task of this business not woken any more."""
    await remove(work, work.business_id, task)


async def wake_due(database: Database) -> None:
    """Wake a worker for each task that is due. A task says itself when it is due again."""
    async with database.work(SYSTEM) as work:
        for task, business_id in await claim_due(work, _WOKEN_AT_ONCE, CLAIMED_FOR):
            work.wake_after_commit(task, business_id)
