"""The states of an invoice in the ledger (`export_state`), their groups and transitions."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Protocol

from api.platform.states import require_transition


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

INVOICE_TRANSITIONS: Final[Mapping[ExportState, tuple[ExportState, ...]]] = {
    ExportState.NOT_EXPORTED: (ExportState.QUEUED, ExportState.EXCLUDED),
    ExportState.QUEUED: (ExportState.SENDING, ExportState.EXPORTED, ExportState.NOT_EXPORTED),
    ExportState.SENDING: (ExportState.CHECKING, ExportState.EXPORTED, ExportState.QUEUED, ExportState.NOT_EXPORTED),
    ExportState.CHECKING: (ExportState.EXPORTED, ExportState.QUEUED, ExportState.NOT_EXPORTED),
    ExportState.EXPORTED: (ExportState.CHANGED, ExportState.VOIDED),
    ExportState.CHANGED: (ExportState.EXPORTED, ExportState.VOIDED),
    ExportState.VOIDED: (ExportState.NOT_EXPORTED, ExportState.EXCLUDED),
    ExportState.EXCLUDED: (ExportState.NOT_EXPORTED,),
}


class HasExportState(Protocol):
    """A row whose `export_state` column holds one of these states as text."""

    export_state: str


def move_export_state(invoice: HasExportState, after: ExportState) -> None:
    """Set the next state of an invoice. A transition that is not in the table is a bug and raises."""
    require_transition(INVOICE_TRANSITIONS, ExportState(invoice.export_state), after)
    invoice.export_state = after
