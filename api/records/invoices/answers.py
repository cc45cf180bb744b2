"""Invoices as the API shows them."""

from datetime import date, datetime

from pydantic import ConfigDict, Field

from api.platform.http.schemas import OutputModel
from api.records.batch import BatchResult
from api.records.contacts.schemas import ContactId
from api.records.cost_centers.schemas import CostCenterId
from api.records.invoices import examples
from api.records.invoices.schemas import ExportState, InvoiceId, Kind, LineId, Status
from api.records.jobs.schemas import JobId
from api.records.money import Amount, Amounts, Percent, Quantity, TaxPercent, UnitPrice


class InvoiceProblemFix(OutputModel):
    """The one place in the app that mends a problem."""

    label: str
    href: str


class InvoiceProblem(OutputModel):
    """Why an invoice was not taken."""

    code: str
    title: str
    detail: str | None
    fix: InvoiceProblemFix | None


class LineOut(OutputModel):
    """One line, with the tax rate as it was when the line was written."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ANSWERED_LINE]})

    id: LineId
    description: str
    quantity: Quantity
    unit_price: UnitPrice
    discount_percent: Percent
    accounting_code: str | None
    tax_type: str | None
    tax_rate: TaxPercent = Field(description="Percent.")
    cost_center_id: CostCenterId | None
    item_code: str | None
    line_amount: Amount = Field(description="After discount; contains the tax when amounts are inclusive.")
    tax_amount: Amount


class InvoiceSummary(OutputModel):
    """An invoice as lists show it."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.LISTED]})

    id: InvoiceId
    kind: Kind
    number: str
    contact_id: ContactId
    contact_name: str
    job_id: JobId | None
    job_number: str | None
    job_description: str | None
    issued_on: date
    due_on: date | None
    currency: str
    amounts: Amounts
    reference: str | None
    external_id: str | None
    status: Status
    approved_at: datetime | None
    export_state: ExportState = Field(description="Where it stands with the ledger.")
    exported_at: datetime | None
    external_url: str | None = Field(description="Where to see it in the ledger.")
    problem: InvoiceProblem | None = Field(description="Why the ledger did not take it, and where to mend it.")
    subtotal: Amount = Field(description="Without tax.")
    tax_total: Amount = Field(description="The sum of the lines' taxes, each rounded on its line.")
    total: Amount
    created_at: datetime
    updated_at: datetime


class InvoiceOut(InvoiceSummary):
    """An invoice with its lines."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ANSWERED]})

    lines: list[LineOut]


class KindCounts(OutputModel):
    """How many invoices of one kind stand where."""

    ready: int = Field(description="Approved and not exported.")
    needs_attention: int = Field(description="Approved, and rejected or changed since they were exported.")
    in_progress: int = Field(description="Queued, being sent or being checked.")
    exported: int
    draft: int
    all: int


class InvoiceCounts(OutputModel):
    """How many invoices of each kind stand where."""

    customer: KindCounts
    supplier: KindCounts


class InvoiceBatchResult(BatchResult):
    """What became of one invoice."""

    id: InvoiceId | None


class InvoiceBatchOut(OutputModel):
    """What became of every element, in the order sent."""

    results: list[InvoiceBatchResult]
