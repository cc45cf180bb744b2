"""The states of a contact in the ledger (`sync_state`)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Protocol

from api.platform.states import require_transition


class SyncState(StrEnum):
    """The stored state. `unsure`: a user has to decide which contact of the ledger this contact is."""

    NOT_SENT = "not_sent"
    IN_STEP = "in_step"
    CHANGED = "changed"
    FAILED = "failed"
    UNSURE = "unsure"


SYNC_TRANSITIONS: Final[Mapping[SyncState, tuple[SyncState, ...]]] = {
    SyncState.NOT_SENT: (SyncState.IN_STEP, SyncState.CHANGED, SyncState.FAILED, SyncState.UNSURE),
    SyncState.IN_STEP: (SyncState.CHANGED, SyncState.FAILED, SyncState.UNSURE, SyncState.NOT_SENT),
    SyncState.CHANGED: (SyncState.IN_STEP, SyncState.FAILED, SyncState.UNSURE, SyncState.NOT_SENT),
    SyncState.FAILED: (SyncState.IN_STEP, SyncState.CHANGED, SyncState.UNSURE, SyncState.NOT_SENT),
    SyncState.UNSURE: (SyncState.IN_STEP, SyncState.CHANGED, SyncState.FAILED, SyncState.NOT_SENT),
}


class HasSyncState(Protocol):
    """A row whose `sync_state` column holds one of these states as text."""

    sync_state: str


def move_sync_state(contact: HasSyncState, after: SyncState) -> None:
    """Set the next state of a contact. A transition that is not in the table is a bug and raises."""
    require_transition(SYNC_TRANSITIONS, SyncState(contact.sync_state), after)
    contact.sync_state = after
