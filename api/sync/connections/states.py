"""States of a connection: what is stored, what is shown, and the table of transitions."""

from enum import StrEnum
from typing import Final

from api.platform.states import Transitions


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


CONNECTION_TRANSITIONS: Final = Transitions(
    "state",
    {
        ConnectionState.NOT_CONNECTED: (ConnectionState.CONNECTED,),
        ConnectionState.CONNECTED: (
            ConnectionState.NOT_CONNECTED,
            ConnectionState.NEEDS_RECONNECT,
            ConnectionState.REMOVED,
        ),
        ConnectionState.NEEDS_RECONNECT: (ConnectionState.CONNECTED, ConnectionState.NOT_CONNECTED),
        ConnectionState.REMOVED: (ConnectionState.CONNECTED, ConnectionState.NOT_CONNECTED),
    },
)
