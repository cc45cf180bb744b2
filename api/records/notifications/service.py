"""Telling a business what happened, and letting it catch up."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from api.platform.db.work import Database, UnitOfWork
from api.platform.log import current_request_id
from api.records.notifications.models import Notification
from api.records.notifications.repository import NotificationRepository

_LOOK_EVERY = 1.0  # seconds between two looks of somebody who waits


@dataclass(frozen=True)
class News:
    """A notification as one reader sees it."""

    id: UUID
    kind: str
    message: str
    created_at: datetime
    data: dict[str, Any]
    read: bool


@dataclass(frozen=True)
class Feed:
    """What came after a number, and how to go on; `last` is the number reached."""

    items: Sequence[News]
    last: int
    has_more: bool
    unread: int


class NotificationService:
    """The feed of one business."""

    def __init__(self, work: UnitOfWork) -> None:
        self._notifications = NotificationRepository(work)

    async def publish(self, kind: str, message: str, data: Mapping[str, Any], *, once: str | None = None) -> None:
        """Tell a fact in this transaction, last of all, as others wait to tell theirs; the same `once` is told once."""
        number = await self._notifications.take_number()
        if once is not None and await self._notifications.was_told(once):
            await self._notifications.put_number_back()
            return
        told = Notification(
            sequence=number, kind=kind, message=message, data=dict(data), once=once, request_id=current_request_id()
        )
        await self._notifications.add(told)

    async def after(self, number: int, limit: int, reader: UUID | None) -> Feed:
        """What happened after this number, oldest first, with what the reader has read."""
        rows = await self._notifications.after(number, limit + 1)
        read = await self._notifications.read_up_to(reader) if reader else 0
        newest = await self._notifications.newest()
        shown = rows[:limit]
        items = [News(row.id, row.kind, row.message, row.created_at, row.data, row.sequence <= read) for row in shown]
        last = shown[-1].sequence if shown else number
        return Feed(items, last, has_more=len(rows) > limit, unread=max(newest - read, 0))

    async def has_news(self, number: int) -> bool:
        """Whether anything happened after this number."""
        return await self._notifications.newest() > number

    async def mark_read(self, reader: UUID, number: int) -> None:
        """Everything up to this number is read."""
        await self._notifications.move_marker(reader, number)


async def await_news(database: Database, business_id: UUID, number: int, seconds: int) -> None:
    """Return once there is something after `number`, or when the time is up; holds no connection while it waits."""
    clock = asyncio.get_running_loop()
    deadline = clock.time() + seconds
    while (left := deadline - clock.time()) > 0:
        async with database.work(business_id) as work:
            if await NotificationService(work).has_news(number):
                return
        await asyncio.sleep(min(_LOOK_EVERY, left))
