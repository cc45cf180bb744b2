"""Notifications: publish them, read the feed, wait for new ones."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from api.identity.reader import Reader
from api.platform.db.reads import OWN_USER, STATEMENTS, Read
from api.platform.db.work import Database, UnitOfWork
from api.platform.log import current_request_id
from api.records.notifications.models import Notification
from api.records.notifications.repository import NotificationRepository

_POLL_SECONDS = 1.0  # between two queries of a waiting request


@dataclass(frozen=True)
class FeedEntry:
    """A notification with its read state for one user."""

    id: UUID
    kind: str
    message: str
    created_at: datetime
    data: dict[str, Any]
    read: bool


@dataclass(frozen=True)
class Feed:
    """The notifications after a number. `last` is the number of the last of them."""

    items: Sequence[FeedEntry]
    last: int
    has_more: bool
    unread: int


class NotificationService:
    """The feed of one business."""

    def __init__(self, work: UnitOfWork) -> None:
        self._notifications = NotificationRepository(work)

    async def publish(self, kind: str, message: str, data: Mapping[str, Any], *, once: str | None = None) -> None:
        """Publish a notification in this transaction. The same `once` is published once.

        Call it last in a transaction: other writers of the business wait until the transaction ends.
        """
        notification = Notification(
            kind=kind, message=message, data=dict(data), once=once, request_id=current_request_id()
        )
        await self._notifications.store(notification)

    async def has_newer(self, number: int) -> bool:
        """Whether there is a notification after this number."""
        return await self._notifications.newest() > number

    async def mark_read(self, reader: UUID, number: int) -> None:
        """Mark everything up to this number as read."""
        await self._notifications.move_marker(reader, number)


async def read_feed(reader: Reader, number: int, limit: int) -> Feed:
    """Read the notifications after this number, oldest first, with the read state of the user who reads."""
    (rows,) = await reader.fetch(_feed(limit + 1).with_values(after=number))
    newest, read = rows[0]["newest"], rows[0]["read"]
    numbered = [row for row in rows if row["id"] is not None]
    shown = numbered[:limit]
    items = [
        FeedEntry(row["id"], row["kind"], row["message"], row["created_at"], row["data"], row["sequence"] <= read)
        for row in shown
    ]
    last = shown[-1]["sequence"] if shown else number
    return Feed(items, last, has_more=len(numbered) > limit, unread=max(newest - read, 0))


@lru_cache
def _feed(limit: int) -> Read:
    return Read.of(NotificationRepository(STATEMENTS).feed(OWN_USER, limit))


async def wait_for_notifications(database: Database, business_id: UUID, number: int, seconds: int) -> None:
    """Wait until there is a notification after `number` or the time is over. It holds no connection while it waits."""
    clock = asyncio.get_running_loop()
    deadline = clock.time() + seconds
    while (left := deadline - clock.time()) > 0:
        async with database.work(business_id) as work:
            if await NotificationService(work).has_newer(number):
                return
        await asyncio.sleep(min(_POLL_SECONDS, left))
