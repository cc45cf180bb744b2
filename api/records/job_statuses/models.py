"""Job statuses."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from api.platform.db.base import Base, Owned


class JobStatus(Owned, Base):
    """A status of jobs, named by the business."""

    __tablename__ = "job_statuses"
    __table_args__ = (UniqueConstraint("business_id", "name"),)

    name: Mapped[str]
