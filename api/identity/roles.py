"""The scopes of each role. An API key has a choice of the same scopes."""

from typing import Final, Literal

Role = Literal["viewer", "member", "admin"]

_READ: Final = frozenset(
    {
        "contacts:read",
        "jobs:read",
        "items:read",
        "invoices:read",
        "exports:read",
        "settings:read",
        "connections:read",
        "notifications:read",
        "users:read",
    }
)
_WORK: Final = frozenset(
    {"contacts:write", "jobs:write", "items:write", "invoices:write", "exports:write", "settings:write"}
)
_ADMINISTER: Final = frozenset(
    {"answers:write", "connections:write", "users:write", "keys:read", "keys:write", "audit:read"}
)

ROLE_SCOPES: Final[dict[Role, frozenset[str]]] = {
    "viewer": _READ,
    "member": _READ | _WORK,
    "admin": _READ | _WORK | _ADMINISTER,
}
# What can give lasting access to others, or take it away: it needs the password again, not only the session.
CONFIRMED_SCOPES: Final = frozenset({"connections:write", "users:write", "keys:write"})
# A key that could create keys or members would keep its access after it is revoked.
KEY_SCOPES: Final = (_READ | _WORK | {"connections:write"}) - {"users:read"}


def scopes_of(role: str | None) -> frozenset[str]:
    """The scopes of a stored role; none for an unknown role and for None."""
    return next((scopes for name, scopes in ROLE_SCOPES.items() if name == role), frozenset())
