"""What an export would do: checks and previews. Nothing is written."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

from api.platform.db.work import UnitOfWork
from api.platform.errors import ApiError, NotFound
from api.platform.http.schemas import FixOut, ProblemOut
from api.platform.problems import Problem
from api.records.invoices.schemas import InvoiceChange, InvoiceIn
from api.records.invoices.service import InvoiceDocument, InvoiceInExport, InvoiceService, NumberTaken, Selection
from api.records.preferences.service import PreferencesService, PreferencesView
from api.sync.connections.service import ConnectionService
from api.sync.contacts.service import ContactLinkService
from api.sync.exports import mapping
from api.sync.exports.check_remarks import PlanLimits, plan_limits, remarks_of
from api.sync.exports.destinations import checked_contacts, currency_totals
from api.sync.exports.examination import Examined, examine
from api.sync.exports.inputs import ExportInput
from api.sync.exports.kept import is_kept
from api.sync.exports.marking import is_wanted, reason_not_marked
from api.sync.exports.obstacles import Standpoint, read_standpoint
from api.sync.exports.preview_schemas import SentCall, XeroPreview
from api.sync.exports.problems import LOOKS_ENTERED, fix_of_several, problem
from api.sync.exports.repository import ExportItemRepository
from api.sync.exports.schemas import (
    CheckedAgainst,
    CheckedInvoice,
    ExportCheckOut,
    NewContact,
    NotMarkedAsSent,
    ProblemGroup,
)
from api.sync.exports.sendable import invoice_page, reason_against, with_fix
from api.sync.exports.states import ItemState
from api.sync.ledger.service import Part
from api.sync.markers import marker
from api.sync.writes.service import WriteAttemptRepository
from api.xero.limits import Ceilings
from api.xero.outgoing import enclosed

_NOBODY = UUID(int=0)
_UNAPPROVED = "invoice_not_approved"


@dataclass(frozen=True)
class _Sent:
    text: str
    at: datetime
    call: SentCall


class CheckService:
    """Export checks and previews of one business."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def check(self, selection: Selection, ceilings: Ceilings) -> ExportCheckOut:
        """The invoices that are ready, the problems of the others, and the contacts that are new in Xero.

        Xero is not called. What is old is asked for, and a later check compares with it.
        """
        ids = await InvoiceService(self._work).chosen(selection)
        organisation_id = await ConnectionService(self._work).known_organisation()
        standpoint = await self._standpoint(ceilings)
        examined = await examine(self._work, organisation_id, ids)
        return await self._answer(ids, examined, organisation_id, standpoint)

    async def check_draft(
        self, content: InvoiceIn, ceilings: Ceilings, invoice_id: UUID | None = None
    ) -> ExportCheckOut:
        """The same for one invoice that is not stored, or for a stored one with this content, as if it were approved.

        It is created or changed and examined like every other one, and taken back. Raises what that would raise; but a
        number that another invoice has is a problem of it.
        """
        organisation_id = await ConnectionService(self._work).known_organisation()
        standpoint = await self._standpoint(ceilings)
        taken: list[Problem] = []
        try:
            async with self._work.tentatively():
                try:
                    draft = await self._written(content, invoice_id)
                except NumberTaken:
                    taken = [problem(NumberTaken.code, NumberTaken.remedy, pointer="#/number")]
                    draft = await self._written(content.model_copy(update={"number": uuid4().hex}), invoice_id)
                examined = await examine(self._work, organisation_id, [draft.id])
        except ApiError as refusal:
            refusal.errors = tuple(replace(error, pointer=_in_body(error.pointer)) for error in refusal.errors)
            raise
        own = [each for each in examined.problems[draft.id] if each.code != _UNAPPROVED]
        problems = [*taken, *(each for each in own if not (taken and _is_about_number(each)))]
        if invoice_id is None:
            problems = [_without_page(each, draft) for each in problems]
        return await self._answer(
            [draft.id], replace(examined, problems={draft.id: problems}), organisation_id, standpoint
        )

    async def _written(self, content: InvoiceIn, invoice_id: UUID | None) -> InvoiceDocument:
        """The new invoice, or the stored one with this content; one on its way to the ledger stays as it is."""
        invoices = InvoiceService(self._work)
        if invoice_id is None:
            return await invoices.create(content)
        given = {name: getattr(content, name) for name in content.model_fields_set}
        try:
            return (await invoices.change(invoice_id, InvoiceChange.model_construct(**given))).invoice
        except InvoiceInExport:
            return await invoices.get(invoice_id)

    async def _standpoint(self, ceilings: Ceilings) -> Standpoint:
        """How old the mirrors are, read before them: a refresh that ends meanwhile must not vouch for older rows."""
        return await read_standpoint(self._work, await PreferencesService(self._work).current(), ceilings)

    async def _answer(
        self, ids: Sequence[UUID], examined: Examined, organisation_id: UUID | None, standpoint: Standpoint
    ) -> ExportCheckOut:
        preferences = examined.context.preferences
        inputs = examined.inputs
        sound = [inputs[invoice_id].invoice for invoice_id in ids if not examined.problems[invoice_id]]
        limits = plan_limits(sound, examined.context, examined.around)
        problems = {**examined.problems, **_beyond_plan(sound, limits)}
        ready = [inputs[invoice_id] for invoice_id in ids if not problems[invoice_id]]
        return ExportCheckOut(
            total=len(ids),
            ready=len(ready),
            needs_fix=len(ids) - len(ready),
            organisation_name=standpoint.organisation_name,
            obstacles=_as_out(standpoint.obstacles),
            checked_against=CheckedAgainst(**{part: standpoint.checked_against.get(part) for part in Part}),
            refreshing=standpoint.refreshing,
            poll_after_ms=standpoint.poll_after_ms,
            remarks=_groups(_remarks(ready, examined, limits), inputs),
            ready_ids=[export_input.invoice.id for export_input in ready],
            resendable_ids=[id for id, own in problems.items() if own and all(is_kept(each) for each in own)],
            ready_totals=currency_totals(ready),
            groups=_groups(problems, inputs),
            invoices=[
                _checked_invoice(invoice_id, inputs.get(invoice_id), own) for invoice_id, own in problems.items() if own
            ],
            marked_as_sent=sum(reason_not_marked(each.invoice, preferences) is None for each in ready),
            not_marked_as_sent=_not_marked(ready, preferences),
            new_contacts=await self._new_contacts(ready, organisation_id) if organisation_id else [],
            contacts=checked_contacts(filter(_may_go, inputs.values()), examined.destinations),
        )

    async def preview(self, invoice_id: UUID, base_url: str) -> XeroPreview:
        """The element that would be sent, and the problems that keep it from being sent; or the one that was sent."""
        connection = await ConnectionService(self._work).require_live()
        examined = await examine(self._work, connection.organisation_id, [invoice_id])
        if invoice_id not in examined.inputs:
            raise NotFound
        export_input = examined.inputs[invoice_id]
        links = await ContactLinkService(self._work).linked(
            connection.organisation_id, [export_input.invoice.contact_id]
        )
        contact_id = links.get(export_input.invoice.contact_id, _NOBODY)
        url = marker(base_url, invoice_id)
        written, unwritable = mapping.element_or_problem(export_input, examined.context, contact_id=contact_id, url=url)
        written = (written or "").replace(json.dumps(str(_NOBODY)), "null")
        sent = await self._sent(invoice_id)
        text = sent.text if sent else written
        problems = [*examined.problems[invoice_id], *([unwritable] if unwritable is not None else [])]
        return XeroPreview(
            invoice_id=invoice_id,
            method="PUT",
            path="/Invoices?summarizeErrors=false&unitdp=4",
            element=json.loads(text, parse_float=str) if text else {},
            element_json=text,
            sent_at=sent.at if sent else None,
            sent_call=sent.call if sent else None,
            expected_total=export_input.invoice.total,
            not_marked_as_sent=reason_not_marked(export_input.invoice, examined.context.preferences),
            problems=_as_out([with_fix(each, export_input.invoice.kind, invoice_id) for each in problems]),
        )

    async def _sent(self, invoice_id: UUID) -> "_Sent | None":
        """What the last export that put the invoice into Xero has sent; None if no export did."""
        items = await ExportItemRepository(self._work).items_of([invoice_id], [ItemState.EXPORTED])
        written = await WriteAttemptRepository(self._work).latest_with(items[-1].id) if items else None
        if written is None:
            return None
        attempt, place = written
        assert attempt.last_sent_at is not None
        call = SentCall(
            bytes_kept=attempt.body is not None,
            sha256=attempt.body_sha256,
            idempotency_key=attempt.idempotency_key,
            place=place,
            correlation_id=attempt.correlation_id,
        )
        return _Sent("" if attempt.body is None else enclosed(attempt.body)[place - 1], attempt.last_sent_at, call)

    async def _new_contacts(self, ready: Sequence[ExportInput], organisation_id: UUID) -> list[NewContact]:
        names = {export_input.invoice.contact_id: export_input.invoice.contact_name for export_input in ready}
        linked = await ContactLinkService(self._work).linked(organisation_id, list(names))
        return [
            NewContact(contact_id=contact_id, name=name)
            for contact_id, name in names.items()
            if contact_id not in linked
        ]


def _is_about_number(reported: Problem) -> bool:
    return reported.pointer == "#/number" or reported.code == LOOKS_ENTERED


def _in_body(pointer: str | None) -> str | None:
    """The place in the body of a check of what is a place in the content of an invoice."""
    return f"#/invoice{pointer[1:]}" if pointer is not None else None


def _without_page(reported: Problem, draft: InvoiceDocument) -> Problem:
    """The problem without a link to the invoice, which has no page."""
    page = invoice_page(draft.kind, draft.id)
    return replace(reported, fix=None) if reported.fix is not None and reported.fix.href == page else reported


def _may_go(export_input: ExportInput) -> bool:
    """Whether it is neither in Xero nor on its way there."""
    return reason_against(export_input.invoice.export_state, subject="It") is None


def _beyond_plan(sound: Sequence[InvoiceDocument], limits: PlanLimits) -> dict[UUID, list[Problem]]:
    """The problem of each invoice that the plan does not approve any more once those before it are sent."""
    return {
        each.id: [with_fix(limits.beyond[each.id], each.kind, each.id)] for each in sound if each.id in limits.beyond
    }


def _remarks(ready: Sequence[ExportInput], examined: Examined, limits: PlanLimits) -> dict[UUID, list[Problem]]:
    """What deserves a look on the invoices that can be exported, each with a fix."""
    remarks: dict[UUID, list[Problem]] = {}
    for export_input in ready:
        invoice = export_input.invoice
        own = remarks_of(export_input, examined.context)
        own += [limits.last[invoice.id]] if invoice.id in limits.last else []
        remarks[invoice.id] = [with_fix(each, invoice.kind, invoice.id) for each in own]
    return remarks


def _not_marked(ready: Sequence[ExportInput], preferences: PreferencesView) -> list[NotMarkedAsSent]:
    by_reason: dict[str, list[UUID]] = defaultdict(list)
    for export_input in ready:
        reason = reason_not_marked(export_input.invoice, preferences)
        if reason is not None and is_wanted(export_input.invoice, preferences):
            by_reason[reason].append(export_input.invoice.id)
    return [NotMarkedAsSent(reason=reason, invoice_ids=ids) for reason, ids in by_reason.items()]


def _groups(problems: Mapping[UUID, Sequence[Problem]], inputs: Mapping[UUID, ExportInput]) -> list[ProblemGroup]:
    """One entry per code, the one with the most invoices first."""
    by_code: dict[str, dict[UUID, Problem]] = defaultdict(dict)
    for invoice_id, own in problems.items():
        for cause in own:
            by_code[cause.code][invoice_id] = cause
    groups = [_group(code, causes, inputs) for code, causes in by_code.items()]
    return sorted(groups, key=lambda group: -group.count)


def _group(code: str, causes: Mapping[UUID, Problem], inputs: Mapping[UUID, ExportInput]) -> ProblemGroup:
    fixes = {cause.fix for cause in causes.values()}
    fix = fixes.pop() if len(fixes) == 1 else fix_of_several(code)
    return ProblemGroup(
        code=code,
        title=next(iter(causes.values())).title,
        fix=FixOut.model_validate(fix) if fix else None,
        count=len(causes),
        totals=currency_totals(inputs[invoice_id] for invoice_id in causes if invoice_id in inputs),
        invoice_ids=list(causes),
    )


def _checked_invoice(invoice_id: UUID, export_input: ExportInput | None, problems: Sequence[Problem]) -> CheckedInvoice:
    return CheckedInvoice(
        invoice_id=invoice_id,
        number=export_input.invoice.number if export_input else None,
        contact_name=export_input.invoice.contact_name if export_input else "",
        currency=export_input.invoice.currency if export_input else None,
        total=export_input.invoice.total if export_input else Decimal(0),
        problems=_as_out(problems),
    )


def _as_out(problems: Sequence[Problem]) -> list[ProblemOut]:
    return [ProblemOut.model_validate(reported) for reported in problems]
