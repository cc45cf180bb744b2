"""Protocols that the caller implements: the source of tokens and the store of spent calls."""

from typing import Protocol
from uuid import UUID

from api.xero.clock import ClockReading
from api.xero.limits import LimitReading


class TokenSource(Protocol):
    """The source of the bearer token of one grant."""

    async def access_token(self, *, refused: str | None = None) -> str:
        """Return a usable token. Xero has just answered 401 to `refused`: refresh it, unless another worker did.

        Raises XeroDisconnected when only the user can help, XeroBusy when Xero's token endpoint does not answer.
        """
        ...

    async def note_refusal(self) -> None:
        """Xero refuses a token that it has just given. Raises XeroDisconnected after ten minutes of nothing else."""
        ...

    async def note_acceptance(self) -> None:
        """Xero accepts the token."""
        ...

    async def is_listed(self, tenant_id: str) -> bool:
        """Ask Xero whether the user is still connected to this organisation; XeroBusy if it does not say."""
        ...


class BudgetStore(Protocol):
    """The count of calls to one organisation, shared by all workers."""

    async def reserve(self, deadline_seconds: float) -> UUID:
        """Reserve one call, in flight for at most `deadline_seconds`. Raises XeroBusy when no call is left."""
        ...

    async def settle(
        self, call: UUID, reading: LimitReading, *, certain: bool, clock: ClockReading | None = None
    ) -> None:
        """End the reservation. Without `certain` the call may still run, so it stays in flight until its deadline.

        `clock` is what Xero's clock showed, if the reply says so; this is called as soon as the reply is complete.
        """
        ...
