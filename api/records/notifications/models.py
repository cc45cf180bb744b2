"""The feed, numbered without gaps within a business."""

from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.platform.db.base import Base, Owned


class Notification(Owned, Base):
    """One finished English sentence and what it is about; `once` keeps a fact from being told twice."""

    __tablename__ = "notifications"
    __table_args__ = (UniqueConstraint("business_id", "sequence"), UniqueConstraint("business_id", "once"))

    sequence: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    message: Mapped[str]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    request_id: Mapped[str | None]
    once: Mapped[str | None]


class NotificationCounter(Base):
    """The last number given; taken inside the writing transaction, so a reader never skips a late commit."""

    __tablename__ = "notification_counters"

    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id", ondelete="CASCADE"), primary_key=True)
    last: Mapped[int] = mapped_column(BigInteger, default=0)


class ReadMarker(Base):
    """How far a user has read."""

    __tablename__ = "notification_read_markers"

    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger)
