"""What a call to one organisation needs from whoever remembers tokens and spent calls."""

from typing import Protocol
from uuid import UUID

from api.xero.limits import LimitReading


class TokenSource(Protocol):
    """Gives the bearer token of one grant."""

    async def access_token(self, *, refused: str | None = None) -> str:
        """A usable token. Xero has just answered 401 to `refused`: refresh, unless somebody already did.

        Raises XeroDisconnected when only the user can help, XeroBusy when Xero's token endpoint is away.
        """
        ...


class BudgetStore(Protocol):
    """Counts the calls to one organisation, shared by all workers."""

    async def reserve(self, deadline_seconds: float) -> UUID:
        """Take one call, in flight for at most `deadline_seconds`. Raises XeroBusy when nothing is left."""
        ...

    async def settle(self, call: UUID, reading: LimitReading, *, certain: bool) -> None:
        """Give the place in flight back; not `certain`: the call may still run, keep it to its deadline."""
        ...
