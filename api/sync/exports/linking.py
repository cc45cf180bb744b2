"""Answers about documents that somebody else entered: the same, which links them and sends nothing, or another one."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from api.identity.audit.service import record_event
from api.platform.db.work import UnitOfWork
from api.platform.errors import Conflict, FieldError, Invalid, NotFound
from api.platform.http.schemas import LedgerDocumentOut
from api.platform.ids import encode
from api.platform.problems import Problem
from api.records.invoices.service import (
    ExportMark,
    ExportState,
    InvoiceDocument,
    InvoiceService,
    StandingProblemService,
)
from api.sync.connections.service import ConnectionService
from api.sync.contacts.service import ContactLinkService
from api.sync.documents.service import Document, DocumentService, closest
from api.sync.exports.asking import SAME, document_of
from api.sync.exports.entered import AlikeDocument, entered_by_others, places_of, same_of
from api.sync.exports.links.repository import InvoiceLinkRepository
from api.sync.exports.links.schemas import InvoiceLinkOut
from api.sync.exports.problems import DIFFERENT, LOOKS_ENTERED, problem
from api.sync.exports.results import Document as LinkedDocument
from api.sync.exports.standing.service import restate
from api.sync.ledger.service import LedgerService

_SEVERAL: Final = FieldError(
    "several_alike", "Several documents look like it, or several invoices like its document. Answer it on its own."
)
_TOTALS_DIFFER: Final = FieldError("totals_differ", "The amounts differ. Compare the two, and answer it on its own.")


class SentToXero(Conflict):
    code, title = "sent_to_xero", "Jobtally sent this document to Xero"
    remedy = "Only a document that somebody else entered can be unlinked. Void this one in Xero if it is wrong there."


@dataclass(frozen=True)
class _Asked:
    """The invoices that wait, and the documents that look like them."""

    organisation_id: UUID
    invoices: Mapping[UUID, InvoiceDocument]
    alike: Mapping[UUID, Sequence[AlikeDocument]]


class LinkService:
    """The links of invoices to documents that somebody else entered in Xero."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def answer(self, invoice_id: UUID, choice: str) -> bool:
        """Answer for one invoice; gives whether it is asked about. Raises Invalid for an unknown choice."""
        asked = await self._asked([invoice_id])
        if asked is None or invoice_id not in asked.alike:
            return False
        alike = asked.alike[invoice_id]
        if choice == DIFFERENT:
            await self._tell_apart(asked, [invoice_id])
            return True
        chosen = _chosen(alike, choice)
        if chosen is None:
            raise Invalid(errors=[_unknown_choice(alike)])
        return bool(await self._link(asked, {invoice_id: chosen}))

    async def take_back(self, invoice_id: UUID, problem_code: str) -> None:
        """Ask again about the documents that a person called different; without such an answer, nothing happens.

        Raises NotFound, also for the other problems: what was answered to them was done.
        """
        if problem_code != LOOKS_ENTERED:
            raise NotFound("The answer to this problem cannot be taken back.")
        states = await InvoiceService(self._work).locked_states([invoice_id])
        if invoice_id not in states:
            raise NotFound
        organisation_id = await ConnectionService(self._work).known_organisation()
        if organisation_id is None or not await DocumentService(self._work).forget_different(
            organisation_id, invoice_id
        ):
            return
        subject = encode("inv", invoice_id)
        record_event(self._work, "invoices.answer", subject=subject, problem=LOOKS_ENTERED, choice="undecided")
        await self._work.session.flush()
        await restate(self._work, [invoice_id])

    async def answer_all(self, invoice_ids: Sequence[UUID], choice: str) -> dict[UUID, FieldError | None]:
        """Answer for those that are asked about; gives these, each with why it was left as it is."""
        if choice not in (SAME, DIFFERENT):
            raise Invalid(errors=[FieldError("unknown_choice", f"Choose {SAME} or {DIFFERENT}.", pointer="#/choice")])
        asked = await self._asked(invoice_ids)
        if asked is None:
            return {}
        own = [invoice_id for invoice_id in invoice_ids if invoice_id in asked.alike]
        if choice == DIFFERENT:
            await self._tell_apart(asked, own)
            return dict.fromkeys(own)
        others = await StandingProblemService(self._work).waiting({asked.invoices[id].contact_id for id in own})
        around = await self._alike(asked.organisation_id, await InvoiceService(self._work).summaries(others))
        holders = _holders({**around, **asked.alike})
        results = {invoice_id: _reason_to_ask(invoice_id, asked.alike[invoice_id], holders) for invoice_id in own}
        clear = {id: closest(asked.alike[id])[0].document for id, reason in results.items() if reason is None}
        linked = await self._link(asked, clear)
        return {id: reason for id, reason in results.items() if reason is not None or id in linked}

    async def read(self, invoice_id: UUID) -> InvoiceLinkOut:
        """The document that an invoice is linked to in the organisation, if there is one. Raises NotFound."""
        invoice = await InvoiceService(self._work).get(invoice_id)
        organisation_id = await ConnectionService(self._work).known_organisation()
        links = await InvoiceLinkRepository(self._work).of(organisation_id, [invoice_id]) if organisation_id else {}
        if organisation_id is None or invoice_id not in links:
            return InvoiceLinkOut(xero_invoice_id=None, made_by=None, made_at=None, document=None)
        link = links[invoice_id]
        mirrored = await DocumentService(self._work).by_xero_ids(organisation_id, [link.xero_invoice_id])
        document, short_code = mirrored.get(link.xero_invoice_id), await LedgerService(self._work).short_code()
        shown = document_of(invoice.kind, document, short_code) if document else None
        return InvoiceLinkOut(
            xero_invoice_id=link.xero_invoice_id,
            made_by="person" if link.by_person else "export",
            made_at=link.created_at,
            document=LedgerDocumentOut.model_validate(shown) if shown else None,
        )

    async def unlink(self, invoice_id: UUID) -> None:
        """Take back a link that a person made; without one, nothing happens. Raises NotFound, SentToXero."""
        states = await InvoiceService(self._work).locked_states([invoice_id])
        organisation_id = await ConnectionService(self._work).known_organisation()
        if invoice_id not in states:
            raise NotFound
        if organisation_id is None:
            return
        links = InvoiceLinkRepository(self._work)
        link = (await links.of(organisation_id, [invoice_id])).get(invoice_id)
        if link is None:
            return
        if not link.by_person:
            raise SentToXero
        await links.delete(link)
        await InvoiceService(self._work).mark({invoice_id: ExportMark(ExportState.NOT_EXPORTED)})
        subject, document = encode("inv", invoice_id), str(link.xero_invoice_id)
        record_event(self._work, "invoices.unlink", subject=subject, xero_invoice_id=document)
        await self._work.session.flush()
        await restate(self._work, [invoice_id])

    async def _asked(self, invoice_ids: Sequence[UUID]) -> _Asked | None:
        """What is asked about these invoices now; those that wait are locked. None without an organisation."""
        organisation_id = await ConnectionService(self._work).known_organisation()
        if organisation_id is None:
            return None
        invoices = InvoiceService(self._work)
        states = await invoices.locked_states(invoice_ids)
        waiting = [invoice_id for invoice_id, state in states.items() if state.is_waiting]
        summaries = await invoices.summaries(waiting)
        alike = await self._alike(organisation_id, summaries)
        return _Asked(organisation_id, {each.id: each for each in summaries}, alike)

    async def _alike(
        self, organisation_id: UUID, invoices: Collection[InvoiceDocument]
    ) -> dict[UUID, list[AlikeDocument]]:
        contact_ids = {invoice.contact_id for invoice in invoices}
        destinations = await ContactLinkService(self._work).destinations(organisation_id, contact_ids)
        places, same = places_of(destinations), same_of(destinations)
        return await entered_by_others(self._work, organisation_id, invoices, places, same)

    async def _tell_apart(self, asked: _Asked, invoice_ids: Sequence[UUID]) -> None:
        """Remember that none of the documents is the invoice."""
        different = {id: [each.document.xero_invoice_id for each in asked.alike[id]] for id in invoice_ids}
        await DocumentService(self._work).note_different(asked.organisation_id, different)
        for invoice_id, xero_invoice_ids in different.items():
            self._note(invoice_id, DIFFERENT, xero_invoice_ids)
        await restate(self._work, invoice_ids)

    async def _link(self, asked: _Asked, chosen: Mapping[UUID, Document]) -> set[UUID]:
        """Link invoices to these documents, except to one that another invoice has got; gives those that are linked."""
        documents = {invoice_id: LinkedDocument.mirrored(document) for invoice_id, document in chosen.items()}
        linked = await InvoiceLinkRepository(self._work).link_by_person(asked.organisation_id, documents)
        instant, short_code = await self._work.now(), await LedgerService(self._work).short_code()
        marks: dict[UUID, ExportMark] = {}
        for invoice_id in linked:
            invoice, document = asked.invoices[invoice_id], chosen[invoice_id]
            marks[invoice_id] = ExportMark(
                ExportState.EXPORTED,
                exported_at=instant,
                external_url=document_of(invoice.kind, document, short_code).url,
                remarks=_remarks(invoice, document),
                ledger_total=document.total if document.total != invoice.total else None,
            )
            self._note(invoice_id, SAME, [document.xero_invoice_id])
        await InvoiceService(self._work).mark(marks)
        return linked

    def _note(self, invoice_id: UUID, choice: str, xero_invoice_ids: Collection[UUID]) -> None:
        record_event(
            self._work,
            "invoices.answer",
            subject=encode("inv", invoice_id),
            problem=LOOKS_ENTERED,
            choice=choice,
            xero_invoice_id=", ".join(map(str, xero_invoice_ids)),
        )


def _chosen(alike: Sequence[AlikeDocument], choice: str) -> Document | None:
    """The document that a choice means: the only closest one, or the one that is named."""
    shown = closest(alike)
    if choice == SAME and len(shown) == 1:
        return shown[0].document
    return next((each.document for each in alike if choice == f"{SAME}:{each.document.xero_invoice_id}"), None)


def _unknown_choice(alike: Sequence[AlikeDocument]) -> FieldError:
    shown = closest(alike)
    known = [SAME] if len(shown) == 1 else [f"{SAME}:{each.document.xero_invoice_id}" for each in shown]
    return FieldError("unknown_choice", f"Choose {' or '.join([*known, DIFFERENT])}.", pointer="#/choice")


def _holders(alike: Mapping[UUID, Sequence[AlikeDocument]]) -> dict[UUID, UUID | None]:
    """By document, the invoice that it is closest to; None if that are several."""
    claims: dict[UUID, list[tuple[tuple[bool, bool, int], UUID]]] = defaultdict(list)
    for invoice_id, own in alike.items():
        for each in closest(own):
            claims[each.document.xero_invoice_id].append((each.rank, invoice_id))
    holders: dict[UUID, UUID | None] = {}
    for document_id, claimed in claims.items():
        first = min(rank for rank, _ in claimed)
        nearest = [invoice_id for rank, invoice_id in claimed if rank == first]
        holders[document_id] = nearest[0] if len(nearest) == 1 else None
    return holders


def _reason_to_ask(
    invoice_id: UUID, alike: Sequence[AlikeDocument], holders: Mapping[UUID, UUID | None]
) -> FieldError | None:
    """Why an invoice of many is not linked without a look at it."""
    shown = closest(alike)
    if len(shown) > 1 or holders[shown[0].document.xero_invoice_id] != invoice_id:
        return _SEVERAL
    return None if shown[0].same_total else _TOTALS_DIFFER


def _remarks(invoice: InvoiceDocument, document: Document) -> list[Problem]:
    if document.total in (None, invoice.total):
        return []
    return [problem("total_mismatch", f"Ours is {invoice.total:,.2f}, Xero has {document.total:,.2f}.")]
