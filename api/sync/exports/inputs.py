"""The inputs of checks and of the mapping to Xero, read once for many invoices."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from api.platform.db.row_versions import row_versions
from api.platform.db.work import UnitOfWork
from api.records.accounting_codes.service import ACCOUNTING_CODES_TABLE, AccountingCodeService, AccountingCodeView
from api.records.cost_centers.service import COST_CENTERS_TABLE, CostCenterService, CostCenterView
from api.records.invoices.service import InvoiceDocument, InvoiceService
from api.records.jobs.service import JobService, JobView
from api.records.preferences.service import PREFERENCES_TABLE, PreferencesService, PreferencesView
from api.sync.ledger.service import LEDGER_TABLES, LedgerService, LedgerSnapshot, Option, bind

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


class ContextReader:
    """Reads the context for sending to one organisation; not again while none of its rows has changed."""

    def __init__(self, organisation_id: UUID) -> None:
        self._organisation_id = organisation_id
        self._read: tuple[tuple[str, ...], ExportContext] | None = None

    async def current(self, work: UnitOfWork) -> ExportContext:
        """The context as it is now."""
        versions = await row_versions(work, _TABLES)
        if self._read is None or self._read[0] != versions:
            self._read = versions, await read_context(work, self._organisation_id)
        return self._read[1]


async def read_context(work: UnitOfWork, organisation_id: UUID) -> ExportContext:
    """The context of the business at work, for sending to this organisation."""
    preferences = await PreferencesService(work).current()
    ledger = await LedgerService(work).snapshot(organisation_id)
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


def _bound(center: CostCenterView, options: Sequence[Option] | None) -> CostCenterView:
    """The cost center with the option that it matches now; the stored match may be older."""
    bound = bind(center.name, center.option_id, options)
    return replace(center, match=bound.match, option_id=bound.option_id, option_name=bound.option_name)


def _jobs(documents: Collection[InvoiceDocument]) -> set[UUID]:
    return {document.job_id for document in documents if document.job_id is not None}
