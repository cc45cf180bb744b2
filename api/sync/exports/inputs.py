"""The inputs of checks and of the mapping to Xero, read once for many invoices."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final
from uuid import UUID

from api.platform.db.row_versions import row_versions
from api.platform.db.work import UnitOfWork
from api.records.accounting_codes.service import ACCOUNTING_CODES_TABLE, AccountingCodeService, AccountingCodeView
from api.records.cost_centers.service import COST_CENTERS_TABLE, CostCenterService, CostCenterView
from api.records.invoices.service import InvoiceDocument, InvoiceService, StandingProblemService, Twin
from api.records.jobs.service import JobService, JobView
from api.records.preferences.service import PREFERENCES_TABLE, PreferencesService, PreferencesView
from api.sync.contacts.service import Destination
from api.sync.documents.service import Document, DocumentService
from api.sync.exports.entered import AlikeDocument, entered_by_others, places_of, same_of
from api.sync.ledger.service import LEDGER_TABLES, LedgerService, LedgerSnapshot, Option, bind

_LIMITED_PLANS: Final = ("STARTER", "EARLY", "IGNITE")
# Everything that `read_context` reads.
_TABLES: Final = (PREFERENCES_TABLE, ACCOUNTING_CODES_TABLE, COST_CENTERS_TABLE, *LEDGER_TABLES)


@dataclass(frozen=True)
class ExportContext:
    """The preferences, codes, cost centers and ledger of one business, as they are now."""

    preferences: PreferencesView
    codes: Mapping[str, AccountingCodeView]
    cost_centers: Mapping[UUID, CostCenterView]
    ledger: LedgerSnapshot | None


@dataclass(frozen=True)
class ExportInput:
    """One invoice with its job."""

    invoice: InvoiceDocument
    job: JobView | None


@dataclass(frozen=True)
class Surroundings:
    """What other invoices and documents say about invoices: each by the id of an invoice, but `approved`."""

    taken: Mapping[UUID, Document] = field(default_factory=dict)  # the document in Xero that has its number
    twins: Mapping[UUID, Twin] = field(default_factory=dict)
    # How many documents Xero has approved by type (ACCREC, ACCPAY) and month, if the plan limits them.
    approved: Mapping[tuple[str, date], int] = field(default_factory=dict)
    # The documents of others that look like it, the closest first.
    alike: Mapping[UUID, Sequence[AlikeDocument]] = field(default_factory=dict)


class ContextReader:
    """Reads the context for sending to one organisation; not again while none of its rows has changed."""

    def __init__(self, organisation_id: UUID | None) -> None:
        self._organisation_id = organisation_id
        self._read: tuple[tuple[str, ...], ExportContext] | None = None

    async def current(self, work: UnitOfWork) -> ExportContext:
        """The context as it is now."""
        versions = await row_versions(work, _TABLES)
        if self._read is None or self._read[0] != versions:
            self._read = versions, await read_context(work, self._organisation_id)
        return self._read[1]


async def read_context(work: UnitOfWork, organisation_id: UUID | None) -> ExportContext:
    """The context of the business at work, for sending to this organisation; without one, without a ledger."""
    preferences = await PreferencesService(work).current()
    ledger = await LedgerService(work).snapshot(organisation_id) if organisation_id is not None else None
    options = ledger.categories.get(preferences.tracking_category_id or "") if ledger else None
    return ExportContext(
        preferences=preferences,
        codes=await AccountingCodeService(work).by_code(),
        cost_centers={center.id: _bound(center, options) for center in await CostCenterService(work).all()},
        ledger=ledger,
    )


async def read_inputs(work: UnitOfWork, invoice_ids: Sequence[UUID]) -> dict[UUID, ExportInput]:
    """Invoices by id, in few statements; a deleted invoice is left out."""
    documents = await InvoiceService(work).documents(invoice_ids)
    jobs = await JobService(work).views(_jobs(documents))
    return {
        document.id: ExportInput(document, jobs.get(document.job_id) if document.job_id else None)
        for document in documents
    }


async def read_surroundings(
    work: UnitOfWork,
    organisation_id: UUID | None,
    inputs: Mapping[UUID, ExportInput],
    context: ExportContext,
    destinations: Mapping[UUID, Destination],
) -> Surroundings:
    """What stands around these invoices that go there; without an organisation, only our own bills."""
    invoices = [export_input.invoice for export_input in inputs.values()]
    twins = await StandingProblemService(work).twins([each.id for each in invoices if each.kind == "supplier"])
    if organisation_id is None:
        return Surroundings(twins=twins)
    documents = DocumentService(work)
    numbers = {each.id: each.number for each in invoices if each.kind == "customer" and each.number is not None}
    numbered = await documents.numbered(organisation_id, numbers.values()) if numbers else {}
    taken = {
        invoice_id: others[0]
        for invoice_id, number in numbers.items()
        if (others := [each for each in numbered.get(number.lower(), ()) if each.marker_invoice_id != invoice_id])
    }
    months = {each.issued_on.replace(day=1) for each in invoices}
    is_limited = context.ledger is not None and is_limited_plan(context.ledger.plan)
    approved = await documents.approved_in(organisation_id, months) if is_limited else {}
    places, same = places_of(destinations), same_of(destinations)
    alike = await entered_by_others(work, organisation_id, invoices, places, same)
    return Surroundings(taken, twins, approved, alike)


def is_limited_plan(plan: str | None) -> bool:
    """Whether the plan of the organisation limits how many invoices and bills are approved in a month."""
    return (plan or "").upper() in _LIMITED_PLANS


def _bound(center: CostCenterView, options: Sequence[Option] | None) -> CostCenterView:
    """The cost center with the option that it matches now; the stored match may be older."""
    bound = bind(center.name, center.option_id, options)
    return replace(center, match=bound.match, option_id=bound.option_id, option_name=bound.option_name)


def _jobs(documents: Collection[InvoiceDocument]) -> set[UUID]:
    return {document.job_id for document in documents if document.job_id is not None}
