"""The feed, its counter and the read markers."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, update
from sqlalchemy.dialects.postgresql import insert

from api.platform.db.repository import Repository
from api.platform.ids import uuid7
from api.records.notifications.models import Notification, NotificationCounter, ReadMarker


class NotificationRepository(Repository[Notification]):
    """Rows of `notifications`."""

    model = Notification

    async def take_number(self) -> int:
        """Take the next number. Other writers wait until this transaction ends, so numbers commit in order."""
        statement = insert(NotificationCounter).values(business_id=self.business_id, last=1)
        taken = await self.session.execute(
            statement.on_conflict_do_update(
                index_elements=["business_id"], set_={"last": NotificationCounter.last + 1}
            ).returning(NotificationCounter.last)
        )
        return taken.scalar_one()

    async def put_number_back(self) -> None:
        """Undo `take_number` of the same transaction."""
        own = NotificationCounter.business_id == self.business_id
        await self.session.execute(update(NotificationCounter).where(own).values(last=NotificationCounter.last - 1))

    async def store(self, notification: Notification) -> bool:
        """Store a new notification without reading it back; False, and nothing is stored, if its `once` exists."""
        columns = ("sequence", "kind", "message", "data", "request_id", "once")
        values = {name: getattr(notification, name) for name in columns} | {"business_id": self.business_id}
        statement = insert(Notification).values(id=uuid7(), **values)
        statement = statement.on_conflict_do_nothing(index_elements=["business_id", "once"])
        stored = await self.session.execute(statement.returning(Notification.id))
        return stored.scalar_one_or_none() is not None

    async def newest(self) -> int:
        """The number of the latest notification; 0 when there is none."""
        statement = select(NotificationCounter.last).where(NotificationCounter.business_id == self.business_id)
        return await self.session.scalar(statement) or 0

    async def after(self, number: int, limit: int) -> Sequence[Row[Any]]:
        """At most `limit` notifications after this number, oldest first."""
        columns = (
            Notification.id,
            Notification.sequence,
            Notification.kind,
            Notification.message,
            Notification.created_at,
            Notification.data,
        )
        statement = select(*columns).where(Notification.business_id == self.business_id, Notification.sequence > number)
        return (await self.session.execute(statement.order_by(Notification.sequence).limit(limit))).all()

    async def read_up_to(self, user_id: UUID) -> int:
        """The number up to which this user has read."""
        statement = select(ReadMarker.sequence).where(
            ReadMarker.business_id == self.business_id, ReadMarker.user_id == user_id
        )
        return await self.session.scalar(statement) or 0

    async def move_marker(self, user_id: UUID, number: int) -> None:
        """Move a user's marker forward; it never moves back."""
        statement = insert(ReadMarker).values(business_id=self.business_id, user_id=user_id, sequence=number)
        await self.session.execute(
            statement.on_conflict_do_update(
                index_elements=["business_id", "user_id"],
                set_={"sequence": func.greatest(ReadMarker.sequence, number)},
            )
        )
