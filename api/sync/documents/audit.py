"""The audit: no invoice has two documents in Xero, and every document that we exported is there."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal
from uuid import UUID

from prometheus_client import Counter

from api.identity.businesses.service import business_name
from api.platform.db.work import SYSTEM, UnitOfWork
from api.platform.ids import encode
from api.platform.log import get_logger
from api.records.invoices.service import InvoiceService, RemarkService
from api.records.notifications.service import NotificationService
from api.sync.connections.service import XeroGateway, XeroGateways
from api.sync.documents.mirror import read_on, store
from api.sync.documents.problems import PROBLEM_KINDS, remark
from api.sync.documents.repository import (
    DocumentCursorRepository,
    MirrorDocumentRepository,
    businesses_with_documents,
    organisations_read,
)
from api.xero.errors import XeroError
from api.xero.limits import Priority

FindingKind = Literal["several_in_xero", "missing_in_xero"]

# A document that the mirror lacks is read alone before it is reported; a reset demo company lacks all of them.
_MAX_CONFIRMED = 20
_MAX_LISTED = 50  # invoices in the content of a notification
_FINDINGS = Counter(
    "jobtally_duplicates", "Findings of the daily audit, by kind; each is counted at each audit.", ["kind"]
)
_logger = get_logger("jobtally.documents")


@dataclass(frozen=True)
class Finding:
    """An invoice with several live documents in Xero, or one whose exported document Xero does not have."""

    kind: FindingKind
    organisation_id: UUID
    invoice_id: UUID
    xero_invoice_ids: tuple[UUID, ...]
    number: str | None = None

    def __str__(self) -> str:
        label = f"{self.number or 'Bill'} ({encode('inv', self.invoice_id)})"
        ids = ", ".join(map(str, self.xero_invoice_ids))
        if self.kind == "several_in_xero":
            return f"{label} has {len(self.xero_invoice_ids)} documents in Xero: {ids}"
        return f"{label} was exported as {ids}, which does not exist in Xero"


async def audit(gateway: XeroGateway) -> list[Finding]:
    """Bring the mirror up to now and audit it. The four errors of the gateway pass through."""
    await read_on(gateway, priority=Priority.BACKGROUND)
    async with gateway.work() as work:
        unseen = await MirrorDocumentRepository(work, gateway.organisation_id).links_without_document()
    client = gateway.client(Priority.BACKGROUND)
    for _, xero_invoice_id in unseen[:_MAX_CONFIRMED]:
        document = await client.invoice(xero_invoice_id)
        if document is not None:
            async with gateway.work() as work:
                await store(work, gateway.organisation_id, [document])
    async with gateway.work() as work:
        return await audit_mirror(work, gateway.organisation_id)


async def audit_mirror(work: UnitOfWork, organisation_id: UUID) -> list[Finding]:
    """Audit the mirror of one organisation as it is. A mirror that is not complete proves no document missing."""
    documents = MirrorDocumentRepository(work, organisation_id)
    markers = await documents.markers_of_several()
    several: dict[UUID, list[UUID]] = {}
    for row in await documents.by_markers(markers):
        if row.is_live and row.marker_invoice_id is not None:
            several.setdefault(row.marker_invoice_id, []).append(row.xero_invoice_id)
    is_complete = await DocumentCursorRepository(work, organisation_id).is_complete()
    missing = await documents.links_without_document() if is_complete else []
    findings = [
        *(Finding("several_in_xero", organisation_id, key, tuple(ids)) for key, ids in several.items()),
        *(Finding("missing_in_xero", organisation_id, key, (xero_id,)) for key, xero_id in missing),
    ]
    return await _named(work, findings)


async def audit_business(gateways: XeroGateways, business_id: UUID, *, offline: bool = False) -> list[Finding]:
    """Audit the organisation of the business's connection; `offline`, or without a connection, the mirrors it has."""
    gateway = None if offline else await gateways.open(business_id)
    if gateway is not None:
        return await audit(gateway)
    async with gateways.database.work(business_id) as work:
        organisations = await organisations_read(work)
        return [finding for each in organisations for finding in await audit_mirror(work, each)]


async def audit_installation(
    gateways: XeroGateways, business_id: UUID | None = None, *, offline: bool = False
) -> AsyncIterator[str]:
    """Audit one business, or all; gives a line for each finding and for each business that could not be audited."""
    async with gateways.database.work(SYSTEM) as system:
        businesses = await businesses_with_documents(system)
    if business_id is not None and business_id not in businesses:
        yield f"{encode('biz', business_id)}: there is no such business, or it was never connected to Xero"
    for each in businesses if business_id is None else {business_id}.intersection(businesses):
        async with gateways.database.work(each) as work:
            name = await business_name(work)
        try:
            findings = await audit_business(gateways, each, offline=offline)
        except XeroError as error:
            yield f"{name}: not audited, because Xero could not be read ({error})"
            continue
        for finding in findings:
            yield f"{name}: {finding}"


async def report(work: UnitOfWork, findings: Sequence[Finding]) -> None:
    """Count and log each finding, remark on its invoice, and notify once about the same findings of a kind."""
    for finding in findings:
        _FINDINGS.labels(finding.kind).inc()
        _logger.error(
            "audit finding",
            business_id=str(work.business_id),
            kind=finding.kind,
            invoice_id=str(finding.invoice_id),
            xero_invoice_ids=list(map(str, finding.xero_invoice_ids)),
        )
    remarks = {finding.invoice_id: remark(_KINDS[finding.kind], finding.xero_invoice_ids) for finding in findings}
    await RemarkService(work).replace({kind.code for kind in PROBLEM_KINDS}, remarks)
    for kind, sentence in _SENTENCES.items():
        alike = sorted((finding for finding in findings if finding.kind == kind), key=lambda each: each.invoice_id)
        if alike:
            digest = hashlib.sha256("".join(map(str, alike)).encode()).hexdigest()
            await NotificationService(work).publish(
                f"documents.{kind}", sentence(alike), _content(alike), once=f"documents-audit:{kind}:{digest}"
            )


def _several(findings: Sequence[Finding]) -> str:
    return (
        f"Xero has more than one document for {_invoices(findings)}."
        " Open them in Xero, and void or delete the one that is too many."
    )


def _missing(findings: Sequence[Finding]) -> str:
    return (
        f"Xero no longer has the document of {_invoices(findings)}."
        " Nothing is sent again by itself. Check in Xero what happened to it."
    )


_KINDS: Final = {kind.code: kind for kind in PROBLEM_KINDS}
_SENTENCES: Final = {"several_in_xero": _several, "missing_in_xero": _missing}


def _invoices(findings: Sequence[Finding]) -> str:
    if len(findings) == 1:
        return findings[0].number or "a bill"
    return f"{len(findings):,} invoices"


def _content(findings: Sequence[Finding]) -> dict[str, object]:
    shown = findings[:_MAX_LISTED]
    return {
        "count": len(findings),
        "invoices": [
            {
                "invoice_id": encode("inv", finding.invoice_id),
                "number": finding.number,
                "xero_invoice_ids": list(map(str, finding.xero_invoice_ids)),
            }
            for finding in shown
        ],
    }


async def _named(work: UnitOfWork, findings: Sequence[Finding]) -> list[Finding]:
    """The findings with the numbers of their invoices."""
    invoices = await InvoiceService(work).summaries([finding.invoice_id for finding in findings])
    numbers = {invoice.id: invoice.number for invoice in invoices}
    return [replace(finding, number=numbers.get(finding.invoice_id)) for finding in findings]
