"""The row of one business."""

from sqlalchemy import select

from api.identity.models import Business
from api.platform.db.work import UnitOfWork


class BusinessRepository:
    """The business of the unit of work."""

    def __init__(self, work: UnitOfWork) -> None:
        self._session = work.session
        self._business_id = work.business_id

    async def currency(self) -> str:
        """Its currency."""
        statement = select(Business.currency).where(Business.id == self._business_id)
        return (await self._session.execute(statement)).scalar_one()

    async def name(self) -> str:
        """Its name."""
        statement = select(Business.name).where(Business.id == self._business_id)
        return (await self._session.execute(statement)).scalar_one()

    async def time_zone(self) -> str:
        """Its time zone."""
        statement = select(Business.time_zone).where(Business.id == self._business_id)
        return (await self._session.execute(statement)).scalar_one()
