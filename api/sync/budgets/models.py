"""The calls spent on each organisation, and what Xero said about its limits and its clock."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.platform.db.base import Base


class Budget(Base):
    """What Xero last said about limits and time, by organisation; its row is the lock that calls queue on."""

    __tablename__ = "budgets"

    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    blocked_until: Mapped[datetime | None]
    blocked_by: Mapped[str | None]
    reading: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    read_at: Mapped[datetime | None]
    day_count_at_reading: Mapped[int] = mapped_column(default=0)
    day_begins_at: Mapped[datetime | None]  # when Xero's next day begins, as the last refusal of a day said
    xero_clock_ahead: Mapped[timedelta | None]
    clock_read_at: Mapped[datetime | None]


class SpentCall(Base):
    """One call to an organisation, in flight until settled or past its deadline."""

    __tablename__ = "spent_calls"
    __table_args__ = (Index("ix_spent_calls_organisation_id_started_at", "organisation_id", "started_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    started_at: Mapped[datetime]
    deadline: Mapped[datetime]
    settled_at: Mapped[datetime | None]
