"""What an export would do: checks and previews. Nothing is written."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.errors import NotFound
from api.platform.http.schemas import FixOut, ProblemOut
from api.platform.problems import Problem
from api.records.invoices.service import InvoiceService, Selection
from api.records.preferences.service import PreferencesView
from api.sync.connections.service import ConnectionService
from api.sync.contacts.service import ContactLinkService, Destination
from api.sync.exports import mapping
from api.sync.exports.checks import problems_of
from api.sync.exports.destinations import checked_contacts, currency_totals
from api.sync.exports.inputs import ExportContext, ExportInput, read_context, read_inputs
from api.sync.exports.marking import is_wanted, reason_not_marked
from api.sync.exports.problems import fix_of_several, problem
from api.sync.exports.schemas import (
    CheckedInvoice,
    ExportCheckOut,
    NewContact,
    NotMarkedAsSent,
    ProblemGroup,
    XeroPreview,
)
from api.sync.exports.sendable import UNKNOWN_INVOICE, reason_against, with_fix
from api.sync.markers import marker
from api.xero.outgoing import element_json

_NOBODY = UUID(int=0)


class CheckService:
    """Export checks and previews of one business."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def check(self, selection: Selection) -> ExportCheckOut:
        """The invoices that are ready, the problems of the others, and the contacts that are new in Xero."""
        connection = await ConnectionService(self._work).require_live()
        ids = await InvoiceService(self._work).chosen(selection)
        inputs = await read_inputs(self._work, ids)
        context = await read_context(self._work, connection.organisation_id)
        destinations = await self._destinations(inputs, connection.organisation_id)
        problems = _problems(ids, inputs, context, destinations)
        ready = [invoice_id for invoice_id in ids if not problems[invoice_id]]
        ready_inputs = [inputs[invoice_id] for invoice_id in ready]
        return ExportCheckOut(
            total=len(ids),
            ready=len(ready),
            needs_fix=len(ids) - len(ready),
            organisation_name=connection.organisation_name,
            ready_ids=ready,
            ready_totals=currency_totals(ready_inputs),
            groups=_groups(problems),
            invoices=[
                _checked_invoice(invoice_id, inputs.get(invoice_id), own) for invoice_id, own in problems.items() if own
            ],
            marked_as_sent=sum(reason_not_marked(each.invoice, context.preferences) is None for each in ready_inputs),
            not_marked_as_sent=_not_marked(ready_inputs, context.preferences),
            new_contacts=await self._new_contacts(ready_inputs, connection.organisation_id),
            contacts=checked_contacts(
                [
                    export_input
                    for export_input in inputs.values()
                    if reason_against(export_input.invoice.export_state, subject="It") is None
                ],
                destinations,
            ),
        )

    async def preview(self, invoice_id: UUID, base_url: str) -> XeroPreview:
        """The element that would be sent, and the problems that keep it from being sent."""
        connection = await ConnectionService(self._work).require_live()
        inputs = await read_inputs(self._work, [invoice_id])
        if invoice_id not in inputs:
            raise NotFound
        export_input = inputs[invoice_id]
        links = await ContactLinkService(self._work).linked(
            connection.organisation_id, [export_input.invoice.contact_id]
        )
        contact_id = links.get(export_input.invoice.contact_id, _NOBODY)
        context = await read_context(self._work, connection.organisation_id)
        destinations = await self._destinations(inputs, connection.organisation_id)
        problems = _problems([invoice_id], inputs, context, destinations)
        url = marker(base_url, invoice_id)
        element = json.loads(
            element_json(mapping.to_xero(export_input, context, contact_id=contact_id, url=url)), parse_float=str
        )
        if contact_id == _NOBODY:
            element["Contact"] = {"ContactID": None}
        return XeroPreview(
            invoice_id=invoice_id,
            method="PUT",
            path="/Invoices?summarizeErrors=false&unitdp=4",
            element=element,
            expected_total=export_input.invoice.total,
            not_marked_as_sent=reason_not_marked(export_input.invoice, context.preferences),
            problems=_as_out(problems[invoice_id]),
        )

    async def _destinations(self, inputs: Mapping[UUID, ExportInput], organisation_id: UUID) -> dict[UUID, Destination]:
        contact_ids = {export_input.invoice.contact_id for export_input in inputs.values()}
        return await ContactLinkService(self._work).destinations(organisation_id, contact_ids)

    async def _new_contacts(self, ready: Sequence[ExportInput], organisation_id: UUID) -> list[NewContact]:
        names = {export_input.invoice.contact_id: export_input.invoice.contact_name for export_input in ready}
        linked = await ContactLinkService(self._work).linked(organisation_id, list(names))
        return [
            NewContact(contact_id=contact_id, name=name)
            for contact_id, name in names.items()
            if contact_id not in linked
        ]


def _problems(
    ids: Sequence[UUID],
    inputs: Mapping[UUID, ExportInput],
    context: ExportContext,
    destinations: Mapping[UUID, Destination],
) -> dict[UUID, list[Problem]]:
    """The problems of each selected invoice, in the order of the ids; none when it is ready."""
    problems: dict[UUID, list[Problem]] = {}
    for invoice_id in ids:
        export_input = inputs.get(invoice_id)
        if export_input is None:
            problems[invoice_id] = [problem(*UNKNOWN_INVOICE)]
            continue
        invoice = export_input.invoice
        if reason := reason_against(invoice.export_state, subject="It"):
            own = [problem(*reason)]
        else:
            own = problems_of(export_input, context)
            destination = destinations.get(invoice.contact_id)
            if destination is not None and destination.problem is not None:
                own.append(replace(destination.problem, pointer="#/contact_id"))
        problems[invoice_id] = [with_fix(reported, invoice.kind, invoice.id) for reported in own]
    return problems


def _not_marked(ready: Sequence[ExportInput], preferences: PreferencesView) -> list[NotMarkedAsSent]:
    by_reason: dict[str, list[UUID]] = defaultdict(list)
    for export_input in ready:
        reason = reason_not_marked(export_input.invoice, preferences)
        if reason is not None and is_wanted(export_input.invoice, preferences):
            by_reason[reason].append(export_input.invoice.id)
    return [NotMarkedAsSent(reason=reason, invoice_ids=ids) for reason, ids in by_reason.items()]


def _groups(problems: dict[UUID, list[Problem]]) -> list[ProblemGroup]:
    """One entry per code, the one with the most invoices first."""
    by_code: dict[str, dict[UUID, Problem]] = defaultdict(dict)
    for invoice_id, own in problems.items():
        for cause in own:
            by_code[cause.code][invoice_id] = cause
    groups = [_group(code, causes) for code, causes in by_code.items()]
    return sorted(groups, key=lambda group: -group.count)


def _group(code: str, causes: dict[UUID, Problem]) -> ProblemGroup:
    fixes = {cause.fix for cause in causes.values()}
    fix = fixes.pop() if len(fixes) == 1 else fix_of_several(code)
    return ProblemGroup(
        code=code,
        title=next(iter(causes.values())).title,
        fix=FixOut.model_validate(fix) if fix else None,
        count=len(causes),
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
