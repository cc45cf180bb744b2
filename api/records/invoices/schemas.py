"""API shapes of invoices."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, SkipValidation, StrictBool, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from api.platform.http.schemas import CountOut, CreatedAt, InputModel, OutputModel, ProblemOut, UpdatedAt, omissible
from api.platform.ids import PublicId
from api.records.batch import MAX_ELEMENTS, BatchResult
from api.records.contacts.schemas import ContactId, ContactOut
from api.records.dates import DocumentDate
from api.records.invoices import examples
from api.records.invoices.currencies import Currency
from api.records.invoices.lines import LineOut, Lines
from api.records.invoices.states import ExportState
from api.records.jobs.schemas import JobId, JobOut
from api.records.money import (
    AmountOut,
    Amounts,
)
from api.records.text import EXTERNAL_ID, ExternalId, Line

InvoiceId = Annotated[UUID, PublicId("inv", "invoice")]
Kind = Literal["customer", "supplier"]
Status = Literal["draft", "approved"]

_MAX_BATCH_LINES = 5000
_KIND = "`customer`: an invoice you send; `supplier`: a bill you received. It cannot be changed later."
_NUMBER = "Unique among customer invoices in any case; for a bill the supplier's own, which may repeat or be null."
_ISSUED = "The date of the invoice: YYYY-MM-DD."
_DUE_OUT = "The day on which it has to be paid: YYYY-MM-DD."
_DUE = "The day on which it has to be paid, not before `issued_on`: YYYY-MM-DD."
_CURRENCY = "The currency of all amounts (ISO 4217); without it, your own currency."
_AMOUNTS = "Whether unit prices exclude tax, include tax, or there is no tax."
_REFERENCE = "The customer's own text for the invoice, such as an order number."
_MARK_AS_SENT = (
    "Whether it is marked as sent to the customer when it is created in the ledger; null: as in your preferences."
)
_LINES = "In the order of printing; a change replaces all lines."


def _printable(number: str) -> str:
    if not (number.isascii() and number.isprintable()):
        raise PydanticCustomError("number_unprintable", "Use letters without accents, digits, spaces and signs only.")
    return number


Number = Annotated[
    str, Field(min_length=1, max_length=255, json_schema_extra={"pattern": "^[ -~]+$"}), AfterValidator(_printable)
]


class InvoiceDetails(InputModel):
    """Optional fields of an invoice."""

    contact_external_id: ExternalId | None = Field(
        None, description="Your id of the contact, in place of `contact_id`."
    )
    job_id: JobId | None = Field(None, description="The job that the invoice is for.")
    job_external_id: ExternalId | None = Field(None, description="Your id of the job, in place of `job_id`.")
    currency: Currency | None = Field(None, description=_CURRENCY)
    reference: Line | None = Field(None, description=_REFERENCE)
    external_id: ExternalId | None = None
    mark_as_sent: StrictBool | None = Field(None, description=_MARK_AS_SENT)

    @field_validator("job_external_id")
    @classmethod
    def _of_one_job(cls, external_id: str | None, info: ValidationInfo) -> str | None:
        if external_id is not None and info.data.get("job_id") is not None:
            raise PydanticCustomError("given_twice", "Send job_id or job_external_id, not both.")
        return external_id


class InvoiceIn(InvoiceDetails):
    """A new draft. A draft may have no lines; approval needs at least one."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.SENT]})

    kind: Kind = Field(description=_KIND)
    number: Number | None = Field(None, description=_NUMBER, validate_default=True)
    contact_id: ContactId | None = Field(
        None, description="The contact; or send `contact_external_id`.", validate_default=True
    )
    issued_on: DocumentDate = Field(description=_ISSUED)
    due_on: DocumentDate | None = Field(None, description=_DUE)
    amounts: Amounts = Field("exclusive", description=_AMOUNTS)
    lines: Lines = Field(default=[], description=_LINES)

    @field_validator("contact_id")
    @classmethod
    def _of_one_contact(cls, contact_id: UUID | None, info: ValidationInfo) -> UUID | None:
        external_id = info.data.get("contact_external_id", "unreadable")
        if contact_id is None and external_id is None:
            raise PydanticCustomError("required", "Send the contact's contact_id or contact_external_id.")
        if contact_id is not None and info.data.get("contact_external_id") is not None:
            raise PydanticCustomError("given_twice", "Send contact_id or contact_external_id, not both.")
        return contact_id

    @field_validator("number")
    @classmethod
    def _for_customers(cls, number: str | None, info: ValidationInfo) -> str | None:
        if number is None and info.data.get("kind") == "customer":
            raise PydanticCustomError("required", "A customer invoice needs a number.")
        return number

    @field_validator("due_on")
    @classmethod
    def _not_before_issue(cls, due_on: date | None, info: ValidationInfo) -> date | None:
        issued_on = info.data.get("issued_on")
        if due_on is not None and issued_on is not None and due_on < issued_on:
            raise PydanticCustomError("due_before_issued", "An invoice cannot be due before it is issued.")
        return due_on


class InvoiceChange(InvoiceDetails):
    """A merge-patch of an invoice. Missing fields stay, null clears, `lines` replaces all lines."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"due_on": "2027-01-20", "reference": None}]})

    kind: Kind = omissible(_KIND)
    number: Number | None = Field(None, description=_NUMBER)
    contact_id: ContactId = omissible("The contact; or send `contact_external_id`.")
    issued_on: DocumentDate = omissible(_ISSUED)
    due_on: DocumentDate | None = Field(None, description=_DUE)
    amounts: Amounts = omissible(_AMOUNTS)
    lines: Lines = omissible(_LINES)


class InvoiceElementIn(InvoiceIn):
    """An element of a batch after merging."""

    approve: StrictBool = False


class InvoiceElement(InvoiceChange):
    """One invoice by its `external_id`. A new one needs the required fields; a known one is merge-patched."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**examples.SENT, "approve": True}]})

    external_id: ExternalId
    approve: StrictBool = Field(
        False,
        description="Approve it too. A change of the contact, the currency or an amount withdraws an earlier approval.",
    )


class InvoiceBatch(InputModel):
    """Up to 500 invoices. Each is validated and stored on its own."""

    items: Annotated[list[SkipValidation[InvoiceElement]], Field(min_length=1, max_length=MAX_ELEMENTS)] = Field(
        description="The invoices, each with its `external_id`. They have at most 5,000 lines together."
    )

    @field_validator("items")
    @classmethod
    def _with_few_lines(cls, items: list[object]) -> list[object]:
        lines = [element["lines"] for element in items if isinstance(element, dict) and "lines" in element]
        count = sum(len(each) for each in lines if isinstance(each, list))
        if count > _MAX_BATCH_LINES:
            limits = {"count": count, "limit": _MAX_BATCH_LINES}
            raise PydanticCustomError("too_many_lines", "Send at most {limit} lines in a batch, not {count}.", limits)
        return items


class InvoiceSummary(OutputModel):
    """An invoice in a list, without its lines."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.LISTED]})

    id: InvoiceId
    kind: Kind = Field(description="`customer`: an invoice you send; `supplier`: a bill you received.")
    number: str | None = Field(description=_NUMBER)
    contact_id: ContactId = Field(description="The id of the contact: the customer or the supplier.")
    contact_external_id: str | None = Field(description="Your own id of the contact, if it has one.")
    contact_name: str = Field(description="The display name of the contact.")
    job_id: JobId | None = Field(description="The id of the job; null without a job.")
    job_external_id: str | None = Field(description="Your own id of the job, if it has one.")
    job_number: str | None = Field(description="Your number of the job; null without a job.")
    job_description: str | None = Field(description="The description of the job, if it has one.")
    issued_on: date = Field(description=_ISSUED)
    due_on: date | None = Field(description=_DUE_OUT)
    currency: str = Field(description="The currency of all amounts (ISO 4217).")
    amounts: Amounts = Field(description=_AMOUNTS)
    reference: str | None = Field(description=_REFERENCE)
    external_id: str | None = Field(description=EXTERNAL_ID)
    mark_as_sent: bool | None = Field(description=_MARK_AS_SENT)
    status: Status = Field(description="`draft`: it may be changed freely; `approved`: it may be exported.")
    approved_at: datetime | None = Field(description="When it was approved: an instant in UTC; null for a draft.")
    export_state: ExportState = Field(description="Its state in the ledger (Xero).")
    exported_at: datetime | None = Field(description="When it was exported last: an instant in UTC; null if never.")
    external_url: str | None = Field(description="The address of its page in the ledger; null if it is not there.")
    problems: list[ProblemOut] = Field(description="Why it cannot be sent, or why the ledger refused it.")
    remarks: list[ProblemOut] = Field(description="What deserves a look although it is in the ledger.")
    remarks_read_at: datetime | None = Field(
        description="When somebody of the business read the remarks: an instant in UTC; null while they are unread."
    )
    subtotal: AmountOut = Field(description="The sum without tax.")
    tax_total: AmountOut = Field(description="The sum of the lines' taxes, each rounded on its line.")
    total: AmountOut = Field(description="The amount to pay, with tax.")
    created_at: CreatedAt
    updated_at: UpdatedAt


class InvoiceOut(InvoiceSummary):
    """An invoice with its lines."""

    versioned = frozenset(InvoiceIn.model_fields) | {"status"}

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ANSWERED]})

    lines: list[LineOut] = Field(description="The lines, in the order of printing.")


class ListedInvoice(InvoiceSummary):
    """An invoice in a list, with the parts that `expand` names."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**examples.LISTED, **examples.NO_PARTS}]})

    contact: ContactOut | None = Field(description="Null unless `expand` names it.")
    job: JobOut | None = Field(description="Null unless `expand` names it.")
    lines: list[LineOut] | None = Field(description="Null unless `expand` names them.")


class InvoiceRead(InvoiceOut):
    """An invoice with its lines and the parts that `expand` names."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**examples.ANSWERED, "contact": None, "job": None}]})

    contact: ContactOut | None = Field(description="Null unless `expand` names it.")
    job: JobOut | None = Field(description="Null unless `expand` names it.")


class InvoiceChanged(InvoiceOut):
    """An invoice after a change."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**examples.ANSWERED, "approval_withdrawn": False}]})

    approval_withdrawn: bool = Field(
        description="Whether the change withdrew the approval, because the contact, the currency or an amount changed."
    )


class KindCounts(OutputModel):
    """Counts of invoices of one kind by view."""

    ready: int = Field(description="Approved, not exported, without a problem.")
    needs_attention: int = Field(
        description="Approved, and with a problem or an unread remark; or changed after the export, or voided."
    )
    in_progress: int = Field(description="Queued, being sent or being checked.")
    exported: int = Field(description="In the ledger.")
    draft: int = Field(description="Not approved.")
    all: int = Field(description="All invoices of this kind that match the filters.")


class InvoiceCounts(CountOut):
    """How many invoices match the filter, and how many of them are in each view."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"count": 132, "more": False, "customer": examples.KIND_COUNTS, "supplier": examples.KIND_COUNTS}
            ]
        }
    )

    customer: KindCounts = Field(description="The counts of customer invoices.")
    supplier: KindCounts = Field(description="The counts of supplier invoices (bills).")


class InvoiceBatchResult(BatchResult):
    """The result of one invoice."""

    id: InvoiceId | None = Field(description="The id of the invoice; null if the element was rejected.")


class InvoiceBatchOut(OutputModel):
    """The result of every element, in the order of the request."""

    results: list[InvoiceBatchResult] = Field(description="One result for each element of `items`, in the same order.")
