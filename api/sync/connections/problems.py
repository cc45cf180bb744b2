"""Why a person has to act at Xero before anything is sent again. Pure."""

from datetime import timedelta
from typing import Final

from api.platform.problems import Fix, Problem, ProblemKind
from api.sync.connections.states import ConnectionState
from api.xero.errors import Reason

# A connection that exists, but on which Xero refuses our calls, is tried again so often.
HOLD: Final = timedelta(minutes=15)
# The reasons that end a connection, and the state it has then. With every other reason it stays.
ENDINGS: Final[dict[Reason, ConnectionState]] = {
    "token": ConnectionState.NEEDS_RECONNECT,
    "tenant": ConnectionState.REMOVED,
}
_RECONNECT = Fix("Reconnect to Xero", "/settings/connections/xero")
_AGAIN = f"Nothing is lost: Jobtally tries again every {HOLD.seconds // 60} minutes."
_KINDS: Final[dict[Reason, ProblemKind]] = {
    "token": ProblemKind(
        "xero_signed_out",
        "Xero has signed us out",
        "Reconnect to Xero. Nothing is lost: what waits is sent afterwards.",
    ),
    "tenant": ProblemKind(
        "xero_access_removed",
        "The connection was removed in Xero",
        "Reconnect to Xero. Nothing is lost: what waits is sent afterwards.",
    ),
    "scope": ProblemKind(
        "xero_consent_incomplete",
        "The consent at Xero does not cover this",
        f"Reconnect to Xero and allow everything that is asked for. {_AGAIN}",
    ),
    "permission": ProblemKind(
        "xero_right_missing",
        "The Xero user lacks a right in Xero",
        f"Give the Xero user the role Standard or Adviser in Xero, or reconnect as a user who has it. {_AGAIN}",
    ),
    "subscription": ProblemKind(
        "xero_subscription_ended",
        "The organisation's Xero subscription has ended",
        f"Renew the subscription in Xero. {_AGAIN}",
    ),
}
PROBLEM_KINDS: Final = tuple(_KINDS.values())


def problem_of(reason: Reason, xero_text: str | None, *, organisation: str, xero_user: str | None) -> Problem:
    """The problem for this organisation and the Xero user who gave the consent; `xero_text` is Xero's own."""
    kind = _KINDS[reason]
    who = f"{xero_user}, who gave the consent," if xero_user else "The user who gave the consent"
    facts: dict[Reason, str] = {
        "permission": f"{who} may not do this in {organisation}.",
        "subscription": f"Xero refuses every call to {organisation}.",
    }
    fact = facts.get(reason, f"The organisation is {organisation}.")
    return Problem(
        kind.code,
        kind.title,
        f"{fact} {kind.remedy}",
        fix=None if reason == "subscription" else _RECONNECT,
        source="xero",
        xero_message=xero_text,
    )
