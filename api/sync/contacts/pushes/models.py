"""Pushes, and the contacts in them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.platform.db.base import Base, Owned
from api.platform.problems import ProblemRow
from api.platform.states import sql_in
from api.sync.contacts.pushes.states import UNFINISHED, PushAction, PushResult, PushState
from api.sync.writes.schemas import WaitingFor


class ContactPush(Owned, Base):
    """One push: of the schedule (`slot` is when its six hours begin) or of a person. A business has one at a time."""

    __tablename__ = "contact_pushes"
    __table_args__ = (
        CheckConstraint(sql_in("state", PushState), name="state_known"),
        CheckConstraint(sql_in("waiting_for", WaitingFor), name="waiting_for_known"),
        CheckConstraint(f"{' + '.join(PushResult)} = total", name="counts_add_up"),
        UniqueConstraint("business_id", "slot"),
        Index(
            "uq_contact_pushes_open",
            "business_id",
            unique=True,
            postgresql_where=text(sql_in("state", UNFINISHED)),
        ),
    )

    organisation_id: Mapped[UUID]
    started_by: Mapped[str | None]
    slot: Mapped[datetime | None]
    request_id: Mapped[str | None]
    state: Mapped[str] = mapped_column(default=PushState.QUEUED)
    waiting_for: Mapped[str | None]
    resume_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    # Contacts are compared in the order of their ids: up to which it was done, and whether to the end.
    compared_up_to: Mapped[UUID | None]
    compared: Mapped[bool] = mapped_column(default=False)
    total: Mapped[int] = mapped_column(default=0)
    waiting: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    unsure: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)


class ContactPushItem(Owned, Base):
    """One contact in one push."""

    __tablename__ = "contact_push_items"
    __table_args__ = (
        CheckConstraint(sql_in("action", PushAction), name="action_known"),
        CheckConstraint(sql_in("result", PushResult), name="result_known"),
        UniqueConstraint("push_id", "contact_id"),
        Index("ix_contact_push_items_push_id_result_id", "push_id", "result", "id"),
    )

    push_id: Mapped[UUID] = mapped_column(ForeignKey("contact_pushes.id", ondelete="CASCADE"))
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"), index=True)
    contact_name: Mapped[str]
    action: Mapped[str]
    result: Mapped[str] = mapped_column(default=PushResult.WAITING)
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    problems: Mapped[list[ProblemRow]] = mapped_column(JSONB, default=list)
    # Smaller when a whole call is refused or keeps failing, until the bad contact stands alone.
    batch_limit: Mapped[int] = mapped_column(default=50)
    # Set when Xero does not know the contact, which is then matched again; a second time is final.
    rechecked: Mapped[bool] = mapped_column(default=False)
