"""API schemas of exports, export checks and previews."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StrictInt

from api.platform.http.schemas import FixOut, InputModel, OutputModel, ProblemOut
from api.platform.ids import PublicId
from api.records.contacts.schemas import ContactId
from api.records.invoices.schemas import InvoiceId, Kind
from api.records.invoices.service import InvoiceFilter
from api.records.money import AmountOut
from api.sync.exports.states import ItemState, RunState, WaitingFor

ExportId = Annotated[UUID, PublicId("exp")]
ExportItemId = Annotated[UUID, PublicId("exi")]
MOST = 1000


class SelectedIds(InputModel):
    """These invoices."""

    mode: Literal["ids"]
    ids: Annotated[list[InvoiceId], Field(min_length=1, max_length=MOST)]


class SelectedMatching(InputModel):
    """Every invoice that matches, except some; refused when the count has changed since it was shown."""

    mode: Literal["matching"]
    filter: InvoiceFilter
    except_ids: Annotated[list[InvoiceId], Field(max_length=MOST)] = []
    expected_count: Annotated[StrictInt, Field(ge=0)]


Selection = Annotated[SelectedIds | SelectedMatching, Field(discriminator="mode")]


class SelectionIn(InputModel):
    """What to check or to export."""

    selection: Selection


class ExportOut(OutputModel):
    """A run; its counts add up to `total` at every moment."""

    id: ExportId
    state: RunState
    waiting_for: WaitingFor | None
    resume_at: datetime | None
    organisation_name: str
    started_by: str
    retry_of: ExportId | None
    created_at: datetime
    finished_at: datetime | None
    total: int
    exported: int
    rejected: int
    waiting: int
    unknown: int
    cancelled: int
    with_remarks: Annotated[int, Field(description="Exported invoices that deserve a look: those with `remarks`.")]
    cancel_requested: bool
    poll_after_ms: Annotated[int | None, Field(description="When to ask again; null once finished.")]


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
