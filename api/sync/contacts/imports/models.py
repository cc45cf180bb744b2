"""Imports, the contacts of Xero in them, and whether the import is still offered."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.platform.db.base import Base, Leased, Owned
from api.platform.problems import ProblemRow
from api.platform.states import sql_in
from api.sync.contacts.imports.rows import DifferenceRow, DuplicateRow, XeroContactRow
from api.sync.contacts.imports.states import (
    OPEN_STATES,
    ImportMode,
    ImportState,
    ImportStep,
    ItemDecision,
    ItemGroup,
    ItemResult,
)
from api.sync.writes.schemas import WaitingFor


class ContactImport(Leased, Owned, Base):
    """One preview or import; at most one of a business is open. One with `preview_id` has the items of the other."""

    __tablename__ = "contact_imports"
    __table_args__ = (
        CheckConstraint(sql_in("mode", ImportMode), name="mode_known"),
        CheckConstraint(sql_in("state", ImportState), name="state_known"),
        CheckConstraint(sql_in("step", ImportStep), name="step_known"),
        CheckConstraint(sql_in("waiting_for", WaitingFor), name="waiting_for_known"),
        Index(
            "uq_contact_imports_open", "business_id", unique=True, postgresql_where=text(sql_in("state", OPEN_STATES))
        ),
    )

    organisation_id: Mapped[UUID]
    organisation_name: Mapped[str]
    mode: Mapped[str]
    preview_id: Mapped[UUID | None] = mapped_column(ForeignKey("contact_imports.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(default=ImportState.QUEUED)
    step: Mapped[str] = mapped_column(default=ImportStep.READ)
    # In the order of Xero's ids, the last contact that the present step has done.
    done_up_to: Mapped[UUID | None]
    waiting_for: Mapped[str | None]
    resume_at: Mapped[datetime | None]
    next_due: Mapped[datetime]
    started_by: Mapped[str]
    actor: Mapped[str | None]
    request_id: Mapped[str | None]
    # Whom to import; empty: everybody.
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    read: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    matched: Mapped[int] = mapped_column(default=0)
    possible_duplicate: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    archived: Mapped[int] = mapped_column(default=0)
    imported: Mapped[int] = mapped_column(default=0)
    linked: Mapped[int] = mapped_column(default=0)
    left_out: Mapped[int] = mapped_column(default=0)
    undecided: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    problem: Mapped[ProblemRow | None] = mapped_column(JSONB(none_as_null=True))
    finished_at: Mapped[datetime | None]

    @property
    def source_id(self) -> UUID:
        """The import that has the items."""
        return self.preview_id or self.id


class ContactImportItem(Owned, Base):
    """One contact of Xero as it was when it was grouped, what was decided about it, and what came of it."""

    __tablename__ = "contact_import_items"
    __table_args__ = (
        UniqueConstraint("import_id", "xero_contact_id"),
        CheckConstraint(sql_in("item_group", ItemGroup), name="item_group_known"),
        CheckConstraint(sql_in("decision", ItemDecision), name="decision_known"),
        CheckConstraint(sql_in("result", ItemResult), name="result_known"),
        Index("ix_contact_import_items_import_id_name_key_id", "import_id", "name_key", "id"),
    )

    import_id: Mapped[UUID] = mapped_column(ForeignKey("contact_imports.id", ondelete="CASCADE"))
    xero_contact_id: Mapped[UUID]
    name_key: Mapped[str]
    xero: Mapped[XeroContactRow] = mapped_column(JSONB)
    item_group: Mapped[str]
    # Ours that it is, or the first one of those that it may be.
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("contacts.id", ondelete="SET NULL"), index=True)
    contact_name: Mapped[str | None]
    evidence: Mapped[list[str]] = mapped_column(ARRAY(Text))
    differs: Mapped[list[DifferenceRow]] = mapped_column(JSONB)
    possible_duplicates: Mapped[list[DuplicateRow]] = mapped_column(JSONB)
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    decision: Mapped[str | None]
    decided_contact_id: Mapped[UUID | None]
    result: Mapped[str | None]
    problems: Mapped[list[ProblemRow]] = mapped_column(JSONB, default=list)


class ContactImportOffer(Base):
    """That the import from an organisation was put off, or was done. Without a row it is open."""

    __tablename__ = "contact_import_offers"
    __table_args__ = (CheckConstraint("state IN ('put_off', 'done')", name="state_known"),)

    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str]
