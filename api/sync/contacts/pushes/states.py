"""States of pushes and the results of their contacts."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from api.platform.states import Transitions


class PushState(StrEnum):
    """The state of a push."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    DONE_WITH_ERRORS = "done_with_errors"


class PushResult(StrEnum):
    """What became of a contact in a push; also the columns of a push that add up to its total."""

    WAITING = "waiting"
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    UNSURE = "unsure"
    FAILED = "failed"


class PushAction(StrEnum):
    """What a push does with a contact: what has no link is created."""

    CREATE = "create"
    UPDATE = "update"


UNFINISHED: Final = (PushState.QUEUED, PushState.RUNNING, PushState.WAITING)
FINISHED: Final = (PushState.DONE, PushState.DONE_WITH_ERRORS)
PUSH_TRANSITIONS: Final = Transitions(
    "state",
    {
        PushState.QUEUED: (PushState.RUNNING, PushState.WAITING, *FINISHED),
        PushState.RUNNING: (PushState.WAITING, *FINISHED),
        PushState.WAITING: (PushState.RUNNING, *FINISHED),
        PushState.DONE: (),
        PushState.DONE_WITH_ERRORS: (),
    },
)
RESULT_TRANSITIONS: Final = Transitions(
    "result",
    {
        PushResult.WAITING: (
            PushResult.CREATED,
            PushResult.UPDATED,
            PushResult.UNCHANGED,
            PushResult.UNSURE,
            PushResult.FAILED,
        ),
        PushResult.CREATED: (),
        PushResult.UPDATED: (),
        PushResult.UNCHANGED: (),
        PushResult.UNSURE: (),
        PushResult.FAILED: (),
    },
)


def finished_state(counts: Mapping[PushResult, int]) -> PushState | None:
    """The state in which a push with these counts ends; None while contacts wait."""
    if counts[PushResult.WAITING]:
        return None
    return PushState.DONE_WITH_ERRORS if counts[PushResult.UNSURE] or counts[PushResult.FAILED] else PushState.DONE
