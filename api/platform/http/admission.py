"""Which connections are accepted. What is too many is closed before anything is prepared for it."""

import asyncio
import time
from collections.abc import Collection
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Any

from api.platform.http.address import Peer, is_within, network_of
from api.platform.http.connections import LimitedProtocol
from api.platform.http.open_connections import ProcessLimits


class Admission(asyncio.Protocol):
    """Stands in front of the protocol of a connection, which is made only for connections that are admitted.

    `admitting` makes the class of one process, with its limits and the proxies that are trusted.
    """

    shared: ProcessLimits
    trusted: list[IPv4Network | IPv6Network]

    def __init__(self, **options: Any) -> None:
        self._options = options

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Hand the connection to its protocol, or close it."""
        peername = transport.get_extra_info("peername")
        address = peername[0] if isinstance(peername, tuple) else "unknown"
        peer = Peer(network_of(address), is_within(address, self.trusted))
        if not peer.is_proxy and not self.shared.openings.allow(peer.network, time.monotonic()):
            transport.abort()
            return
        protocol = LimitedProtocol(peer, self.shared, **self._options)
        transport.set_protocol(protocol)
        protocol.connection_made(transport)


def admitting(shared: ProcessLimits, trusted_proxies: Collection[str] = ()) -> type[Admission]:
    """The protocol class of one process, for `uvicorn.Config(http=…)`."""
    trusted = [ip_network(network, strict=False) for network in trusted_proxies]
    return type("ProcessAdmission", (Admission,), {"shared": shared, "trusted": trusted})
