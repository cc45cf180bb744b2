"""The declarative base: constraint names, column types, and what every table has."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, MetaData, Text, Uuid, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from api.platform.ids import uuid7

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Every table: UUIDv7 key made here, instants with time zone, text without length (schemas check it)."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {str: Text, UUID: Uuid, datetime: DateTime(timezone=True)}


class Identified:
    """A row with an id of ours and the instant it was made."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Owned(Identified):
    """A row that belongs to one business; repositories narrow every statement to it."""

    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id", ondelete="CASCADE"), index=True)
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())
