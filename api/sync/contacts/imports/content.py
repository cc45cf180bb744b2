"""What a contact of Xero becomes here. Pure: what we cannot keep is left out with a remark, never the contact."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.platform.errors import FieldError
from api.platform.problems import Problem
from api.records.contacts.schemas import ContactIn, Role
from api.records.content import checked
from api.records.text import name_key
from api.sync.contacts.imports.problems import not_imported, renamed
from api.sync.contacts.imports.rows import XeroContactRow
from api.sync.contacts.models import MirrorContact

_PHONES: Final = ("DEFAULT", "MOBILE", "DDI")  # a fax number is no number to call
_ADDRESSES: Final = ("POBOX", "STREET")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
_NAMELESS: Final = "Contact without a name"
_LONGEST_NAME: Final = 255


@dataclass(frozen=True)
class ImportedContact:
    """The content of a new contact of ours, and remarks about what Xero has otherwise."""

    content: ContactIn
    remarks: Sequence[Problem]


def snapshot(row: MirrorContact) -> XeroContactRow:
    """A contact of Xero as it is shown."""
    return {
        "name": row.name,
        "first_name": row.first_name,
        "last_name": row.last_name,
        "email": row.email,
        "phone": _phone(row.phone_slots),
        "tax_number": row.tax_number,
        "account_number": row.account_number,
        "is_customer": row.is_customer,
        "is_supplier": row.is_supplier,
        "is_archived": row.status != "ACTIVE",
    }


def is_changed(before: XeroContactRow, row: MirrorContact) -> bool:
    """Whether anything that a user decides by is different from what was shown."""
    shown, now = dict(before), dict(snapshot(row))
    return any(shown[name] != now[name] for name in now if name not in ("is_customer", "is_supplier"))


def roles_of(row: MirrorContact, wanted: Collection[str]) -> list[Role]:
    """The roles by Xero's flags, which invoices and bills set; without a flag the first wanted role."""
    flags: dict[Role, bool] = {"customer": row.is_customer, "supplier": row.is_supplier}
    by_flags = [role for role, is_set in flags.items() if is_set]
    return by_flags or [next((role for role in flags if role in wanted), "customer")]


def is_wanted(row: MirrorContact, wanted: Collection[str]) -> bool:
    """Whether a contact with these flags is to be imported; without a flag it is."""
    return not wanted or bool(set(roles_of(row, wanted)) & set(wanted))


def imported_contact(row: MirrorContact, roles: Collection[str]) -> ImportedContact:
    """Our contact for a contact of Xero."""
    names, remarks = _names(row)
    document: dict[str, Any] = {
        **names,
        "roles": sorted(roles),
        "email": row.email,
        "phone": _phone(row.phone_slots),
        "address": _address(row.address_slots),
        "tax_number": row.tax_number,
        "payer_reference": row.account_number,
    }
    document = {name: value for name, value in document.items() if value}
    content, errors = checked(ContactIn, document)
    while content is None:
        for error in errors:
            remarks.append(_leave_out(document, error))
        content, errors = checked(ContactIn, document)
    return ImportedContact(content, remarks)


def _names(row: MirrorContact) -> tuple[dict[str, Any], list[Problem]]:
    """Kind and names; a name that we cannot keep is changed as little as possible."""
    if _is_person(row):
        first, last = _usable(row.first_name or ""), _usable(row.last_name or "")
        remarks = (
            [renamed(row.name, f"{first} {last}")]
            if (first, last) != (_tidy(row.first_name), _tidy(row.last_name))
            else []
        )
        return {"kind": "person", "first_name": first, "last_name": last}, remarks
    name = _usable(row.name) or _usable(row.email or "") or _NAMELESS
    return {"kind": "company", "name": name}, [renamed(row.name, name)] if name != _tidy(row.name) else []


def _is_person(row: MirrorContact) -> bool:
    """Whether the name is made of first and last name, in either order."""
    first, last = _usable(row.first_name or ""), _usable(row.last_name or "")
    if not first or not last:
        return False
    return name_key(row.name) in (name_key(f"{first} {last}"), name_key(f"{last}, {first}"))


def _tidy(text: str | None) -> str:
    """The text without invisible characters, and with single blanks: as names are stored."""
    visible = "".join(letter for letter in text or "" if unicodedata.category(letter) != "Cf")
    return " ".join(visible.split())


def _usable(text: str) -> str:
    """The name without what names must not have."""
    return _tidy(_CONTROL.sub(" ", text).replace("<", " ").replace(">", " "))[:_LONGEST_NAME].strip()


def _leave_out(document: dict[str, Any], error: FieldError) -> Problem:
    """Remove the field of an error; gives the remark about it."""
    path = (error.pointer or "#").removeprefix("#/").split("/")
    place = document["address"] if path[0] == "address" and len(path) > 1 else document
    value = place.pop(path[-1])
    return not_imported(path, str(value), error.detail)


def _phone(slots: Sequence[Mapping[str, str]]) -> str | None:
    """The number to call, as a person would write it."""
    phone = _first_slot(slots, "phone_type", _PHONES, "phone_number")
    if phone is None:
        return None
    country = phone.get("phone_country_code", "").strip().lstrip("+")
    parts = (f"+{country}" if country else "", phone.get("phone_area_code", ""), phone["phone_number"])
    return " ".join(part.strip() for part in parts if part.strip())


def _address(slots: Sequence[Mapping[str, str]]) -> dict[str, str] | None:
    address = _first_slot(slots, "address_type", _ADDRESSES)
    if address is None:
        return None
    more = [address.get(f"address_line{number}", "").strip() for number in (2, 3, 4)]
    parts = {
        "line1": address.get("address_line1", ""),
        "line2": ", ".join(line for line in more if line),
        **{part: address.get(part, "") for part in ("city", "region", "postal_code", "country")},
    }
    return {name: value for name, value in parts.items() if value.strip()} or None


def _first_slot(
    slots: Sequence[Mapping[str, str]], type_name: str, wanted: Sequence[str], needed: str | None = None
) -> Mapping[str, str] | None:
    """The first of the wanted slots that holds something."""
    for kind in wanted:
        for slot in slots:
            if slot.get(type_name) == kind and (needed is None or slot.get(needed, "").strip()):
                return slot
    return None
