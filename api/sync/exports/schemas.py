"""API schemas of exports, export checks and previews."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, Field, StrictInt

from api.platform.http.schemas import FixOut, OutputModel, ProblemOut
from api.platform.ids import PublicId
from api.records.contacts.schemas import ContactId
from api.records.filters import UpdatedSince
from api.records.invoices.schemas import InvoiceId, Kind
from api.records.invoices.service import SelectionIn
from api.records.money import AmountOut
from api.records.text import Search
from api.sync.exports.states import ItemState, RunState, WaitingFor

ExportId = Annotated[UUID, PublicId("exp")]
ExportItemId = Annotated[UUID, PublicId("exi")]


class ExportIn(SelectionIn):
    """The invoices to export."""

    hold_seconds: Annotated[StrictInt, Field(ge=0, le=30)] = Field(
        0, description="Wait so long before anything is sent; a cancellation until then sends nothing."
    )


class ExportOut(OutputModel):
    """A run; its counts add up to `total` at every moment."""

    id: ExportId
    number: int = Field(description="1 for the first export of the business, then 2, and so on.")
    state: RunState
    waiting_for: WaitingFor | None
    resume_at: datetime | None
    organisation_name: str
    started_by: str
    retry_of: ExportId | None
    created_at: datetime
    finished_at: datetime | None
    hold_until: datetime | None = Field(description="Nothing is sent before this instant.")
    total: int
    exported: int
    rejected: int
    waiting: int
    unknown: int
    cancelled: int
    with_remarks: Annotated[int, Field(description="Exported invoices that deserve a look: those with `remarks`.")]
    cancel_requested: bool
    poll_after_ms: Annotated[int | None, Field(description="When to ask again; null once finished.")]


@dataclass(frozen=True)
class ExportFilter:
    """The filters of a list of exports. An export has to match every one."""

    state: Annotated[RunState | None, Query(description="Only exports in this state.")] = None
    started_by: Annotated[Search | None, Query(description="Only those that this user or API key started.")] = None
    started_since: Annotated[
        AwareDatetime | None, Query(alias="from", description="Only those started at this instant or later.")
    ] = None
    updated_since: UpdatedSince = None


class SkippedInvoice(OutputModel):
    """An invoice that matches the filter and cannot be exported now."""

    invoice_id: InvoiceId
    code: str = Field(description="Stable name of the reason; `/problems/{code}` explains it.")
    detail: str = Field(description="Why it was left out, and what to do about it.")


class StartedExportOut(ExportOut):
    """A run that was started, or the open run that has all of these invoices already."""

    skipped: list[SkippedInvoice] = Field(description="What was left out of a selection by filter; empty for ids.")


class ExportItemOut(OutputModel):
    """One invoice of a run and its result."""

    id: ExportItemId
    invoice_id: InvoiceId
    kind: Kind
    number: str | None
    contact_name: str
    total: AmountOut
    currency: str
    state: ItemState
    problems: list[ProblemOut]
    remarks: list[ProblemOut]
    external_url: Annotated[str | None, Field(description="Where it is in Xero.")]


class CheckedInvoice(OutputModel):
    """An invoice that needs a fix, with everything that is wrong with it."""

    invoice_id: InvoiceId
    number: str | None
    contact_name: str
    total: AmountOut
    problems: list[ProblemOut]


class ProblemGroup(OutputModel):
    """One cause and every invoice it holds back."""

    code: str
    title: str
    fix: FixOut | None
    count: int
    invoice_ids: list[InvoiceId]


class CurrencyTotal(OutputModel):
    """What the ready invoices come to in one currency."""

    currency: str
    total: AmountOut


class NewContact(OutputModel):
    """A contact that would be looked for in Xero, and created if it is not there."""

    contact_id: ContactId
    name: str


class ExportCheckOut(OutputModel):
    """What an export of this selection would do. Nothing was written anywhere."""

    total: int
    ready: int
    needs_fix: int
    organisation_name: str
    ready_ids: list[InvoiceId]
    ready_totals: list[CurrencyTotal]
    groups: list[ProblemGroup]
    invoices: list[CheckedInvoice]
    new_contacts: list[NewContact]


class XeroPreview(OutputModel):
    """The exact element that would be sent; the contact's id is null until the contact is in Xero."""

    invoice_id: InvoiceId
    method: Literal["PUT"]
    path: str
    element: dict[str, Any]
    expected_total: Annotated[AmountOut, Field(description="What Xero will make of it.")]
    problems: list[ProblemOut]
