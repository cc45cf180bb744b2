"""Our contact as Xero's JSON. Pure."""

from typing import Any

from api.platform.ids import encode
from api.records.contacts.service import ContactCard
from api.sync.contacts.matching import Ours
from api.xero.outgoing import WrittenAddress, WrittenContact, WrittenPhone


def contact_number(card: ContactCard) -> str:
    """The number that marks a contact in Xero as ours."""
    return encode("con", card.id)


def ours(card: ContactCard, *, send_payer_reference: bool) -> Ours:
    """What our contact can be recognised by."""
    return Ours(
        id=card.id,
        name=card.display_name,
        contact_number=contact_number(card),
        account_number=card.payer_reference if send_payer_reference else None,
        email=card.email,
    )


def new_contact(card: ContactCard, *, send_payer_reference: bool) -> WrittenContact:
    """A contact to be created, marked with our number."""
    person = card.kind == "person"
    return WrittenContact(
        contact_number=contact_number(card),
        account_number=card.payer_reference if send_payer_reference else None,
        name=card.display_name,
        first_name=card.first_name if person else None,
        last_name=card.last_name if person else None,
        email_address=card.email,
        tax_number=card.tax_number,
        phones=(WrittenPhone(phone_number=card.phone),) if card.phone else None,
        addresses=(_address(card.address),) if card.address and any(card.address.values()) else None,
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
