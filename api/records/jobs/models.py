"""Jobs."""

from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.platform.db.base import Base, Owned
from api.records.text import search_key


class Job(Owned, Base):
    """A job: work for a contact."""

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("business_id", "external_id"),
        Index("ix_jobs_business_id_number_id", "business_id", "number", "id"),
    )

    number: Mapped[str]
    description: Mapped[str | None]
    customer_reference: Mapped[str | None]
    location: Mapped[str | None]
    status_id: Mapped[UUID | None] = mapped_column(ForeignKey("job_statuses.id", ondelete="RESTRICT"), index=True)
    contact_id: Mapped[UUID | None] = mapped_column(ForeignKey("contacts.id", ondelete="RESTRICT"), index=True)
    external_id: Mapped[str | None]
    search_text: Mapped[str]  # the texts in which lists search, without accents

    def set_search_text(self) -> None:
        """Compute `search_text` from the other columns; every change of them needs it."""
        texts = (self.number, self.description, self.customer_reference, self.location)
        self.search_text = search_key(" ".join(filter(None, texts)))
