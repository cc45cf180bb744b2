"""Whom the invoices of a check go to: one entry for each contact. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from api.platform.http.schemas import ProblemOut
from api.records.money import CurrencyTotal
from api.sync.contacts.schemas import DifferenceOut, PossibleDuplicateOut
from api.sync.contacts.service import Destination
from api.sync.exports.inputs import ExportInput
from api.sync.exports.schemas import CheckedContact


def checked_contacts(inputs: Iterable[ExportInput], destinations: Mapping[UUID, Destination]) -> list[CheckedContact]:
    """By name; none without an organisation. The invoices are not in Xero and not on their way there."""
    invoices: dict[UUID, list[ExportInput]] = defaultdict(list)
    for export_input in inputs:
        invoices[export_input.invoice.contact_id].append(export_input)
    checked = [_checked(key, destinations[key], own) for key, own in invoices.items() if key in destinations]
    return sorted(checked, key=lambda contact: (contact.name.casefold(), contact.contact_id))


def currency_totals(inputs: Iterable[ExportInput]) -> list[CurrencyTotal]:
    """The sums of invoices, by currency."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for export_input in inputs:
        sums[export_input.invoice.currency] += export_input.invoice.total
    return [CurrencyTotal(currency=currency, total=total) for currency, total in sorted(sums.items())]


def _checked(contact_id: UUID, destination: Destination, invoices: Sequence[ExportInput]) -> CheckedContact:
    return CheckedContact(
        contact_id=contact_id,
        name=invoices[0].invoice.contact_name,
        goes_to=destination.name,
        how=destination.how,
        decided_by=destination.decided_by,
        evidence=list(destination.evidence),
        differs=[DifferenceOut.model_validate(each) for each in destination.differs],
        possible_duplicates=[PossibleDuplicateOut.model_validate(each) for each in destination.possible_duplicates],
        remarks=[ProblemOut.model_validate(each) for each in destination.remarks],
        invoices=len(invoices),
        totals=currency_totals(invoices),
    )
