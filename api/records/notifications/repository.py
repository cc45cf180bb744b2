"""The feed, its counter and the read markers."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Uuid,
    bindparam,
    func,
    literal,
    literal_column,
    outerjoin,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from api.platform.db.repository import Repository
from api.platform.ids import uuid7
from api.records.notifications.models import Notification, NotificationCounter, ReadMarker

_SHOWN: Final = (
    Notification.id,
    Notification.sequence,
    Notification.kind,
    Notification.message,
    Notification.created_at,
    Notification.data,
)


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

    def feed(self, user_id: ColumnElement[UUID], limit: int) -> Select[*tuple[Any, ...]]:
        """The statement of at most `limit` notifications after the number `after`, oldest first.

        Each row has `newest`, the number of the latest notification, and `read`, up to which this user has read. If
        there is no notification, one row has these alone.
        """
        newest = select(NotificationCounter.last).where(NotificationCounter.business_id == self.business_id)
        read = select(ReadMarker.sequence).where(
            ReadMarker.business_id == self.business_id, ReadMarker.user_id == user_id
        )
        state = select(
            func.coalesce(newest.scalar_subquery(), 0).label("newest"),
            func.coalesce(read.scalar_subquery(), 0).label("read"),
        ).subquery("state")
        own = select(*_SHOWN).where(
            Notification.business_id == self.business_id,
            Notification.sequence > bindparam("after", 0, type_=BigInteger()),
        )
        shown = own.order_by(Notification.sequence).limit(literal_column(str(limit), Integer)).subquery("shown")
        return select(state, shown).select_from(outerjoin(state, shown, true())).order_by(shown.c.sequence)

    async def move_marker(self, user_id: UUID, number: int) -> None:
        """Move a user's marker forward; it never moves back."""
        statement = insert(ReadMarker).values(business_id=self.business_id, user_id=user_id, sequence=number)
        await self.session.execute(
            statement.on_conflict_do_update(
                index_elements=["business_id", "user_id"],
                set_={"sequence": func.greatest(ReadMarker.sequence, number)},
            )
        )
