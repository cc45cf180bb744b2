"""Creation of businesses."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from api.identity.audit.service import record_event
from api.identity.businesses.repository import BusinessRepository
from api.identity.models import Business, Membership
from api.platform.db.work import UnitOfWork
from api.platform.ids import encode, uuid7

Beginning = Callable[[UnitOfWork, str], Awaitable[None]]

_COUNTRY_DEFAULTS = {
    "NZ": {"currency": "NZD", "locale": "en-NZ", "time_zone": "Pacific/Auckland"},
    "AU": {"currency": "AUD", "locale": "en-AU", "time_zone": "Australia/Sydney"},
}


async def home_currency(work: UnitOfWork) -> str:
    """The currency of the business of the unit of work, as an ISO 4217 code."""
    return await BusinessRepository(work).currency()


async def business_name(work: UnitOfWork) -> str:
    """The name of the business of the unit of work."""
    return await BusinessRepository(work).name()


async def home_time_zone(work: UnitOfWork) -> str:
    """The IANA name of the time zone of the business of the unit of work."""
    return await BusinessRepository(work).time_zone()


class BusinessService:
    """Creates businesses, each with an administrator and the first rows of every package."""

    def __init__(self, work: UnitOfWork, beginnings: Sequence[Beginning]) -> None:
        self._work = work
        self._beginnings = beginnings

    async def begin(self, user_id: UUID, business_name: str, country: str) -> UUID:
        """Create a business with this user as its administrator. Afterwards the unit of work is in that business."""
        business = Business(id=uuid7(), name=business_name, country=country, **_COUNTRY_DEFAULTS[country])
        await self._work.enter(business.id, actor=encode("usr", user_id))
        self._work.session.add(business)
        await self._work.session.flush()
        self._work.session.add(Membership(business_id=business.id, user_id=user_id, role="admin"))
        record_event(self._work, "business.begin", subject=encode("biz", business.id), country=country)
        for begin in self._beginnings:
            await begin(self._work, country)
        await self._work.session.flush()
        return business.id
