"""How quickly an address may open connections. What is too many is closed before anything is prepared for it."""

import asyncio
import time
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any, Final

from api.platform.http.address import is_within

_REMEMBERED_ADDRESSES: Final = 10_000


@dataclass
class _Allowance:
    """How many connections an address may open at this instant."""

    left: float
    at: float


class OpeningRates:
    """Each address may open `burst` connections at once, then `per_second`; proxies that are trusted any number."""

    def __init__(self, per_second: float, burst: int, trusted_proxies: Collection[str] = ()) -> None:
        self._per_second = per_second
        self._burst = burst
        self._trusted = [ip_network(network, strict=False) for network in trusted_proxies]
        self._allowances: dict[str, _Allowance] = {}

    def allow(self, address: str, now: float) -> bool:
        """Count a connection that the address opens, in seconds of any clock; False if it is one too many."""
        allowance = self._allowances.get(address)
        if allowance is None:
            allowance = self._first(address, now)
        allowance.left = min(self._burst, allowance.left + (now - allowance.at) * self._per_second)
        allowance.at = now
        if allowance.left < 1:
            return is_within(address, self._trusted)
        allowance.left -= 1
        return True

    def _first(self, address: str, now: float) -> _Allowance:
        if len(self._allowances) >= _REMEMBERED_ADDRESSES:
            full_again = now - self._burst / self._per_second
            self._allowances = {each: known for each, known in self._allowances.items() if known.at > full_again}
            if len(self._allowances) >= _REMEMBERED_ADDRESSES:
                self._allowances.clear()
        allowance = self._allowances[address] = _Allowance(self._burst, now)
        return allowance


class Admission(asyncio.Protocol):
    """Stands in front of the protocol of a connection, which is made only for connections that are admitted.

    `admitting` makes the class of one process, with its `rates` and the protocol.
    """

    rates: OpeningRates
    protocol: type[asyncio.Protocol]

    def __init__(self, **options: Any) -> None:
        self._options = options

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Hand the connection to its protocol, or close it."""
        peer = transport.get_extra_info("peername")
        if not self.rates.allow(peer[0] if isinstance(peer, tuple) else "unknown", time.monotonic()):
            transport.abort()
            return
        protocol = self.protocol(**self._options)
        transport.set_protocol(protocol)
        protocol.connection_made(transport)


def admitting(protocol: type[asyncio.Protocol], rates: OpeningRates) -> type[Admission]:
    """The protocol class of one process, for `uvicorn.Config(http=…)`."""
    return type("ProcessAdmission", (Admission,), {"protocol": protocol, "rates": rates})
