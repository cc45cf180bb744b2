"""What stands against invoices: the single place that puts together what is compared, for checks that are asked for and
for those that are kept up to date."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.problems import Problem
from api.records.invoices.service import ExportState
from api.sync.contacts.service import ContactLinkService, Destination
from api.sync.exports.checks import problems_of
from api.sync.exports.inputs import (
    ExportContext,
    ExportInput,
    Surroundings,
    read_context,
    read_inputs,
    read_surroundings,
)
from api.sync.exports.kept import kept_beside, outdated_refusals
from api.sync.exports.problems import OBSTACLES, at_contact, problem
from api.sync.exports.sendable import UNKNOWN_INVOICE, reason_against, with_fix

_EMAIL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")


@dataclass(frozen=True)
class Examined:
    """What was compared, and the problems of each invoice in the order of the ids; none when it is ready."""

    inputs: Mapping[UUID, ExportInput]
    context: ExportContext
    destinations: Mapping[UUID, Destination]
    around: Surroundings
    problems: Mapping[UUID, Sequence[Problem]]


async def examine(
    work: UnitOfWork,
    organisation_id: UUID | None,
    invoice_ids: Sequence[UUID],
    context: ExportContext | None = None,
) -> Examined:
    """Examine invoices that go to this organisation; without one, only our own records can stand against them.

    Reads mirrors only, in a number of statements that does not depend on the number of invoices.
    """
    context = context or await read_context(work, organisation_id)
    inputs = await read_inputs(work, invoice_ids)
    destinations: dict[UUID, Destination] = {}
    if organisation_id is not None:
        contact_ids = {export_input.invoice.contact_id for export_input in inputs.values()}
        destinations = await ContactLinkService(work).destinations(organisation_id, contact_ids)
    around = await read_surroundings(work, organisation_id, inputs, context, destinations)
    present = {
        invoice_id: _problems(inputs.get(invoice_id), context, around, destinations) for invoice_id in invoice_ids
    }
    problems = await _with_kept(work, organisation_id, inputs, present)
    return Examined(inputs, context, destinations, around, problems)


async def _with_kept(
    work: UnitOfWork,
    organisation_id: UUID | None,
    inputs: Mapping[UUID, ExportInput],
    present: Mapping[UUID, Sequence[Problem]],
) -> dict[UUID, Sequence[Problem]]:
    """These problems, after what earlier exports have shown and is not outdated by what was read since."""
    stored = {
        invoice_id: export_input.invoice.problems
        for invoice_id, export_input in inputs.items()
        if export_input.invoice.export_state == ExportState.NOT_EXPORTED
    }
    outdated = await outdated_refusals(work, organisation_id, stored)
    problems: dict[UUID, Sequence[Problem]] = {}
    for invoice_id, own in present.items():
        codes = {each.code for each in own}
        kept = kept_beside(stored.get(invoice_id, ()), codes, outdated.get(invoice_id, ()))
        problems[invoice_id] = [*map(Problem.from_row, kept), *own]
    return problems


def _problems(
    export_input: ExportInput | None,
    context: ExportContext,
    around: Surroundings,
    destinations: Mapping[UUID, Destination],
) -> list[Problem]:
    """The problems of one invoice, each with a fix."""
    if export_input is None:
        return [problem(*UNKNOWN_INVOICE)]
    invoice = export_input.invoice
    if reason := reason_against(invoice.export_state, subject="It"):
        own = [problem(*reason)]
    else:
        own = [each for each in problems_of(export_input, context, around) if each.code not in OBSTACLES]
        destination = destinations.get(invoice.contact_id)
        own += _contact(destination) if destination is not None else ()
    return [with_fix(at_contact(reported, invoice.contact_id), invoice.kind, invoice.id) for reported in own]


def _contact(destination: Destination) -> Iterator[Problem]:
    """What keeps a contact from getting an invoice. Xero refuses invoices to a contact with an address like `none`."""
    if destination.problem is not None:
        yield replace(destination.problem, pointer="#/contact_id")
    elif destination.email and not _EMAIL.fullmatch(destination.email):
        here, there = "here. Xero takes plain letters only: correct it.", "in Xero. Correct it there."
        place = here if destination.how == "new" else there
        detail = f"{destination.name} has the e-mail address “{destination.email}” {place}"
        yield problem("contact_email_refused", detail, pointer="#/contact_id")
