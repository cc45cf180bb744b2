"""The states of an invoice in the ledger (`export_state`), their groups and transitions."""

from enum import StrEnum
from typing import Final

from api.platform.states import Transitions


class ExportState(StrEnum):
    """The stored state. A refusal is a problem of a `not_exported` invoice, not a state."""

    NOT_EXPORTED = "not_exported"
    QUEUED = "queued"
    SENDING = "sending"
    CHECKING = "checking"
    EXPORTED = "exported"
    CHANGED = "changed"
    VOIDED = "voided"
    EXCLUDED = "excluded"


IN_EXPORT: Final = (ExportState.QUEUED, ExportState.SENDING, ExportState.CHECKING)
IN_LEDGER: Final = (ExportState.EXPORTED, ExportState.CHANGED, ExportState.VOIDED)
LIVE_IN_LEDGER: Final = (ExportState.EXPORTED, ExportState.CHANGED)
DIFFERS_FROM_LEDGER: Final = (ExportState.CHANGED, ExportState.VOIDED)
MAY_HAVE_PROBLEMS: Final = (ExportState.NOT_EXPORTED, ExportState.CHECKING)

INVOICE_TRANSITIONS: Final = Transitions(
    "export_state",
    {
        ExportState.NOT_EXPORTED: (ExportState.QUEUED, ExportState.EXPORTED, ExportState.EXCLUDED),
        ExportState.QUEUED: (ExportState.SENDING, ExportState.EXPORTED, ExportState.NOT_EXPORTED),
        ExportState.SENDING: (ExportState.CHECKING, ExportState.EXPORTED, ExportState.QUEUED, ExportState.NOT_EXPORTED),
        ExportState.CHECKING: (ExportState.EXPORTED, ExportState.QUEUED, ExportState.NOT_EXPORTED),
        ExportState.EXPORTED: (ExportState.CHANGED, ExportState.VOIDED, ExportState.NOT_EXPORTED),
        ExportState.CHANGED: (ExportState.EXPORTED, ExportState.VOIDED, ExportState.NOT_EXPORTED),
        ExportState.VOIDED: (ExportState.NOT_EXPORTED, ExportState.EXCLUDED),
        ExportState.EXCLUDED: (ExportState.NOT_EXPORTED,),
    },
)
