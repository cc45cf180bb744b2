"""Users as such: found by address, proven by password, registered once."""

from uuid import UUID

from sqlalchemy import select

from api.identity.models import User
from api.identity.passwords import hashed, matches
from api.platform.db.work import UnitOfWork
from api.platform.errors import Conflict, Fault


class EmailTaken(Conflict):
    """Somebody signed up with this address before."""

    code, title = "email_taken", "This e-mail address has signed up before"
    remedy = "Sign in with it, or use another address."


async def find(work: UnitOfWork, email: str) -> User | None:
    """The user with this address, already in lower case."""
    return (await work.session.execute(select(User).where(User.email == email))).scalar_one_or_none()


async def proves(user: User | None, password: str) -> bool:
    """Whether the password is this user's; an unknown user takes as long."""
    return await matches(password, user.password_hash if user else None)


async def register(work: UnitOfWork, name: str, email: str, password: str) -> UUID:
    """A new user; EmailTaken when the address is known."""
    if await find(work, email) is not None:
        raise EmailTaken(faults=[Fault(EmailTaken.code, EmailTaken.remedy, pointer="#/email")])
    user = User(email=email, name=name, password_hash=await hashed(password))
    work.session.add(user)
    await work.session.flush()
    return user.id
