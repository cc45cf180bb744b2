"""Problems of a ledger refresh. Pure."""

from typing import Final

from api.platform.problems import Problem, ProblemKind
from api.sync.connections.service import CONNECT, NotConnectedYet

_REFUSED: Final = ProblemKind(
    "refused_by_xero", "Xero refused to give the data", "Read Xero's message, then refresh again."
)
PROBLEM_KINDS: Final = (_REFUSED,)


def not_connected() -> Problem:
    """The business has no connection."""
    return Problem(NotConnectedYet.code, NotConnectedYet.title, NotConnectedYet.remedy, fix=CONNECT)


def refused_by_xero(message: str) -> Problem:
    """Xero refused a call of the refresh with this message."""
    return Problem(_REFUSED.code, _REFUSED.title, message, source="xero", xero_message=message)
