"""What an export would do, found out without writing anything anywhere."""

import json
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.errors import NotFound
from api.records.invoices.service import ExportState
from api.sync.connections.service import ConnectionService
from api.sync.contacts.service import ContactLinkService
from api.sync.exports import mapping
from api.sync.exports.checks import problems_of
from api.sync.exports.inputs import ExportInput, read_context, read_inputs
from api.sync.exports.problems import ItemProblem, problem
from api.sync.exports.replies import marker
from api.sync.exports.schemas import SelectedIds, SelectedMatching
from api.sync.exports.service import ExportService
from api.xero.outgoing import element_json

_NOBODY = UUID(int=0)
_NOT_NOW = {
    ExportState.EXPORTED: "It is in Xero already.",
    ExportState.CHANGED: "It was changed after it was sent to Xero.",
    ExportState.VOIDED: "It was voided in Xero.",
    ExportState.EXCLUDED: "It is marked as not to be sent.",
    ExportState.QUEUED: "It is being exported.",
    ExportState.SENDING: "It is being exported.",
    ExportState.CHECKING: "Its export is being checked with Xero.",
}


class CheckService:
    """Checks and previews for the business at work."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def check(self, selection: SelectedIds | SelectedMatching) -> dict[str, Any]:
        """Which of the selected are ready, what holds back the others, and who would be new in Xero."""
        connection = await ConnectionService(self._work).require_live()
        ids = await ExportService(self._work).chosen(selection)
        inputs = await read_inputs(self._work, ids)
        found = await self._problems(ids, inputs, connection.organisation_id)
        ready = [one for one in ids if not found[one]]
        return {
            "total": len(ids),
            "ready": len(ready),
            "needs_fix": len(ids) - len(ready),
            "organisation_name": connection.organisation_name,
            "ready_ids": ready,
            "ready_totals": _totals([inputs[one] for one in ready]),
            "groups": _groups(found),
            "invoices": [_told(one, inputs.get(one), problems) for one, problems in found.items() if problems],
            "new_contacts": await self._new_contacts([inputs[one] for one in ready], connection.organisation_id),
        }

    async def preview(self, invoice_id: UUID, base_url: str) -> dict[str, Any]:
        """The element that would be sent, and what speaks against sending it."""
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
        # The marker of an export that does not exist yet: its place and length are right, its id is made when sent.
        url = marker(base_url, _NOBODY)
        element = json.loads(
            element_json(mapping.to_xero(export_input, context, contact_id=contact_id, url=url)), parse_float=str
        )
        if contact_id == _NOBODY:
            element["Contact"] = {"ContactID": None}
        return {
            "invoice_id": invoice_id,
            "method": "PUT",
            "path": "/Invoices?summarizeErrors=false&unitdp=4",
            "element": element,
            "expected_total": export_input.invoice.total,
            "problems": [one.told() for one in problems_of(export_input, context)],
        }

    async def _problems(
        self, ids: Sequence[UUID], inputs: dict[UUID, ExportInput], organisation_id: UUID
    ) -> dict[UUID, list[ItemProblem]]:
        context = await read_context(self._work, organisation_id)
        found: dict[UUID, list[ItemProblem]] = {}
        for one in ids:
            export_input = inputs.get(one)
            if export_input is None:
                found[one] = [problem("invoice_gone", "You have no invoice with this id.")]
            elif words := _NOT_NOW.get(ExportState(export_input.invoice.export_state)):
                found[one] = [problem("already_exported", words)]
            else:
                found[one] = problems_of(export_input, context)
        return found

    async def _new_contacts(self, ready: Sequence[ExportInput], organisation_id: UUID) -> list[dict[str, Any]]:
        contacts = {export_input.contact.id: export_input.contact for export_input in ready}
        linked = await ContactLinkService(self._work).linked(organisation_id, list(contacts))
        return [{"contact_id": one.id, "name": one.display_name} for one in contacts.values() if one.id not in linked]


def _totals(ready: Sequence[ExportInput]) -> list[dict[str, Any]]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for export_input in ready:
        sums[export_input.invoice.currency] += export_input.invoice.total
    return [{"currency": currency, "total": total} for currency, total in sorted(sums.items())]


def _groups(found: dict[UUID, list[ItemProblem]]) -> list[dict[str, Any]]:
    groups: dict[str, dict[str, Any]] = {}
    for invoice_id, problems in found.items():
        for one in {one.code: one for one in problems}.values():
            fix = one.told()["fix"]
            group = groups.setdefault(
                one.code, {"code": one.code, "title": one.title, "fix": fix, "count": 0, "invoice_ids": []}
            )
            group["count"] += 1
            group["invoice_ids"].append(invoice_id)
    return sorted(groups.values(), key=lambda group: -group["count"])


def _told(invoice_id: UUID, export_input: ExportInput | None, problems: Sequence[ItemProblem]) -> dict[str, Any]:
    return {
        "invoice_id": invoice_id,
        "number": export_input.invoice.number if export_input else "",
        "contact_name": export_input.contact.display_name if export_input else "",
        "total": export_input.invoice.total if export_input else Decimal(0),
        "problems": [one.told() for one in problems],
    }
