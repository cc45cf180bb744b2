"""The client's address of a request, also behind trusted proxies."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.requests import Request


def client_address(request: Request) -> str:
    """The nearest address that is not a trusted proxy. Only trusted proxies may set X-Forwarded-For."""
    trusted = [ip_network(network, strict=False) for network in request.app.state.settings.trusted_proxies]
    hops = [hop.strip() for value in request.headers.getlist("x-forwarded-for") for hop in value.split(",")]
    address = request.client.host if request.client else "unknown"
    while hops and is_within(address, trusted):
        address = hops.pop()
    return address


def is_within(address: str, networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    """Whether the address belongs to one of the networks; False for a text that is no address."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)
