"""A contact of Xero as a row of the mirror, and a row of the mirror as matching takes it. Pure."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from api.platform.ids import uuid7
from api.records.text import name_key
from api.sync.contacts.evidence import Theirs, account_key
from api.sync.contacts.likenesses import likeness_of
from api.sync.contacts.mirrored.repository import MirrorContactRow
from api.sync.contacts.models import MirrorContact
from api.xero.wire import Address, Contact, Phone


def theirs(row: MirrorContact) -> Theirs:
    """A mirrored contact as matching takes it."""
    return Theirs(
        id=row.xero_contact_id,
        name=row.name,
        contact_number=row.contact_number,
        account_number=row.account_number,
        email=row.email,
        phones=tuple(row.phones),
        tax_number=row.tax_number,
        active=row.status == "ACTIVE",
        merged_to=row.merged_to,
    )


def row_of(organisation_id: UUID, contact: Contact) -> MirrorContactRow:
    """A contact as Xero gives it, and what it is compared and searched by."""
    theirs = _theirs(contact)
    likeness = likeness_of(theirs)
    return {
        "id": uuid7(),
        "organisation_id": organisation_id,
        "xero_contact_id": contact.contact_id,
        "name": contact.name or "",
        "name_key": name_key(theirs.name),
        "contact_number": contact.contact_number or None,
        "account_number": contact.account_number or None,
        "account_key": account_key(contact.account_number) or None,
        "plain_name": likeness.plain,
        "likeness_keys": list(likeness.keys),
        "email": contact.email_address or None,
        "phones": list(theirs.phones),
        "first_name": contact.first_name or None,
        "last_name": contact.last_name or None,
        "address_slots": _slots(contact.addresses),
        "phone_slots": _slots(contact.phones),
        "tax_number": contact.tax_number or None,
        "status": (contact.contact_status or "ACTIVE").upper(),
        "merged_to": contact.merged_to_contact_id,
        "is_customer": contact.is_customer,
        "is_supplier": contact.is_supplier,
    }


def _slots(slots: Sequence[Address] | Sequence[Phone]) -> list[dict[str, str]]:
    """The slots that hold more than their type."""
    filled = [{name: value for name, value in slot.model_dump().items() if value} for slot in slots]
    return [slot for slot in filled if len(slot) > 1]


def _phones(phones: Sequence[Phone]) -> Iterator[str]:
    """The numbers of the slots that have one, each as a person would write it."""
    for phone in phones:
        if phone.phone_number:
            country = f"+{phone.phone_country_code.strip().lstrip('+')}" if phone.phone_country_code else ""
            yield " ".join(part for part in (country, phone.phone_area_code, phone.phone_number) if part)


def _theirs(contact: Contact) -> Theirs:
    return Theirs(
        id=contact.contact_id,
        name=contact.name or "",
        contact_number=contact.contact_number,
        account_number=contact.account_number,
        email=contact.email_address,
        phones=tuple(_phones(contact.phones)),
        tax_number=contact.tax_number,
        active=True,
        merged_to=None,
    )
