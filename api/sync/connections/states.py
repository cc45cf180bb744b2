"""States of a connection: what is stored, what is shown, and the table of transitions."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Protocol

from api.platform.states import require_transition


class ConnectionState(StrEnum):
    """The stored state."""

    NOT_CONNECTED = "not_connected"
    CONNECTED = "connected"
    NEEDS_RECONNECT = "needs_reconnect"
    REMOVED = "removed"


class ShownState(StrEnum):
    """What the API shows: the stored states, and two that are worked out when they are read."""

    NOT_CONNECTED = "not_connected"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    NEEDS_RECONNECT = "needs_reconnect"
    REMOVED = "removed"
    UNREACHABLE = "unreachable"


CONNECTION_TRANSITIONS: Final[Mapping[ConnectionState, tuple[ConnectionState, ...]]] = {
    ConnectionState.NOT_CONNECTED: (ConnectionState.CONNECTED,),
    ConnectionState.CONNECTED: (
        ConnectionState.NOT_CONNECTED,
        ConnectionState.NEEDS_RECONNECT,
        ConnectionState.REMOVED,
    ),
    ConnectionState.NEEDS_RECONNECT: (ConnectionState.CONNECTED, ConnectionState.NOT_CONNECTED),
    ConnectionState.REMOVED: (ConnectionState.CONNECTED, ConnectionState.NOT_CONNECTED),
}


class HasState(Protocol):
    """A row whose `state` column holds one of these states as text."""

    state: str


def move_connection(connection: HasState, after: ConnectionState) -> None:
    """Give a connection its next state; a transition that the table does not have is a bug and fails."""
    require_transition(CONNECTION_TRANSITIONS, ConnectionState(connection.state), after)
    connection.state = after
