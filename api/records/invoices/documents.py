"""An invoice as other packages see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from api.platform.problems import Problem, ProblemRow
from api.records.invoices.states import ExportState
from api.records.money import Amounts


@dataclass(frozen=True)
class DocumentLine:
    """One line. Rates and discounts are in percent, amounts are rounded to the cent. A line of text has no price."""

    id: UUID
    description: str
    quantity: Decimal | None
    unit_price: Decimal | None
    discount_percent: Decimal
    accounting_code: str | None
    tax_type: str | None
    tax_rate: Decimal
    cost_center_id: UUID | None
    item_code: str | None
    line_amount: Decimal
    tax_amount: Decimal


@dataclass(frozen=True)
class InvoiceDocument:
    """A whole invoice with its lines in order, and the names of its contact and job."""

    id: UUID
    kind: str
    number: str | None
    contact_id: UUID
    contact_external_id: str | None
    contact_name: str
    job_id: UUID | None
    job_external_id: str | None
    job_number: str | None
    job_description: str | None
    issued_on: date
    due_on: date | None
    currency: str
    amounts: Amounts
    reference: str | None
    external_id: str | None
    mark_as_sent: bool | None
    status: str
    approved_at: datetime | None
    version: int
    export_state: str
    exported_at: datetime | None
    external_url: str | None
    problems: list[ProblemRow]
    remarks: list[ProblemRow]
    remarks_read_at: datetime | None
    subtotal: Decimal
    tax_total: Decimal
    total: Decimal
    created_at: datetime
    updated_at: datetime
    lines: tuple[DocumentLine, ...]


@dataclass(frozen=True)
class InvoiceState:
    """The state of an invoice whose row is locked until the transaction ends."""

    status: str
    export_state: str
    kind: str
    number: str | None
    version: int

    @property
    def label(self) -> str:
        """The number, for messages; a bill may have none."""
        return self.number or "This bill"

    @property
    def is_waiting(self) -> bool:
        """Whether it is approved and not sent."""
        return self.status == "approved" and self.export_state == ExportState.NOT_EXPORTED


@dataclass(frozen=True)
class ExportMark:
    """What an export did to an invoice. The problems and remarks replace those the invoice had; None keeps problems.

    `ledger_total` is that of a document that others have entered, if it differs from ours.
    Without `exported_at` or `external_url` the stored values stay, except that `not_exported` clears both.
    """

    export_state: ExportState
    exported_at: datetime | None = None
    external_url: str | None = None
    problems: Sequence[Problem] | None = ()
    remarks: Sequence[Problem] = ()
    ledger_total: Decimal | None = None
