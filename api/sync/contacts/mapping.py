"""Our contact as Xero's JSON. Pure."""

from typing import Any
from urllib.parse import quote
from uuid import UUID

from api.platform.ids import decode, encode
from api.records.contacts.service import ContactView
from api.sync.contacts.evidence import Ours
from api.xero.outgoing import WrittenAddress, WrittenContact, WrittenPhone


def contact_number(contact_id: UUID) -> str:
    """The number that marks a contact in Xero as ours."""
    return encode("con", contact_id)


def contact_id_of(number: str) -> UUID | None:
    """The contact that a number marks; None for a number that is not one of ours."""
    try:
        return decode("con", number)
    except ValueError:
        return None


def ours(view: ContactView, *, send_payer_reference: bool) -> Ours:
    """What our contact can be recognised by."""
    return Ours(
        id=view.id,
        kind=view.kind,
        name=view.display_name,
        contact_number=contact_number(view.id),
        account_number=view.payer_reference if send_payer_reference else None,
        email=view.email,
        phone=view.phone,
        tax_number=view.tax_number,
        asked_as=view.asked_as,
    )


def new_contact(view: ContactView, *, send_payer_reference: bool, xero_name: str | None = None) -> WrittenContact:
    """A contact to be created, marked with our number; `xero_name` is the name that a user chose for it in Xero."""
    person = view.kind == "person"
    return WrittenContact(
        contact_number=contact_number(view.id),
        account_number=view.payer_reference if send_payer_reference else None,
        name=xero_name or view.display_name,
        first_name=view.first_name if person else None,
        last_name=view.last_name if person else None,
        email_address=view.email,
        tax_number=view.tax_number,
        phones=(WrittenPhone(phone_number=view.phone),) if view.phone else None,
        addresses=(_address(view.address),) if view.address and any(view.address.values()) else None,
    )


def _address(address: dict[str, Any]) -> WrittenAddress:
    return WrittenAddress(
        address_line1=address.get("line1"),
        address_line2=address.get("line2"),
        city=address.get("city"),
        region=address.get("region"),
        postal_code=address.get("postal_code"),
        country=address.get("country"),
    )


def contact_link(short_code: str, contact_id: UUID) -> str:
    """The page of Xero's own screens that shows this contact to a person."""
    return f"https://go.xero.com/app/{quote(short_code, safe='!')}/contacts/contact/{contact_id}"
