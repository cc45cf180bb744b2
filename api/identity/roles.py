"""What each role may do, as scopes; an API key carries a choice of the same scopes."""

from typing import Final, Literal

Role = Literal["viewer", "member", "admin"]

_READ: Final = frozenset(
    {
        "contacts:read", "jobs:read", "items:read", "invoices:read", "exports:read", "settings:read",
        "connections:read", "notifications:read", "users:read",
    }
)  # fmt: skip
_WORK: Final = frozenset(
    {"contacts:write", "jobs:write", "items:write", "invoices:write", "exports:write", "settings:write"}
)
_ADMINISTER: Final = frozenset({"connections:write", "users:write", "keys:read", "keys:write", "audit:read"})

ROLE_SCOPES: Final[dict[Role, frozenset[str]]] = {
    "viewer": _READ,
    "member": _READ | _WORK,
    "admin": _READ | _WORK | _ADMINISTER,
}
# A key that could make keys or members would outlive its own revocation.
KEY_SCOPES: Final = (_READ | _WORK | {"connections:write"}) - {"users:read"}


def scopes_of(role: str | None) -> frozenset[str]:
    """The scopes of a stored role; none for one we do not know and for no role."""
    return next((scopes for name, scopes in ROLE_SCOPES.items() if name == role), frozenset())
