"""New businesses and the people who begin them."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID

from sqlalchemy import select

from api.identity import audit
from api.identity.models import Business, Membership, User
from api.identity.passwords import hashed
from api.platform.db.work import UnitOfWork
from api.platform.errors import Conflict, Fault
from api.platform.ids import encode

Beginning = Callable[[UnitOfWork, str], Awaitable[None]]

_CUSTOMS = {
    "NZ": {"currency": "NZD", "locale": "en-NZ", "time_zone": "Pacific/Auckland"},
    "AU": {"currency": "AUD", "locale": "en-AU", "time_zone": "Australia/Sydney"},
}


class EmailTaken(Conflict):
    """Somebody signed up with this address before."""

    code, title = "email_taken", "This e-mail address has signed up before"
    remedy = "Sign in with it, or use another address."


class BusinessService:
    """Makes businesses; each begins with an administrator and the first rows of every room."""

    def __init__(self, work: UnitOfWork, beginnings: Sequence[Beginning]) -> None:
        self._work = work
        self._beginnings = beginnings

    async def register(self, name: str, email: str, password: str) -> UUID:
        """A new user; EmailTaken when the address is known."""
        taken = select(User.id).where(User.email == email)
        if (await self._work.session.execute(taken)).scalar_one_or_none() is not None:
            raise EmailTaken(faults=[Fault(EmailTaken.code, EmailTaken.remedy, pointer="#/email")])
        user = User(email=email, name=name, password_hash=await hashed(password))
        self._work.session.add(user)
        await self._work.session.flush()
        return user.id

    async def begin(self, user_id: UUID, business_name: str, country: str) -> UUID:
        """A new business with this user as its administrator; the unit of work is in it afterwards."""
        business = Business(name=business_name, country=country, **_CUSTOMS[country])
        self._work.session.add(business)
        await self._work.session.flush()
        await self._work.enter(business.id, actor=encode("usr", user_id))
        self._work.session.add(Membership(business_id=business.id, user_id=user_id, role="admin"))
        audit.record(self._work, "business.begin", subject=encode("biz", business.id), country=country)
        for begin in self._beginnings:
            await begin(self._work, country)
        await self._work.session.flush()
        return business.id
