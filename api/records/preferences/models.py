"""Preferences."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from api.platform.db.base import Base, Owned


class Preferences(Owned, Base):
    """One row per business, created at sign-up."""

    __tablename__ = "preferences"

    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id", ondelete="CASCADE"), unique=True)
    person_name_format: Mapped[str] = mapped_column(default="first_last")
    send_payer_reference: Mapped[bool] = mapped_column(default=False)
    contact_push_enabled: Mapped[bool] = mapped_column(default=False)
    default_income_code: Mapped[str | None]
    default_expense_code: Mapped[str | None]
    tracking_category_id: Mapped[str | None]
    reference_parts: Mapped[list[str]] = mapped_column(ARRAY(Text), default=lambda: ["job_number"])
    reference_on_bills: Mapped[bool] = mapped_column(default=False)
    customer_invoice_status: Mapped[str] = mapped_column(default="DRAFT")
    supplier_invoice_status: Mapped[str] = mapped_column(default="DRAFT")
    default_sales_tax_type: Mapped[str | None]
    default_purchase_tax_type: Mapped[str | None]
    send_item_codes: Mapped[bool] = mapped_column(default=False)
    mark_as_sent: Mapped[bool] = mapped_column(default=False)
    skip_tracking_setup: Mapped[bool] = mapped_column(default=False)
    job_status_on_export: Mapped[UUID | None] = mapped_column(ForeignKey("job_statuses.id", ondelete="RESTRICT"))
    send_from_date: Mapped[date | None]
    # After how many days approved invoices that were never sent raise an alarm; 0 and null: never.
    never_sent_alarm_days: Mapped[int | None] = mapped_column(default=3)
    digest_mail: Mapped[bool] = mapped_column(default=False)
