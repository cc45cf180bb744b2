"""Connections, the grants behind them, and consents under way."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.platform.db.base import Base, Identified, Leased, Owned
from api.platform.problems import ProblemRow
from api.platform.states import sql_in
from api.sync.connections.states import ConnectionState


class Grant(Leased, Identified, Base):
    """One Xero user's token set, sealed; it may serve connections of several businesses."""

    __tablename__ = "grants"

    xero_user_id: Mapped[str | None] = mapped_column(unique=True)
    xero_user_name: Mapped[str | None]
    access_token: Mapped[str]
    refresh_token: Mapped[str]
    # Xero honours the token before the last one for 30 minutes, in case its reply was lost.
    previous_refresh_token: Mapped[str | None]
    previous_until: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    refreshed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    # Since when, and when last, Xero refused tokens that it had just given; the first is empty once it accepts them.
    refused_since: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Connection(Owned, Base):
    """A business's connection to one organisation; kept when it ends, so that a reconnect finds everything."""

    __tablename__ = "connections"
    __table_args__ = (
        CheckConstraint(sql_in("state", ConnectionState), name="state_known"),
        Index(
            "uq_connections_organisation_id_connected",
            "organisation_id",
            unique=True,
            postgresql_where=text(sql_in("state", [ConnectionState.CONNECTED])),
        ),
    )

    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id", ondelete="CASCADE"), unique=True)
    state: Mapped[str]
    grant_id: Mapped[UUID | None] = mapped_column(ForeignKey("grants.id", ondelete="SET NULL"), index=True)
    xero_connection_id: Mapped[UUID]
    organisation_id: Mapped[UUID]
    organisation_name: Mapped[str]
    connected_by: Mapped[str]
    connected_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    used_at: Mapped[datetime]  # when it last served its business, and was not only watched
    unreachable_since: Mapped[datetime | None]
    # Why a person has to act at Xero. With `held_until`, the connection still exists and is tried again then.
    problem: Mapped[ProblemRow | None] = mapped_column(JSONB(none_as_null=True))
    held_until: Mapped[datetime | None]


class Authorization(Base):
    """A consent begun in one browser session: used once, within ten minutes."""

    __tablename__ = "authorizations"

    state_hash: Mapped[str] = mapped_column(primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sessions.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    code_verifier: Mapped[str]
    nonce: Mapped[str]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class OfferedOrganisation(Owned, Base):
    """One of several organisations a consent gave, until the user has chosen."""

    __tablename__ = "offered_organisations"

    grant_id: Mapped[UUID] = mapped_column(ForeignKey("grants.id", ondelete="CASCADE"))
    xero_connection_id: Mapped[UUID]
    organisation_id: Mapped[UUID]
    organisation_name: Mapped[str]
    # What Xero says of it, where it says anything, so that organisations of one name differ.
    short_code: Mapped[str | None]
    country_code: Mapped[str | None]
    currency: Mapped[str | None]
    organisation_created_at: Mapped[datetime | None]
    offered_to: Mapped[str]
