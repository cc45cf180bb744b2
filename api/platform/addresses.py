"""Addresses in settings, checked when they are read, so that a wrong one fails at the start and not later. Pure."""

import re
from collections.abc import Iterable
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]*:[0-9a-f:.]*")  # a name or IPv4 address, or an IPv6 address
_TOKEN = re.compile(r"[!-~]+")
_SHORTEST_PREFIXES = {4: 8, 6: 16}
_PRIVATE_IPV6 = IPv6Network("fc00::/7")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_LARGEST_PORT = 65_535
_WEB_EXAMPLE = "write an absolute http or https address, like https://jobs.example.nz"
_SMTP_EXAMPLE = "give an smtp:// or smtps:// address, like smtp://user:password@mail.example.nz:587"
_REDIS_EXAMPLE = "give a Redis address, like redis://:password@host:6379/0 (or rediss:// or unix://)"
_DATABASE_EXAMPLE = "give a PostgreSQL address, like postgresql://user:password@host:5432/database"
_MAIL_EXAMPLE = "give an e-mail address, like jobtally@example.nz"


def check_web_address(value: str) -> str:
    """An http or https address without user, query and fragment. Raises ValueError with the remedy."""
    parts = _parts(value, {"http", "https"}, _WEB_EXAMPLE)
    if parts.username is not None or parts.password is not None or "?" in value or "#" in value:
        raise ValueError(f"{_WEB_EXAMPLE}, without user, password, query and fragment")
    return value


def check_proxies(networks: Iterable[str], *, widest: bool) -> None:
    """Check that each is an address or a network of proxies. Raises ValueError with the remedy.

    Unless `widest` is allowed, a network that is no operator's own is refused: it has addresses of clients, who could
    then choose the address that they are counted for.
    """
    try:
        trusted = {network: ip_network(network, strict=False) for network in networks}
    except ValueError:
        raise ValueError("list addresses or networks, like 10.0.0.0/8, separated by commas") from None
    wide = [name for name, network in trusted.items() if _has_clients(network)]
    if wide and not widest:
        raise ValueError(f"too large for proxies alone: {', '.join(wide)}. List your proxies, at most a /8 (IPv6: /16)")


def _has_clients(network: IPv4Network | IPv6Network) -> bool:
    is_private = isinstance(network, IPv6Network) and network.subnet_of(_PRIVATE_IPV6)
    return network.prefixlen < _SHORTEST_PREFIXES[network.version] and not is_private


def check_token(value: str) -> str:
    """A token that a header can carry. Raises ValueError with the remedy."""
    if not _TOKEN.fullmatch(value):
        raise ValueError("use ASCII letters, digits and signs without blanks, like those of `openssl rand -hex 24`")
    return value


def is_this_machine(host: str) -> bool:
    """Whether only programs of this machine reach the host; `0.0.0.0` and an empty host are every interface."""
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def check_smtp_address(value: str) -> str:
    """The address of a mail server. Raises ValueError with the remedy."""
    if _parts(value, {"smtp", "smtps"}, _SMTP_EXAMPLE).path not in ("", "/"):
        raise ValueError(f"{_SMTP_EXAMPLE}, without a path")
    return value


def check_redis_address(value: str) -> str:
    """The address of a Redis database. Raises ValueError with the remedy."""
    if value.startswith("unix:///"):
        return value
    path = _parts(value, {"redis", "rediss"}, _REDIS_EXAMPLE).path.strip("/")
    if path and not path.isdecimal():
        raise ValueError(f"{_REDIS_EXAMPLE}; the part after the host is the number of the database")
    return value


def database_address(value: str) -> str:
    """The address of a PostgreSQL database, with the driver that we use. Raises ValueError with the remedy."""
    scheme, _, rest = value.partition("://")
    if scheme.split("+")[0] not in {"postgresql", "postgres"} or not rest:
        raise ValueError(_DATABASE_EXAMPLE)
    address = f"postgresql+psycopg://{rest}"
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        raise ValueError(f"cannot be read: {_DATABASE_EXAMPLE}") from None
    if url.host and not _HOST.fullmatch(url.host.lower()):
        raise ValueError(f"the host cannot be read: {_DATABASE_EXAMPLE}")
    if url.port is not None and not 0 < url.port <= _LARGEST_PORT:
        raise ValueError(f"a port is at most {_LARGEST_PORT}: {_DATABASE_EXAMPLE}")
    return address


def check_sender(value: str) -> str:
    """The sender of mail, with or without a name. Raises ValueError with the remedy."""
    name, _, domain = parseaddr(value)[1].partition("@")
    if not name or not domain or not value.isprintable():
        raise ValueError(_MAIL_EXAMPLE)
    return value


def origin_of(address: str) -> str:
    """The origin of an address as browsers write it: lower case, and no port where it is the default."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    is_default = parts.port is None or parts.port == _DEFAULT_PORTS.get(parts.scheme)
    return f"{parts.scheme}://{host}" if is_default else f"{parts.scheme}://{host}:{parts.port}"


def origin_error(entry: str) -> str | None:
    """What is wrong with an entry that should be an origin, or None."""
    try:
        origin = origin_of(check_web_address(entry))
    except ValueError:
        return f"{entry} is no origin"
    return None if entry == origin else f"write {origin} for {entry}"


def _parts(value: str, schemes: set[str], example: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:  # a port that is no number or too large, brackets that do not match
        raise ValueError(f"cannot be read: {example}; a port is at most {_LARGEST_PORT}") from None
    is_plain = value.isprintable() and not any(character.isspace() for character in value)
    if parts.scheme not in schemes or not _HOST.fullmatch(parts.hostname or "") or port == 0 or not is_plain:
        raise ValueError(example)
    return parts
