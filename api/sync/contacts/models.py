"""The links from our contacts to Xero's, and the mirror of the organisation's contacts that matching reads."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from api.platform.db.base import Base, Owned
from api.platform.problems import ProblemRow


class ContactLink(Owned, Base):
    """One of our contacts in one organisation.

    `creating` from the decision to create it until it is in Xero or refused; `refused` if Xero refused its name, and
    nobody has decided anything; `doubted` after Xero has refused the
    contact of the link, until it has been read again. Only a merge in Xero leads several of ours to one contact.
    `decided` holds what a person decided about a contact without a link: with `decided_by`, that it is new; without,
    that it is not `xero_contact_id`.
    """

    __tablename__ = "contact_links"
    __table_args__ = (
        UniqueConstraint("organisation_id", "contact_id"),
        Index(
            "uq_contact_links_business_id_organisation_id_xero_contact_id",
            "business_id",
            "organisation_id",
            "xero_contact_id",
            unique=True,
            postgresql_where=text("decided_by <> 'merge'"),
        ),
        CheckConstraint("state IN ('creating', 'refused', 'linked', 'doubted', 'decided')", name="state_known"),
    )

    organisation_id: Mapped[UUID]
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id", ondelete="CASCADE"))
    state: Mapped[str]
    decided_by: Mapped[str | None]
    xero_contact_id: Mapped[UUID | None]
    # What agreed when it was decided, who decided (None: the rules did), and when.
    evidence: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    decided_by_user: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    # The name that a user chose for the contact in Xero, because ours is taken there.
    xero_name: Mapped[str | None]
    # By owned field, the value that both sides last agreed on; None: never compared.
    base: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    # Of a contact that is being created: halved until a bad element stands alone; whether it goes without its payer
    # reference, which another contact has; and the remarks that it gets once it is linked.
    batch_limit: Mapped[int] = mapped_column(default=50)
    without_reference: Mapped[bool] = mapped_column(default=False)
    # The fingerprint of the last write whose name Xero refused.
    refused_write: Mapped[str | None]
    remarks: Mapped[list[ProblemRow]] = mapped_column(JSONB, default=list)


class MirrorContact(Owned, Base):
    """A contact of the organisation, as of the last read; `name_key` and `account_key` are what is compared.

    People search in `plain_name`. Contacts with a key in `likeness_keys` in common may be duplicates.
    """

    __tablename__ = "mirror_contacts"
    __table_args__ = (
        UniqueConstraint("business_id", "xero_contact_id"),
        Index("ix_mirror_contacts_business_id_name_key", "business_id", "name_key"),
        Index("ix_mirror_contacts_business_id_contact_number", "business_id", "contact_number"),
        Index("ix_mirror_contacts_business_id_plain_name", "business_id", "plain_name"),
        Index("ix_mirror_contacts_business_id_account_key", "business_id", "account_key"),
        Index(
            "ix_mirror_contacts_merged_to", "business_id", "merged_to", postgresql_where=text("merged_to IS NOT NULL")
        ),
    )

    organisation_id: Mapped[UUID]
    xero_contact_id: Mapped[UUID]
    name: Mapped[str]
    name_key: Mapped[str]
    contact_number: Mapped[str | None]
    account_number: Mapped[str | None]
    account_key: Mapped[str | None]
    plain_name: Mapped[str]
    likeness_keys: Mapped[list[str]] = mapped_column(ARRAY(Text))
    email: Mapped[str | None]
    phones: Mapped[list[str]] = mapped_column(ARRAY(Text))
    first_name: Mapped[str | None]
    last_name: Mapped[str | None]
    # The slots as Xero has them, without empty fields: a write replaces a slot as a whole.
    address_slots: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    phone_slots: Mapped[list[dict[str, str]]] = mapped_column(JSONB)
    tax_number: Mapped[str | None]
    status: Mapped[str]
    merged_to: Mapped[UUID | None]
    is_customer: Mapped[bool]
    is_supplier: Mapped[bool]


class MirrorContactKey(Base):
    """An element of `likeness_keys`, stored by a trigger, so that contacts are found by it."""

    __tablename__ = "mirror_contact_keys"
    __table_args__ = (
        ForeignKeyConstraint(
            ["business_id", "xero_contact_id"],
            ["mirror_contacts.business_id", "mirror_contacts.xero_contact_id"],
            name="fk_mirror_contact_keys_contact",
            ondelete="CASCADE",
        ),
        Index("ix_mirror_contact_keys_contact", "business_id", "xero_contact_id"),
    )

    business_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    xero_contact_id: Mapped[UUID] = mapped_column(primary_key=True)


class MirrorCursor(Base):
    """Up to which change the mirror has read which organisation, by Xero's clock; None before it was read whole.

    A reading of several pages that has not ended goes on at `reading_offset`. It lists what changed since
    `reading_since`, or everything. `reading_count` is the length of its list, which must not become shorter.
    """

    __tablename__ = "mirror_cursors"

    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[UUID]
    read_up_to: Mapped[datetime | None]
    reading_since: Mapped[datetime | None]
    reading_began_at: Mapped[datetime | None]
    reading_offset: Mapped[int] = mapped_column(default=0)
    reading_count: Mapped[int | None]
