"""States of imports and of their items."""

from enum import StrEnum
from typing import Final

from api.platform.states import Transitions


class ImportMode(StrEnum):
    """Whether contacts are only shown, or imported."""

    PREVIEW = "preview"
    APPLY = "apply"


class ImportState(StrEnum):
    """The state of an import."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


class ImportStep(StrEnum):
    """What an import does now: read Xero's changes, group the contacts, import them."""

    READ = "read"
    GROUP = "group"
    APPLY = "apply"


class ItemGroup(StrEnum):
    """What a contact of Xero is for us."""

    NEW = "new"
    MATCHED = "matched"
    POSSIBLE_DUPLICATE = "possible_duplicate"
    UNCHANGED = "unchanged"
    ARCHIVED = "archived"


class ItemDecision(StrEnum):
    """What a user decides about an item: the contact is ours, it is another one, or it is left out."""

    SAME = "same"
    DIFFERENT = "different"
    LEAVE_OUT = "leave_out"


class ItemResult(StrEnum):
    """What an import did with an item."""

    IMPORTED = "imported"
    LINKED = "linked"
    LEFT_OUT = "left_out"
    UNDECIDED = "undecided"
    FAILED = "failed"


OPEN_STATES: Final = (ImportState.QUEUED, ImportState.RUNNING, ImportState.WAITING)
FINISHED_STATES: Final = (ImportState.DONE, ImportState.FAILED)
# The groups of the contacts that an import does something with.
WORK_GROUPS: Final = (ItemGroup.NEW, ItemGroup.MATCHED, ItemGroup.POSSIBLE_DUPLICATE)
IMPORT_TRANSITIONS: Final = Transitions(
    "state",
    {
        ImportState.QUEUED: (ImportState.RUNNING, ImportState.WAITING, *FINISHED_STATES),
        ImportState.RUNNING: (ImportState.WAITING, *FINISHED_STATES),
        ImportState.WAITING: (ImportState.RUNNING, *FINISHED_STATES),
        ImportState.DONE: (),
        ImportState.FAILED: (),
    },
)
