"""The kinds of writes, and the states and next steps of an attempt."""

from enum import StrEnum
from typing import Final

from api.platform.states import Transitions


class WriteKind(StrEnum):
    """What an attempt writes; its adapter knows how."""

    CREATE_INVOICES = "create_invoices"
    CREATE_CONTACTS = "create_contacts"
    CHANGE_CONTACTS = "change_contacts"


class AttemptState(StrEnum):
    """Whether the outcome of an attempt is open."""

    OPEN = "open"
    SETTLED = "settled"


class NextStep(StrEnum):
    """What is done next about an open attempt.

    `send`: nothing was written, so its bytes are sent. `look_up`: it may have been written, so Xero is asked what it
    holds before the same bytes are sent again. `prove`: nothing is sent any more; Xero is asked until every element
    is there or its absence is certain.
    """

    SEND = "send"
    LOOK_UP = "look_up"
    PROVE = "prove"


STEP_TRANSITIONS: Final = Transitions(
    "next_step",
    {
        NextStep.SEND: (NextStep.LOOK_UP, NextStep.PROVE),
        NextStep.LOOK_UP: (NextStep.SEND, NextStep.PROVE),
        NextStep.PROVE: (),
    },
)
