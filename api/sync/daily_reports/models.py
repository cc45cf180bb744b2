"""The invoices of the last alarm."""

from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from api.platform.db.base import Base


class NeverSentAlarm(Base):
    """An invoice that an alarm has counted, for as long as it is approved and not sent."""

    __tablename__ = "never_sent_alarms"

    invoice_id: Mapped[UUID] = mapped_column(ForeignKey("invoices.id", ondelete="CASCADE"), primary_key=True)
    business_id: Mapped[UUID] = mapped_column(ForeignKey("businesses.id", ondelete="CASCADE"), index=True)
