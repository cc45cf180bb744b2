"""The mirror of an organisation's reference data; a refresh replaces each part that it reads as a whole."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Numeric, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.platform.db.base import Base, Leased, Owned
from api.platform.problems import ProblemRow
from api.platform.states import sql_in
from api.sync.ledger.parts import Part
from api.sync.ledger.rows import OptionRow


class LedgerRefresh(Leased, Owned, Base):
    """One refresh of the mirror; at most one open per business."""

    __tablename__ = "ledger_refreshes"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="state_known"),
        Index(
            "uq_ledger_refreshes_open",
            "business_id",
            unique=True,
            postgresql_where=text("state IN ('queued', 'running')"),
        ),
    )

    state: Mapped[str] = mapped_column(default="queued")
    counts: Mapped[dict[str, int]] = mapped_column(JSONB, default=dict)
    problem: Mapped[ProblemRow | None] = mapped_column(JSONB(none_as_null=True))
    parts: Mapped[list[str]] = mapped_column(ARRAY(Text))  # asked for, and not begun
    reading: Mapped[list[str]] = mapped_column(ARRAY(Text))  # begun, by the holder of the lease or before
    next_due: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class LedgerOrganisation(Owned, Base):
    """The organisation itself, as of the last refresh."""

    __tablename__ = "ledger_organisations"

    organisation_id: Mapped[UUID]
    name: Mapped[str]
    short_code: Mapped[str | None]
    base_currency: Mapped[str | None]
    country: Mapped[str | None]
    time_zone: Mapped[str | None]
    period_lock_date: Mapped[date | None]
    year_lock_date: Mapped[date | None]
    plan: Mapped[str | None]
    pays_tax: Mapped[bool]


class LedgerAccount(Owned, Base):
    """One account of the chart; `code` is empty where Xero has none."""

    __tablename__ = "ledger_accounts"
    __table_args__ = (UniqueConstraint("business_id", "account_id"),)

    account_id: Mapped[UUID]
    code: Mapped[str]
    name: Mapped[str]
    type: Mapped[str]
    account_class: Mapped[str]
    status: Mapped[str]
    tax_type: Mapped[str | None]
    system_account: Mapped[str | None]  # what Xero uses it for; empty for an account of the business's own


class LedgerTaxRate(Owned, Base):
    """One tax rate; `applies_to` lists account classes in upper case."""

    __tablename__ = "ledger_tax_rates"
    __table_args__ = (UniqueConstraint("business_id", "tax_type"),)

    tax_type: Mapped[str]
    name: Mapped[str]
    rate: Mapped[Decimal] = mapped_column(Numeric)
    status: Mapped[str]
    applies_to: Mapped[list[str]] = mapped_column(JSONB)


class LedgerTrackingCategory(Owned, Base):
    """A tracking category; `options` are `{id, name, status}`."""

    __tablename__ = "ledger_tracking_categories"
    __table_args__ = (UniqueConstraint("business_id", "category_id"),)

    category_id: Mapped[str]
    name: Mapped[str]
    status: Mapped[str]
    options: Mapped[list[OptionRow]] = mapped_column(JSONB)


class LedgerCurrency(Owned, Base):
    """A currency that the organisation has."""

    __tablename__ = "ledger_currencies"
    __table_args__ = (UniqueConstraint("business_id", "code"),)

    code: Mapped[str]


class LedgerAction(Owned, Base):
    """Something that the connected user of Xero may do, or may not."""

    __tablename__ = "ledger_actions"
    __table_args__ = (UniqueConstraint("business_id", "name"),)

    name: Mapped[str]
    is_allowed: Mapped[bool]


class MirrorRead(Base):
    """When a part of the mirrors was last read, by the database's clock."""

    __tablename__ = "mirror_reads"
    __table_args__ = (CheckConstraint(sql_in("part", Part), name="part_known"),)

    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id", ondelete="CASCADE"), primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)
    organisation_id: Mapped[UUID]
    read_at: Mapped[datetime]


class LedgerItem(Owned, Base):
    """An item of Xero's catalogue."""

    __tablename__ = "ledger_items"
    __table_args__ = (UniqueConstraint("business_id", "code"),)

    code: Mapped[str]
    name: Mapped[str]
    is_tracked: Mapped[bool]
