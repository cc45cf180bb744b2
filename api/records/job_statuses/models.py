"""Job statuses."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from api.platform.db.base import Base, Owned


class JobStatus(Owned, Base):
    """A name a business gives to a stage of its jobs."""

    __tablename__ = "job_statuses"
    __table_args__ = (UniqueConstraint("business_id", "name"),)

    name: Mapped[str]
