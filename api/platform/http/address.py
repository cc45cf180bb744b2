"""The client's address of a request, also behind trusted proxies."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.requests import Request

_REMEMBERED_ADDRESSES = 4096
_address: ContextVar[str | None] = ContextVar("address", default=None)


@dataclass(frozen=True)
class Peer:
    """The other end of a connection: the network of its address. A proxy that is trusted speaks for many clients."""

    network: str
    is_proxy: bool = False


def client_address(request: Request) -> str:
    """The nearest address that is not a trusted proxy. Only trusted proxies may set X-Forwarded-For."""
    trusted = [ip_network(network, strict=False) for network in request.app.state.settings.trusted_proxies]
    hops = [hop.strip() for value in request.headers.getlist("x-forwarded-for") for hop in value.split(",")]
    address = request.client.host if request.client else "unknown"
    while hops and is_within(address, trusted):
        address = hops.pop()
    return address


def current_address() -> str | None:
    """The address of the client whose request is being answered; None outside a request."""
    return _address.get()


@contextmanager
def bound_address(request: Request) -> Iterator[None]:
    """Make the client's address the current one."""
    token = _address.set(client_address(request))
    try:
        yield
    finally:
        _address.reset(token)


def client_network(request: Request) -> str:
    """The network of the client of a request."""
    return network_of(client_address(request))


@lru_cache(maxsize=_REMEMBERED_ADDRESSES)
def network_of(address: str) -> str:
    """An IPv4 address itself, or the first half of an IPv6 address, which one customer has."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(ip_network((parsed, 64), strict=False))
    return str(parsed)


def is_within(address: str, networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    """Whether the address belongs to one of the networks; False for a text that is no address."""
    if not networks:
        return False
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)
