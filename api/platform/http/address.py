"""Where a request really comes from, behind proxies we were told to trust."""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from starlette.requests import Request


def client_address(request: Request) -> str:
    """The nearest address that is not a trusted proxy; forwarded headers of anybody else are ignored."""
    trusted = [ip_network(one, strict=False) for one in request.app.state.settings.trusted_proxies]
    hops = [hop.strip() for value in request.headers.getlist("x-forwarded-for") for hop in value.split(",")]
    address = request.client.host if request.client else "unknown"
    while hops and _within(address, trusted):
        address = hops.pop()
    return address


def _within(address: str, networks: list[IPv4Network | IPv6Network]) -> bool:
    try:
        known = ip_address(address)
    except ValueError:
        return False
    return any(known in network for network in networks)
