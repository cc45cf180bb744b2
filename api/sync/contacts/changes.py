"""Changes of a contact as Xero's JSON, and what a JSON that was sent says of our fields. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from api.sync.contacts.ownership import (
    OUR_ADDRESS,
    OUR_PHONE,
    Field,
    Mirrored,
    Values,
    address_parts,
    slot,
)
from api.xero.json_types import xero_name
from api.xero.outgoing import WrittenAddress, WrittenContact, WrittenPhone

_TEXTS: Final[Mapping[Field, str]] = {
    "name": "name",
    "first_name": "first_name",
    "last_name": "last_name",
    "email": "email_address",
    "tax_number": "tax_number",
    "payer_reference": "account_number",
}
_OTHER_PHONES: Final = ("DDI", "MOBILE", "FAX")
_OTHER_ADDRESSES: Final = ("STREET",)


def changed_contact(
    xero_contact_id: UUID, fields: Collection[Field], ours: Values, mirrored: Mirrored
) -> WrittenContact:
    """The id and these fields. Xero may replace addresses and phones as a whole, so its other slots go with ours."""
    texts = {_TEXTS[field]: ours[field] or "" for field in fields if field in _TEXTS}
    return WrittenContact.model_validate(
        {
            "contact_id": xero_contact_id,
            **texts,
            "phones": _phones(ours["phone"], mirrored.phone_slots) if "phone" in fields else None,
            "addresses": _addresses(ours["address"], mirrored.address_slots) if "address" in fields else None,
        }
    )


def sent_values(element: Mapping[str, Any]) -> dict[Field, str | None]:
    """Our fields in an element of a request; those that it leaves out are left out."""
    sent: dict[Field, str | None] = {
        field: element[xero_name(name)] or None for field, name in _TEXTS.items() if xero_name(name) in element
    }
    phone = _of_kind(element.get("Phones", ()), "PhoneType", OUR_PHONE)
    if phone is not None:
        sent["phone"] = phone["PhoneNumber"] or None
    address = _of_kind(element.get("Addresses", ()), "AddressType", OUR_ADDRESS)
    if address is not None:
        parts = [address.get(xero_name(name)) or "" for name in address_parts(None)]
        sent["address"] = "\n".join(parts) if any(parts) else None
    return sent


def _phones(phone: str | None, slots: Sequence[Mapping[str, str]]) -> tuple[WrittenPhone, ...]:
    """Ours is a whole number: without empty codes beside it, Xero would keep its own."""
    ours = WrittenPhone(phone_type="DEFAULT", phone_number=phone or "", phone_area_code="", phone_country_code="")
    others = [each for each in slots if each.get("phone_type") in _OTHER_PHONES]
    return (ours, *(WrittenPhone.model_validate({"phone_number": "", **each}) for each in others))


def _addresses(address: str | None, slots: Sequence[Mapping[str, str]]) -> tuple[WrittenAddress, ...]:
    """What Xero has in our slot besides our parts stays."""
    kept = slot(slots, OUR_ADDRESS)
    ours = WrittenAddress.model_validate({"address_type": OUR_ADDRESS, **kept, **address_parts(address)})
    others = [each for each in slots if each.get("address_type") in _OTHER_ADDRESSES]
    return (ours, *(WrittenAddress.model_validate(dict(each)) for each in others))


def _of_kind(slots: Sequence[Mapping[str, Any]], name: str, kind: str) -> Mapping[str, Any] | None:
    return next((each for each in slots if each.get(name) == kind), None)
