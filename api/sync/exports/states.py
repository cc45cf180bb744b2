"""States of runs and their items: groups, counts, words on screen, and one table of transitions for each."""

from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from api.platform.states import Transitions
from api.records.invoices.service import ExportState


class ItemState(StrEnum):
    """The state of one invoice in one export."""

    PENDING = "pending"
    READY = "ready"
    SENDING = "sending"
    UNKNOWN = "unknown"
    EXPORTED = "exported"
    REJECTED = "rejected"
    REVIEW = "review"
    BLOCKED = "blocked"
    CANCELLED = "cancelled"


class RunState(StrEnum):
    """The state of an export."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    DONE_WITH_ERRORS = "done_with_errors"
    CANCELLED = "cancelled"


class RunCount(StrEnum):
    """The columns of a run that add up to its total."""

    EXPORTED = "exported"
    REJECTED = "rejected"
    WAITING = "waiting"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


OPEN_ITEMS: Final = (ItemState.PENDING, ItemState.READY, ItemState.SENDING, ItemState.UNKNOWN, ItemState.BLOCKED)
NOT_SENT: Final = (ItemState.PENDING, ItemState.READY, ItemState.BLOCKED)
IN_ATTEMPT: Final = (ItemState.SENDING, ItemState.UNKNOWN)
REFUSED: Final = (ItemState.REJECTED, ItemState.REVIEW)
UNFINISHED_RUNS: Final = (RunState.QUEUED, RunState.RUNNING, RunState.WAITING)
FINISHED_RUNS: Final = (RunState.DONE, RunState.DONE_WITH_ERRORS, RunState.CANCELLED)

ITEM_TRANSITIONS: Final = Transitions(
    "state",
    {
        ItemState.PENDING: (
            ItemState.READY,
            ItemState.REJECTED,
            ItemState.EXPORTED,
            ItemState.BLOCKED,
            ItemState.CANCELLED,
        ),
        ItemState.READY: (
            ItemState.SENDING,
            ItemState.EXPORTED,
            ItemState.REVIEW,
            ItemState.REJECTED,
            ItemState.BLOCKED,
            ItemState.CANCELLED,
        ),
        ItemState.SENDING: (
            ItemState.EXPORTED,
            ItemState.REJECTED,
            ItemState.UNKNOWN,
            ItemState.REVIEW,
            ItemState.READY,
            ItemState.CANCELLED,
        ),
        ItemState.UNKNOWN: (
            ItemState.EXPORTED,
            ItemState.REJECTED,
            ItemState.REVIEW,
            ItemState.READY,
            ItemState.CANCELLED,
        ),
        ItemState.BLOCKED: (ItemState.PENDING, ItemState.CANCELLED),
        ItemState.EXPORTED: (),
        ItemState.REJECTED: (),
        ItemState.REVIEW: (),
        ItemState.CANCELLED: (),
    },
)
RUN_TRANSITIONS: Final = Transitions(
    "state",
    {
        RunState.QUEUED: (RunState.RUNNING, RunState.WAITING, *FINISHED_RUNS),
        RunState.RUNNING: (RunState.WAITING, *FINISHED_RUNS),
        RunState.WAITING: (RunState.RUNNING, *FINISHED_RUNS),
        RunState.DONE: (),
        RunState.DONE_WITH_ERRORS: (),
        RunState.CANCELLED: (),
    },
)
COUNTED_AS: Final[Mapping[ItemState, RunCount]] = {
    ItemState.PENDING: RunCount.WAITING,
    ItemState.READY: RunCount.WAITING,
    ItemState.SENDING: RunCount.WAITING,
    ItemState.BLOCKED: RunCount.WAITING,
    ItemState.UNKNOWN: RunCount.UNKNOWN,
    ItemState.EXPORTED: RunCount.EXPORTED,
    ItemState.REJECTED: RunCount.REJECTED,
    ItemState.REVIEW: RunCount.REJECTED,
    ItemState.CANCELLED: RunCount.CANCELLED,
}
STATE_OF_INVOICE: Final[Mapping[ItemState, ExportState]] = {
    ItemState.PENDING: ExportState.QUEUED,
    ItemState.READY: ExportState.QUEUED,
    ItemState.BLOCKED: ExportState.QUEUED,
    ItemState.SENDING: ExportState.SENDING,
    ItemState.UNKNOWN: ExportState.CHECKING,
    ItemState.EXPORTED: ExportState.EXPORTED,
    ItemState.REJECTED: ExportState.NOT_EXPORTED,
    ItemState.REVIEW: ExportState.NOT_EXPORTED,
    ItemState.CANCELLED: ExportState.NOT_EXPORTED,
}
ITEM_WORDS: Final[Mapping[ItemState, str]] = {
    ItemState.PENDING: "Waiting",
    ItemState.READY: "Waiting",
    ItemState.SENDING: "Sending",
    ItemState.UNKNOWN: "Checking with Xero",
    ItemState.EXPORTED: "In Xero",
    ItemState.REJECTED: "Not accepted",
    ItemState.REVIEW: "Needs a look",
    ItemState.BLOCKED: "Waiting for the connection",
    ItemState.CANCELLED: "Stopped",
}


def count_items(states: Iterable[ItemState]) -> dict[RunCount, int]:
    """How many items count as what; every count is there."""
    counted = Counter(COUNTED_AS[state] for state in states)
    return {count: counted[count] for count in RunCount}


def finished_state(counts: Mapping[RunCount, int]) -> RunState | None:
    """The state in which a run with these counts ends; None while items are open."""
    if counts[RunCount.WAITING] or counts[RunCount.UNKNOWN]:
        return None
    if counts[RunCount.CANCELLED]:
        return RunState.CANCELLED
    return RunState.DONE_WITH_ERRORS if counts[RunCount.REJECTED] else RunState.DONE
