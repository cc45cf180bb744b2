"""The feed, its counter and the read markers."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Uuid, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from api.platform.db.repository import Repository
from api.platform.ids import uuid7
from api.records.notifications.models import Notification, NotificationCounter, ReadMarker


class NotificationRepository(Repository[Notification]):
    """Rows of `notifications`."""

    model = Notification

    async def store(self, notification: Notification) -> None:
        """Store a notification under the next number, without reading it back; nothing if its `once` exists.

        Other writers of the business wait until this transaction ends, so numbers commit in order.
        """
        own = NotificationCounter.business_id == self.business_id
        taken = insert(NotificationCounter).values(business_id=self.business_id, last=1)
        taken = taken.on_conflict_do_update(index_elements=["business_id"], set_={"last": NotificationCounter.last + 1})
        number = taken.returning(NotificationCounter.last).cte("number")
        names = ("kind", "message", "data", "request_id", "once")
        given = [literal(getattr(notification, name), getattr(Notification, name).type) for name in names]
        columns = ["id", "business_id", "sequence", *names]
        new = insert(Notification).from_select(
            columns, select(literal(uuid7(), Uuid), literal(self.business_id, Uuid), number.c.last, *given)
        )
        new = new.on_conflict_do_nothing(index_elements=["business_id", "once"])
        stored = await self.session.execute(new.returning(Notification.id))
        if stored.scalar_one_or_none() is None:
            await self.session.execute(update(NotificationCounter).where(own).values(last=NotificationCounter.last - 1))

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
