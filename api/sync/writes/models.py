"""The exact bytes of every attempt, what stands in it, and the queue of the businesses that have something to write."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from api.platform.db.base import Base, Leased, Owned
from api.platform.states import sql_in
from api.sync.writes.states import AttemptState, NextStep, WriteKind


class WriteAttempt(Owned, Base):
    """One call: its exact bytes and key, committed before the first byte is sent. `group_id` is the export, if any."""

    __tablename__ = "write_attempts"
    __table_args__ = (
        CheckConstraint(sql_in("kind", WriteKind), name="kind_known"),
        CheckConstraint(sql_in("state", AttemptState), name="state_known"),
        CheckConstraint(sql_in("next_step", NextStep), name="next_step_known"),
        CheckConstraint("state <> 'open' OR body IS NOT NULL", name="open_has_body"),
        Index("ix_write_attempts_open", "business_id", postgresql_where=text("state = 'open'")),
    )

    kind: Mapped[str]
    group_id: Mapped[UUID | None] = mapped_column(index=True)
    organisation_id: Mapped[UUID]
    idempotency_key: Mapped[str] = mapped_column(unique=True)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)  # null: no longer kept; its hash stays
    body_sha256: Mapped[str]
    batch_limit: Mapped[int]  # how many elements might stand in it; 1 if earlier attempts failed on its element
    state: Mapped[str] = mapped_column(default=AttemptState.OPEN)
    next_step: Mapped[str] = mapped_column(default=NextStep.SEND)
    outcome: Mapped[str | None]
    sends: Mapped[int] = mapped_column(default=0)
    server_errors: Mapped[int] = mapped_column(default=0)
    first_sent_at: Mapped[datetime | None]
    last_sent_at: Mapped[datetime | None]
    # By Xero's clock: of its last reply before the first sending, and of the first look-up after the last sending.
    sent_after: Mapped[datetime | None]
    quiet_since: Mapped[datetime | None]
    next_due: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    http_status: Mapped[int | None]
    correlation_id: Mapped[str | None]


class WriteAttemptElement(Base):
    """An element of an attempt, in the order of the body; an element is in one open attempt at most."""

    __tablename__ = "write_attempt_elements"
    __table_args__ = (
        Index("uq_write_attempt_elements_open", "element_id", unique=True, postgresql_where=text("open")),
    )

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("write_attempts.id", ondelete="CASCADE"), primary_key=True)
    element_id: Mapped[UUID] = mapped_column(primary_key=True)
    business_id: Mapped[UUID]  # of the attempt
    position: Mapped[int]
    open: Mapped[bool] = mapped_column(default=True)


class WriteQueue(Leased, Base):
    """When the writes of each business are due, and the lease of the worker that works on them."""

    __tablename__ = "write_queue"

    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id", ondelete="CASCADE"), primary_key=True)
    next_due: Mapped[datetime | None] = mapped_column(index=True)
    last_served_at: Mapped[datetime | None]
