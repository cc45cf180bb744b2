"""The views of invoices, as conditions on a table with the columns of their states."""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, and_, literal

from api.records.invoices.models import Invoice, InvoiceCount
from api.records.invoices.states import IN_EXPORT, ExportState


def views_of(table: type[Invoice] | type[InvoiceCount]) -> Mapping[str, ColumnElement[bool]]:
    """The condition of each view, by its name in a filter. Its states are in the text, as in the index of the view."""
    return {
        "ready": and_(table.is_ready),
        "attention": and_(table.needs_attention),
        "in_progress": table.export_state.in_([literal(state.value, literal_execute=True) for state in IN_EXPORT]),
        "exported": table.export_state == ExportState.EXPORTED,
        "draft": table.status == literal("draft", literal_execute=True),
    }
