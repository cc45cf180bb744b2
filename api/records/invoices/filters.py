"""The filters and orders of lists of invoices."""

from typing import Annotated, Any, Final, Literal

from fastapi import Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints, ValidationError

from api.platform.http.schemas import InputModel
from api.platform.problems import Catalogue
from api.records.contacts.schemas import ContactId
from api.records.dates import DocumentDate
from api.records.filters import ExternalIdFilter, UpdatedSince
from api.records.invoices.currencies import Currency
from api.records.invoices.schemas import Kind, Status
from api.records.invoices.states import ExportState
from api.records.jobs.schemas import JobId
from api.records.money import Amount
from api.records.text import ExternalId, Search

ProblemCode = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]*$", max_length=100)]
_UNKNOWN_PROBLEM: Final = "No problem has this code. docs/problems.md lists the codes."
View = Literal["ready", "attention", "in_progress", "exported", "draft"]
Sort = Literal["-issued_on", "issued_on", "number", "-number", "total", "-total", "updated_at", "-updated_at"]
Order = Annotated[Sort, Query(description="The order; `-` means descending. The default is newest first.")]


class InvoiceFilter(InputModel):
    """A filter of invoices. An invoice has to match every field."""

    model_config = ConfigDict(frozen=True)

    kind: Kind | None = Field(None, description="Only customer invoices, or only supplier invoices.")
    status: Status | None = Field(None, description="Only drafts, or only approved invoices.")
    export_state: ExportState | None = Field(None, description="Only invoices with this state in the ledger (Xero).")
    view: View | None = Field(
        None,
        description="`ready`: approved, not exported, no problem; `attention`: approved, and with a problem or an"
        " unread remark; or changed after the export, or voided; `in_progress`: queued, sending or checking;"
        " `exported`: in the ledger; `draft`: not approved.",
    )
    problem: ProblemCode | None = Field(
        None, description="Only invoices in the view `attention` that have the problem with this code."
    )
    q: Search | None = Field(
        None,
        description="Part of the number (with or without its dashes and blanks), the contact's name, the job's number"
        " or description, or the total.",
    )
    contact_id: ContactId | None = Field(None, description="Only invoices of this contact.")
    job_id: JobId | None = Field(None, description="Only invoices of this job.")
    currency: Currency | None = Field(None, description="Only invoices in this currency (ISO 4217).")
    external_id: ExternalId | None = Field(None, description="The invoice with this id of yours.")
    issued_from: DocumentDate | None = Field(None, description="Issued on this day or later.")
    issued_to: DocumentDate | None = Field(None, description="Issued on this day or earlier.")
    due_from: DocumentDate | None = Field(None, description="Due on this day or later.")
    due_to: DocumentDate | None = Field(None, description="Due on this day or earlier.")
    amount_from: Amount | None = Field(None, description="With this total or more.")
    amount_to: Amount | None = Field(None, description="With this total or less.")
    updated_since: AwareDatetime | None = Field(None, description="Changed at this instant or later.")


def _described(name: str) -> Any:
    return Query(description=InvoiceFilter.model_fields[name].description)


async def wanted_invoices(
    request: Request,
    kind: Annotated[Kind | None, _described("kind")] = None,
    status: Annotated[Status | None, _described("status")] = None,
    export_state: Annotated[ExportState | None, _described("export_state")] = None,
    view: Annotated[View | None, _described("view")] = None,
    problem: Annotated[ProblemCode | None, _described("problem")] = None,
    q: Annotated[Search | None, _described("q")] = None,
    contact_id: Annotated[ContactId | None, _described("contact_id")] = None,
    job_id: Annotated[JobId | None, _described("job_id")] = None,
    currency: Annotated[Currency | None, _described("currency")] = None,
    external_id: ExternalIdFilter = None,
    issued_from: Annotated[DocumentDate | None, _described("issued_from")] = None,
    issued_to: Annotated[DocumentDate | None, _described("issued_to")] = None,
    due_from: Annotated[DocumentDate | None, _described("due_from")] = None,
    due_to: Annotated[DocumentDate | None, _described("due_to")] = None,
    amount_from: Annotated[Amount | None, _described("amount_from")] = None,
    amount_to: Annotated[Amount | None, _described("amount_to")] = None,
    updated_since: UpdatedSince = None,
) -> InvoiceFilter:
    """The filter of a list request. Without a word to search for, a search finds everything."""
    given = {name: value for name, value in locals().items() if name != "request"}
    _refuse_unknown(problem, request.app.state.catalogue)
    given["q"] = given["q"] if q is not None and q.split() else None
    try:
        return InvoiceFilter(**given)
    except ValidationError as error:  # the model trims texts, which may leave nothing of them
        raise RequestValidationError([{**each, "loc": ("query", *each["loc"])} for each in error.errors()]) from None


def _refuse_unknown(problem: str | None, catalogue: Catalogue) -> None:
    """Refuse a code that is not among those of problems which stand on invoices and other rows."""
    kind = catalogue.get(problem) if problem is not None else None
    if problem is not None and (kind is None or kind.status is not None):
        detail = {"type": "unknown_problem", "loc": ("query", "problem"), "input": problem, "msg": _UNKNOWN_PROBLEM}
        raise RequestValidationError([detail])
