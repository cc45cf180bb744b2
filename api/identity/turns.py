"""Who is next where few can be served at once: known devices first, then networks by turns."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import Final

from api.platform.errors import Unavailable

_MOST_WAITING: Final = 64
_RETRY_SECONDS: Final = 2
# So much of a turn each request takes from the others of its region: eight networks of it share a turn.
_OF_A_REGION: Final = 0.125
_REGION_BITS: Final = {4: 24, 6: 48}  # of an address, which one provider or one of its customers has


@dataclass(frozen=True)
class Waiter:
    """Who waits: an unknown caller of a network, or a device or session that is known for the account."""

    name: str
    is_known: bool = False

    @property
    def region(self) -> str:
        """The wider network of an unknown caller."""
        try:
            address = ip_network(self.name, strict=False).network_address
        except ValueError:
            return self.name
        return str(ip_network((address, _REGION_BITS[ip_address(address).version]), strict=False))


@dataclass(order=True)
class _Place:
    """A place in the line: known ones first, then by turn, then as they came."""

    is_unknown: bool
    turn: float
    number: int
    called: asyncio.Future[None] = field(compare=False)


class Turns:
    """Serves so many at once. Each network has a turn when its last request has been served, whatever others send.

    If too many wait, the one that would be served last is refused with Unavailable.
    """

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._line: list[_Place] = []
        self._last_turns: dict[str, float] = {}
        self._present_turn = 0.0
        self._number = 0

    @asynccontextmanager
    async def turn(self, waiter: Waiter) -> AsyncIterator[None]:
        """Wait for the turn of this one, and keep it until the end of the block. Raises Unavailable."""
        await self._enter(waiter)
        try:
            yield
        finally:
            self._leave()

    async def _enter(self, waiter: Waiter) -> None:
        if self._free > 0:
            self._free -= 1
            return
        place = self._join(waiter)
        try:
            await place.called
        except asyncio.CancelledError:
            if place.called.done() and not place.called.cancelled():
                self._leave()  # it was called, and nobody is there any more
            elif place in self._line:
                self._line.remove(place)
            raise

    def _join(self, waiter: Waiter) -> _Place:
        self._number += 1
        called = asyncio.get_running_loop().create_future()
        place = _Place(not waiter.is_known, self._turn_of(waiter), self._number, called)
        self._line.append(place)
        if len(self._line) > _MOST_WAITING:
            last = max(self._line)
            self._line.remove(last)
            last.called.set_exception(Unavailable(headers={"Retry-After": str(_RETRY_SECONDS)}))
        return place

    def _turn_of(self, waiter: Waiter) -> float:
        own, region = f"own {waiter.name}", f"region {waiter.region}"
        turn = max(
            self._present_turn + 1,
            self._last_turns.get(own, 0.0) + 1,
            self._last_turns.get(region, 0.0) + _OF_A_REGION,
        )
        self._last_turns[own] = self._last_turns[region] = turn
        return turn

    def _leave(self) -> None:
        waiting = [place for place in self._line if not place.called.done()]
        if not waiting:
            self._free += 1
            self._line.clear()
            self._last_turns.clear()
            self._present_turn = 0.0
            return
        following = min(waiting)
        self._line = [place for place in waiting if place is not following]
        self._present_turn = max(self._present_turn, following.turn)
        following.called.set_result(None)
