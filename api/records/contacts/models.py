"""Contacts: persons and companies with their roles."""

from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from api.platform.db.base import Base, Owned
from api.platform.problems import ProblemRow
from api.platform.states import sql_in
from api.records.contacts.states import SyncState


class Contact(Owned, Base):
    """A person (`first_name`, `last_name`) or a company (`name`). Lists order and search by `sort_name`."""

    __tablename__ = "contacts"
    __table_args__ = (
        UniqueConstraint("business_id", "external_id"),
        CheckConstraint("kind IN ('person', 'company')", name="kind_known"),
        CheckConstraint(sql_in("sync_state", SyncState), name="sync_state_known"),
        Index("ix_contacts_business_id_sort_name_id", "business_id", "sort_name", "id"),
    )

    kind: Mapped[str]
    name: Mapped[str | None]
    first_name: Mapped[str | None]
    last_name: Mapped[str | None]
    sort_name: Mapped[str]
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    email: Mapped[str | None]
    phone: Mapped[str | None]
    address: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    tax_number: Mapped[str | None]
    payer_reference: Mapped[str | None]
    external_id: Mapped[str | None]
    # Neutral: written by sync only.
    sync_state: Mapped[str] = mapped_column(server_default=SyncState.NOT_SENT, default=SyncState.NOT_SENT)
    external_url: Mapped[str | None]
    # What it had when it was last in step with the ledger: a change back to it is no change.
    agreed_content: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    # The name under which it was asked which contact of the ledger it is. Only an answer ends the question, so another
    # way of naming persons does not.
    asked_as: Mapped[str | None]
    problems: Mapped[list[ProblemRow]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"), default=list)
    remarks: Mapped[list[ProblemRow]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"), default=list)
