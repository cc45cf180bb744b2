"""The instants at which tasks of businesses are due."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from api.platform.db.base import Base


class ScheduledTask(Base):
    """A task of one business and the next instant at which it is due."""

    __tablename__ = "scheduled_tasks"

    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id", ondelete="CASCADE"), primary_key=True)
    task: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(index=True)
