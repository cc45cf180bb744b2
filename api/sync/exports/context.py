"""Everything that decides how an invoice goes to Xero, read once for many invoices."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.records.accounting_codes.service import AccountingCodeCard, AccountingCodeService
from api.records.contacts.service import ContactCard, ContactService
from api.records.cost_centers.service import CostCenterCard, CostCenterService
from api.records.invoices.service import InvoiceDocument, InvoiceService
from api.records.jobs.service import JobCard, JobService
from api.records.preferences.service import PreferencesCard, PreferencesService
from api.sync.ledger.service import LedgerService, LedgerSnapshot


@dataclass(frozen=True)
class ExportContext:
    """Preferences, codes, cost centers and the ledger as they are at this moment."""

    preferences: PreferencesCard
    codes: Mapping[str, AccountingCodeCard]
    cost_centers: Mapping[UUID, CostCenterCard]
    ledger: LedgerSnapshot | None


@dataclass(frozen=True)
class Dossier:
    """One invoice with whom and what it is about."""

    invoice: InvoiceDocument
    contact: ContactCard
    job: JobCard | None


async def read_context(work: UnitOfWork) -> ExportContext:
    """The context of the business at work."""
    return ExportContext(
        preferences=await PreferencesService(work).current(),
        codes=await AccountingCodeService(work).by_code(),
        cost_centers={center.id: center for center in await CostCenterService(work).all()},
        ledger=await LedgerService(work).snapshot(),
    )


async def read_dossiers(work: UnitOfWork, invoice_ids: Sequence[UUID]) -> dict[UUID, Dossier]:
    """Invoices by id, in few statements; one that is gone is left out."""
    documents = await InvoiceService(work).documents(invoice_ids)
    contacts = await ContactService(work).cards({document.contact_id for document in documents})
    jobs = await JobService(work).cards(_jobs(documents))
    return {
        document.id: Dossier(
            document, contacts[document.contact_id], jobs.get(document.job_id) if document.job_id else None
        )
        for document in documents
    }


def _jobs(documents: Collection[InvoiceDocument]) -> set[UUID]:
    return {document.job_id for document in documents if document.job_id is not None}
