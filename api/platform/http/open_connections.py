"""How many connections there may be. The oldest one without a complete request makes place for a new one."""

from collections import Counter
from dataclasses import dataclass
from typing import Protocol

from fastapi import FastAPI

from api.platform.http.address import Peer
from api.platform.http.network_rates import NetworkRates
from api.platform.http.unknown_callers import UnknownCallers


class Connection(Protocol):
    """A connection that can be closed to make place for another one."""

    def close_now(self) -> None:
        """Close it, whatever it does."""


@dataclass(frozen=True)
class ConnectionLimits:
    """How many connections there may be, and how many seconds each part of a request may take."""

    per_address: int = 512
    total: int = 8192
    openings_per_second: float = 50.0  # of one address
    opening_burst: int = 512
    head_seconds: float = 10.0
    pause_seconds: float = 30.0  # between two parts of a body, and while a client does not read its answer
    body_seconds: float = 300.0
    discard_seconds: float = 5.0  # for the rest of a body that was answered before it was read


class OpenConnections:
    """The open connections of one process. Proxies that are trusted may have any number of them."""

    def __init__(self, limits: ConnectionLimits) -> None:
        self.limits = limits
        self._counts: Counter[str] = Counter()
        # The connections without a complete request, the oldest first: all, and those of each network.
        self._waiting: dict[Connection, None] = {}
        self._waiting_of: dict[str, dict[Connection, None]] = {}

    def admit(self, connection: Connection, peer: Peer) -> bool:
        """Count a new connection; False if there is no place for it."""
        if self._counts[peer.network] >= self.limits.per_address and not peer.is_proxy:
            admitted = self._close_oldest(self._waiting_of.get(peer.network, {}))
        else:
            admitted = self._counts.total() < self.limits.total or self._close_oldest(self._waiting)
        self._counts[peer.network] += 1
        return admitted

    def wait(self, connection: Connection, peer: Peer) -> None:
        """Note that the connection has no complete request."""
        self.proceed(connection, peer)
        self._waiting[connection] = None
        self._waiting_of.setdefault(peer.network, {})[connection] = None

    def proceed(self, connection: Connection, peer: Peer) -> None:
        """Note that the connection has a complete request, which is being answered."""
        self._waiting.pop(connection, None)
        of_network = self._waiting_of.get(peer.network, {})
        of_network.pop(connection, None)
        if not of_network:
            self._waiting_of.pop(peer.network, None)

    def remove(self, connection: Connection, peer: Peer) -> None:
        """Forget a connection that is closed."""
        self.proceed(connection, peer)
        self._counts[peer.network] -= 1
        if self._counts[peer.network] <= 0:
            del self._counts[peer.network]

    @staticmethod
    def _close_oldest(waiting: dict[Connection, None]) -> bool:
        oldest = next(iter(waiting), None)
        if oldest is not None:
            oldest.close_now()
        return oldest is not None


@dataclass(frozen=True)
class ProcessLimits:
    """What the connections of a process share."""

    app: FastAPI
    connections: OpenConnections
    openings: NetworkRates

    @property
    def unknown_callers(self) -> UnknownCallers:
        """The counts of unknown callers, which the middleware of the application has too."""
        unknown_callers: UnknownCallers = self.app.state.unknown_callers
        return unknown_callers
