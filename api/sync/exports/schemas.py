"""API schemas of exports and export checks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import Query
from pydantic import AwareDatetime, ConfigDict, Field

from api.platform.http.schemas import CreatedAt, FixOut, InputModel, OutputModel, ProblemOut
from api.platform.ids import PublicId
from api.records.contacts.schemas import ContactId
from api.records.filters import UpdatedSince
from api.records.invoices.schemas import InvoiceId, Kind
from api.records.invoices.service import SelectionIn
from api.records.money import AmountOut, CurrencyTotal
from api.records.text import Search
from api.sync.contacts.schemas import DecidedBy, DifferenceOut, EvidenceKind, PossibleDuplicateOut
from api.sync.contacts.service import How
from api.sync.exports import examples
from api.sync.exports.states import FINISHED_RUNS, ItemState, RunState
from api.sync.writes.schemas import WaitingFor

ExportId = Annotated[UUID, PublicId("exp", "export")]
ExportItemId = Annotated[UUID, PublicId("exi", "export item")]
_POLL_MS = 1000
_POLL_WAITING_MS = 5000


class ExportOut(OutputModel):
    """One export. Its counts always add up to `total`."""

    versioned = frozenset({"cancel_requested"})

    model_config = ConfigDict(json_schema_extra={"examples": [examples.EXPORT]})

    id: ExportId
    number: int = Field(description="1 for the first export of the business, then 2, and so on.")
    state: RunState = Field(
        description="`queued`, `running` or `waiting`; finished: `done`, `done_with_errors` or `cancelled`."
    )
    waiting_for: WaitingFor | None = Field(description="What a waiting export waits for; null otherwise.")
    resume_at: datetime | None = Field(
        description="When a waiting export goes on: an instant in UTC; null if that is not known."
    )
    organisation_name: str = Field(description="The Xero organisation that the invoices go to.")
    started_by: str = Field(description="The name of the user or API key that started it.")
    retry_of: ExportId | None = Field(
        description="The export whose refused invoices it sends again; null for a first export."
    )
    created_at: CreatedAt
    finished_at: datetime | None = Field(description="When it was finished: an instant in UTC; null before.")
    hold_until: datetime | None = Field(
        description="Nothing is sent before this instant (UTC); null: it is sent at once."
    )
    total: int = Field(description="The number of invoices.")
    exported: int = Field(description="The number of invoices that are in Xero.")
    rejected: int = Field(description="The number of invoices that Xero refused.")
    waiting: int = Field(description="The number of invoices that are not sent yet, or are being sent.")
    unknown: int = Field(
        description="The number of invoices without an answer from Xero; Jobtally looks in Xero for them."
    )
    cancelled: int = Field(description="The number of invoices that were cancelled before they were sent.")
    with_remarks: int = Field(description="Exported invoices that deserve a look: those with `remarks`.")
    cancel_requested: bool = Field(description="Whether somebody asked to cancel it.")
    poll_after_ms: int | None = Field(description="Milliseconds after which to ask again; null when it is finished.")

    @classmethod
    def of(cls, run: object) -> Self:
        """The shape of a row of `export_runs`."""
        return cls.model_validate(values_of_run(vars(run)))


def values_of_run(run: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values of `ExportOut` of the columns of a run."""
    poll_ms = _POLL_WAITING_MS if run["state"] == RunState.WAITING else _POLL_MS
    return {
        **run,
        "cancel_requested": run["cancel_requested_at"] is not None,
        "poll_after_ms": None if run["state"] in FINISHED_RUNS else poll_ms,
    }


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
    """An export that was started, or the unfinished export that has all of these invoices already."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.STARTED]})

    skipped: list[SkippedInvoice] = Field(description="What was left out of a selection by filter; empty for ids.")


class ExportItemOut(OutputModel):
    """One invoice of an export and its result."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ITEM]})

    id: ExportItemId
    invoice_id: InvoiceId
    kind: Kind = Field(description="`customer`: an invoice you send; `supplier`: a bill you received.")
    number: str | None = Field(description="The number of the invoice; null for a bill without one.")
    contact_name: str = Field(description="The name of the contact.")
    total: AmountOut = Field(description="The amount to pay, with tax.")
    currency: str = Field(description="The currency of `total` (ISO 4217).")
    state: ItemState = Field(description="The state of the invoice in this export.")
    problems: list[ProblemOut] = Field(description="Why Xero refused it; empty otherwise.")
    remarks: list[ProblemOut] = Field(description="What deserves a look although it was exported.")
    external_url: str | None = Field(description="The address where Xero shows it; null if it is not there.")


class CheckedInvoice(OutputModel):
    """An invoice that needs a fix, with everything that is wrong with it."""

    invoice_id: InvoiceId
    number: str | None = Field(description="The number of the invoice; null for a bill without one.")
    contact_name: str = Field(description="The name of the contact.")
    currency: str | None = Field(description="The currency of `total` (ISO 4217); null for an unknown id.")
    total: AmountOut = Field(description="The amount to pay, with tax.")
    problems: list[ProblemOut] = Field(description="Everything that has to be fixed first.")


class ProblemGroup(OutputModel):
    """One problem, with every invoice that cannot be exported because of it."""

    code: str = Field(description="Stable name of the problem; `/problems/{code}` explains it.")
    title: str = Field(description="What is wrong, in a few words.")
    fix: FixOut | None = Field(description="The place in the app where it is fixed; null if there is none.")
    count: int = Field(description="The number of invoices with this problem.")
    totals: list[CurrencyTotal] = Field(description="The sums of these invoices, by currency.")
    invoice_ids: list[InvoiceId] = Field(description="The ids of these invoices.")


class NewContact(OutputModel):
    """A contact that the export looks for in Xero, and creates if it is not there."""

    contact_id: ContactId
    name: str = Field(description="The name of the contact.")


class CheckedContact(OutputModel):
    """Whom in Xero the selected invoices of a contact go to, and how that was decided."""

    contact_id: ContactId
    name: str = Field(description="The name of the contact here.")
    goes_to: str | None = Field(description="The name of the contact in Xero; null where that is not known.")
    how: How = Field(
        description=(
            "`linked`: it is linked; `will_link`: the export links it; `new`: the export creates it; `unsure`: you have"
            " to choose; `archived`: it is archived in Xero; `unchecked`: Xero's contacts were not read yet."
        )
    )
    decided_by: DecidedBy | None = Field(description="What decided it; null where nothing is decided.")
    evidence: list[EvidenceKind] = Field(description="What agreed when it was decided.")
    differs: list[DifferenceOut] = Field(description="The fields that are not the same on both sides.")
    possible_duplicates: list[PossibleDuplicateOut] = Field(
        description="Of a contact that is `new`: contacts in Xero that may be the same. None of them is linked."
    )
    remarks: list[ProblemOut] = Field(
        description="What deserves a look before the export, as a payer reference that another contact has."
    )
    invoices: int = Field(description="The number of selected invoices that are not in Xero yet.")
    totals: list[CurrencyTotal] = Field(description="The sums of these invoices, by currency.")


class NotMarkedAsSent(OutputModel):
    """Ready invoices that should be marked as sent to the customer, and are not for this reason."""

    reason: str = Field(description="Why Xero would not have them marked.")
    invoice_ids: list[InvoiceId] = Field(description="The ids of these invoices.")


class CheckedAgainst(OutputModel):
    """When each part was read from Xero: instants in UTC; null for a part that never was."""

    organisation: datetime | None = Field(description="Name, lock dates, plan and tax registration.")
    actions: datetime | None = Field(description="What the connected user may do.")
    currencies: datetime | None = Field(description="The currencies of the organisation.")
    accounts: datetime | None = Field(description="The chart of accounts.")
    tax_rates: datetime | None = Field(description="The tax rates.")
    tracking: datetime | None = Field(description="The tracking categories and their options.")
    items: datetime | None = Field(description="The items.")
    contacts: datetime | None = Field(description="The contacts.")
    documents: datetime | None = Field(description="The invoices and bills.")


class ExportCheckOut(OutputModel):
    """What an export of this selection would do. The check changes nothing."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CHECK]})

    total: int = Field(description="The number of selected invoices.")
    ready: int = Field(description="The number of invoices that can be exported now.")
    needs_fix: int = Field(description="The number of invoices that need a fix first.")
    organisation_name: str | None = Field(
        description="The Xero organisation that the invoices would go to; null without a connection."
    )
    obstacles: list[ProblemOut] = Field(
        description="What keeps every invoice from being exported now, whatever stands against it: no connection, for"
        " example, or no default codes."
    )
    checked_against: CheckedAgainst = Field(description="When each part of what was compared was read from Xero.")
    refreshing: bool = Field(
        description="Whether parts that are old are being read from Xero: check again to see what they change. Not"
        " while Xero's limit of a day puts the reading off."
    )
    poll_after_ms: int | None = Field(
        description="Milliseconds after which to check again; null: nothing is being read."
    )
    remarks: list[ProblemGroup] = Field(description="What deserves a look, each with its invoices. It holds back none.")
    ready_ids: list[InvoiceId] = Field(description="The ids of the invoices that can be exported now.")
    resendable_ids: list[InvoiceId] = Field(
        description="The ids of invoices that need a fix only because an earlier export was refused. An export tries"
        " them again."
    )
    ready_totals: list[CurrencyTotal] = Field(description="The sums of these invoices, by currency.")
    groups: list[ProblemGroup] = Field(description="The problems, each with its invoices.")
    invoices: list[CheckedInvoice] = Field(description="The invoices that need a fix, each with all its problems.")
    marked_as_sent: int = Field(description="Ready invoices that Xero gets marked as sent to the customer.")
    not_marked_as_sent: list[NotMarkedAsSent] = Field(
        description="Ready invoices that should be marked as sent and are not, by reason."
    )
    new_contacts: list[NewContact] = Field(description="The contacts that Xero may not have yet.")
    contacts: list[CheckedContact] = Field(description="Whom in Xero the invoices go to, by contact.")


class AnswerIn(InputModel):
    """What a person answers to a problem with choices."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"choice": "was_not_sent"}]})

    choice: str = Field(description="The code of one of the problem's `choices`.", max_length=100)


class AnswersIn(SelectionIn):
    """What a person answers to the same problem of many invoices."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ANSWERS]})

    problem_code: str = Field(description="The code of a problem that has `choices`.", max_length=100)
    choice: str = Field(description="The code of one of the problem's `choices`.", max_length=100)
