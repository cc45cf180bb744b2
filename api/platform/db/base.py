"""The declarative base: constraint names, column types, and the columns that tables share."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, ForeignKey, MetaData, Text, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from api.platform.clock import app_now
from api.platform.ids import uuid7

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table: instants have a time zone, text has no length (the schemas check it)."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {str: Text, UUID: Uuid, datetime: DateTime(timezone=True)}


class Identified:
    """A row with a UUIDv7 and the instant at which it was created."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    created_at: Mapped[datetime] = mapped_column(server_default=app_now())


class Owned(Identified):
    """A row of one business; repositories restrict every statement to that business."""

    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id", ondelete="CASCADE"), index=True)
    updated_at: Mapped[datetime] = mapped_column(server_default=app_now(), onupdate=app_now())


class Leased:
    """A row that one process at a time works on; `lease.py` reads and writes these columns."""

    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(BigInteger, default=0)
