"""Tables of identity. Users and sessions do not belong to a business."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from api.identity.states import MailState
from api.platform.clock import app_now
from api.platform.db.base import Base, Identified, Leased, Owned
from api.platform.states import sql_in


class Business(Identified, Base):
    """Our tenant: one trades business."""

    __tablename__ = "businesses"
    __table_args__ = (CheckConstraint("country IN ('NZ', 'AU')", name="country_known"),)

    name: Mapped[str]
    country: Mapped[str]
    currency: Mapped[str]
    locale: Mapped[str]
    time_zone: Mapped[str]


class User(Identified, Base):
    """A person who signs in. A user may belong to several businesses."""

    __tablename__ = "users"

    email: Mapped[str] = mapped_column(unique=True)  # stored in lower case
    name: Mapped[str]
    password_hash: Mapped[str]
    email_verified_at: Mapped[datetime | None]

    @property
    def email_verified(self) -> bool:
        """Whether the user has opened a link that was sent to the address."""
        return self.email_verified_at is not None


class Membership(Owned, Base):
    """What a user may do in a business."""

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("business_id", "user_id"),
        CheckConstraint("role IN ('viewer', 'member', 'admin')", name="role_known"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role: Mapped[str]
    wants_mail: Mapped[bool] = mapped_column(server_default=text("true"), default=True)


class Session(Identified, Base):
    """A signed-in browser. Only a hash of the cookie's secret is stored."""

    __tablename__ = "sessions"

    token_hash: Mapped[str] = mapped_column(unique=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id", ondelete="CASCADE"))
    browser: Mapped[str]  # in short words, like "Firefox on Windows"
    address: Mapped[str]
    confirmed_at: Mapped[datetime]  # when the user last gave the password in this session
    last_seen_at: Mapped[datetime] = mapped_column(server_default=app_now())
    expires_at: Mapped[datetime]


class ApiKey(Owned, Base):
    """A program's key, `jt_<handle>_<secret>`. Only a hash of the secret is stored."""

    __tablename__ = "api_keys"

    name: Mapped[str]
    handle: Mapped[str] = mapped_column(unique=True)
    secret_hash: Mapped[str]
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    expires_on: Mapped[date]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    @property
    def prefix(self) -> str:
        """The part of the key that may be seen."""
        return f"jt_{self.handle}"


class Invitation(Owned, Base):
    """A pending membership, accepted with the secret of its link. Only a hash of the secret is stored."""

    __tablename__ = "invitations"

    email: Mapped[str]
    role: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]


class OneTimeLink(Identified, Base):
    """A link to a page of the app that works once for one user. Only a hash of its secret is stored."""

    __tablename__ = "one_time_links"
    __table_args__ = (
        UniqueConstraint("user_id", "purpose"),
        CheckConstraint("purpose IN ('password_reset', 'email_verification')", name="purpose_known"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    purpose: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]


class Mail(Leased, Owned, Base):
    """A mail to a member about the business. It holds no secret, and its address is read when it is sent."""

    __tablename__ = "mails"
    __table_args__ = (
        UniqueConstraint("business_id", "user_id", "once"),
        CheckConstraint(sql_in("state", MailState), name="state_known"),
        Index("ix_mails_waiting", "due_at", postgresql_where=text(sql_in("state", [MailState.WAITING]))),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    once: Mapped[str]
    subject: Mapped[str]
    paragraphs: Mapped[list[str]] = mapped_column(ARRAY(Text))
    link_label: Mapped[str]
    link_path: Mapped[str]  # in the app
    state: Mapped[str] = mapped_column(default=MailState.WAITING)
    due_at: Mapped[datetime] = mapped_column(server_default=app_now())
    tries: Mapped[int] = mapped_column(server_default=text("0"), default=0)


class AuditEvent(Identified, Base):
    """Who did what, when and with what outcome. Rows are never changed or deleted."""

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_business_id_id", "business_id", "id"),
        Index("ix_audit_events_business_id_subject_id", "business_id", "subject", "id"),
    )

    business_id: Mapped[UUID | None] = mapped_column(ForeignKey("businesses.id", ondelete="SET NULL"))
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str | None]
    outcome: Mapped[str]
    request_id: Mapped[str | None]
    address: Mapped[str | None]  # where the request came from
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
