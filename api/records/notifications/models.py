"""The feed, numbered without gaps within a business."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.platform.db.base import Base, Owned


class Notification(Owned, Base):
    """One complete English sentence with its data. `once` prevents a second notification about the same event."""

    __tablename__ = "notifications"
    __table_args__ = (UniqueConstraint("business_id", "sequence"), UniqueConstraint("business_id", "once"))

    sequence: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    message: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    request_id: Mapped[str | None]
    once: Mapped[str | None]


class NotificationCounter(Base):
    """The last number in use. The writing transaction locks it, so a reader never skips a late commit."""

    __tablename__ = "notification_counters"

    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id", ondelete="CASCADE"), primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger, default=0)


class ReadMarker(Base):
    """The number up to which a user has read."""

    __tablename__ = "notification_read_markers"

    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
