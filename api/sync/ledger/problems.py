"""Problems of a ledger refresh. Pure."""

from typing import Final

from api.platform.problems import Fix, Problem, ProblemKind
from api.sync.connections.service import CONNECT, NotConnectedYet

_RECONNECT: Final = Fix("Reconnect", "/settings/connections/xero")
_NEEDS_RECONNECT: Final = ProblemKind(
    "needs_reconnect", "Xero has ended the connection", "Reconnect to Xero in Settings, Connections."
)
_REFUSED: Final = ProblemKind(
    "refused_by_xero", "Xero refused to give the data", "Read Xero's message, then refresh again."
)
PROBLEM_KINDS: Final = (_NEEDS_RECONNECT, _REFUSED)


def not_connected() -> Problem:
    """The business has no connection."""
    return Problem(NotConnectedYet.code, NotConnectedYet.title, NotConnectedYet.remedy, fix=CONNECT)


def needs_reconnect() -> Problem:
    """Xero ended the connection while the refresh ran."""
    return Problem(_NEEDS_RECONNECT.code, _NEEDS_RECONNECT.title, _NEEDS_RECONNECT.remedy, fix=_RECONNECT)


def refused_by_xero(message: str) -> Problem:
    """Xero refused a call of the refresh with this message."""
    return Problem(_REFUSED.code, _REFUSED.title, message, source="xero", xero_message=message)
