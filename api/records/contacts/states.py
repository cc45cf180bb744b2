"""The states of a contact in the ledger (`sync_state`), and what is written with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from api.platform.problems import Problem
from api.platform.states import Transitions

# What a contact of the ledger is recognised by: a change of these can answer which one it is.
MATCHED: Final = frozenset(
    {"kind", "name", "first_name", "last_name", "email", "phone", "tax_number", "payer_reference"}
)


class SyncState(StrEnum):
    """The stored state. `unsure`: a user has to decide which contact of the ledger this contact is."""

    NOT_SENT = "not_sent"
    IN_STEP = "in_step"
    CHANGED = "changed"
    FAILED = "failed"
    UNSURE = "unsure"


SYNC_TRANSITIONS: Final = Transitions(
    "sync_state",
    {
        SyncState.NOT_SENT: (SyncState.IN_STEP, SyncState.CHANGED, SyncState.FAILED, SyncState.UNSURE),
        SyncState.IN_STEP: (SyncState.CHANGED, SyncState.FAILED, SyncState.UNSURE, SyncState.NOT_SENT),
        SyncState.CHANGED: (SyncState.IN_STEP, SyncState.FAILED, SyncState.UNSURE, SyncState.NOT_SENT),
        SyncState.FAILED: (SyncState.IN_STEP, SyncState.CHANGED, SyncState.UNSURE, SyncState.NOT_SENT),
        SyncState.UNSURE: (SyncState.IN_STEP, SyncState.CHANGED, SyncState.FAILED, SyncState.NOT_SENT),
    },
)


@dataclass(frozen=True)
class SyncMark:
    """The state of a contact in the ledger, and what stands against it or deserves a look."""

    sync_state: SyncState
    external_url: str | None = None
    problems: Sequence[Problem] = ()
    remarks: Sequence[Problem] = ()
