"""API shapes of what is to be exported and of what is to be checked."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from api.platform.http.schemas import InputModel
from api.records.invoices.schemas import InvoiceId, InvoiceIn
from api.records.invoices.service import Selection, SelectionIn
from api.sync.exports import examples


class ExportIn(SelectionIn):
    """The invoices to export."""

    hold_seconds: Annotated[StrictInt, Field(ge=0, le=30)] = Field(
        0,
        description="Seconds to wait before anything is sent. If you cancel the export in this time, nothing is sent.",
    )


class ExportCheckIn(InputModel):
    """What to check: selected invoices, or one that is not stored. One of the two."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CHECK_SELECTION, examples.CHECK_DRAFT]})

    selection: Selection | None = Field(None, description="The invoices, by their ids or by a filter.")
    invoice: InvoiceIn | None = Field(
        None,
        description="The content of a draft, as `POST /invoices` takes it. It is checked as if it were approved, and is"
        " not stored. In the answer it has an id that no invoice has.",
    )

    invoice_id: InvoiceId | None = Field(
        None,
        description="The stored invoice that `invoice` changes: what `invoice` leaves out stays as it is, and its own"
        " number is not taken. In the answer it has this id.",
    )

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.selection is None) == (self.invoice is None):
            raise PydanticCustomError("choose_one", "Send either selection or invoice.")
        if self.invoice_id is not None and self.invoice is None:
            raise PydanticCustomError("invoice_missing", "Send the content in invoice, too.")
        return self
