"""Which side's value of a field counts: what a push sends, what stays as Xero has it, what a person decides. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol, get_args

from api.records.contacts.service import ContactView
from api.sync.contacts.evidence import phone_key

Field = Literal["name", "first_name", "last_name", "email", "phone", "address", "tax_number", "payer_reference"]
FIELDS: Final[tuple[Field, ...]] = get_args(Field)
# `sent`: it was changed here, so the next push sends it. `undecided`: it was changed on both sides.
Effect = Literal["equal", "kept_in_xero", "sent", "undecided"]
# An address is its parts, each on a line of its own.
Values = Mapping[Field, str | None]
_ADDRESS_PARTS: Final = {
    "line1": "address_line1",
    "line2": "address_line2",
    "city": "city",
    "region": "region",
    "postal_code": "postal_code",
    "country": "country",
}
OUR_ADDRESS: Final = "POBOX"  # the slots that Xero uses for documents, and that we write
OUR_PHONE: Final = "DEFAULT"


class Mirrored(Protocol):
    """A contact of the organisation, as the mirror holds it."""

    @property
    def name(self) -> str: ...
    @property
    def first_name(self) -> str | None: ...
    @property
    def last_name(self) -> str | None: ...
    @property
    def email(self) -> str | None: ...
    @property
    def tax_number(self) -> str | None: ...
    @property
    def account_number(self) -> str | None: ...
    @property
    def address_slots(self) -> Sequence[Mapping[str, str]]: ...
    @property
    def phone_slots(self) -> Sequence[Mapping[str, str]]: ...


@dataclass(frozen=True)
class Base:
    """What each side had when the two last agreed, or when they were linked. A missing field was empty.

    The sides differ where the contacts were linked as they were: what Xero had then is not ours.
    """

    ours: Values
    theirs: Values

    def as_row(self) -> dict[str, dict[str, str]]:
        """The form in which it is stored, without empty fields."""
        return {"ours": _filled(self.ours), "theirs": _filled(self.theirs)}

    @classmethod
    def from_row(cls, row: Mapping[str, Any] | None) -> "Base | None":
        """The stored base; None for a link that was never compared."""
        return None if row is None else cls(row["ours"], row["theirs"])

    def after(self, ours: Values, theirs: Values, *, sent: Values | None = None) -> "Base":
        """The base when Xero has taken what was sent: what is equal now and what was sent counts as agreed.

        An account number that a user typed into Xero stays there: ours counts as considered.
        """
        sent = sent or {}
        equal = fields_with("equal", ours, theirs, self)
        agreed: dict[Field, str | None] = {field: ours[field] for field in equal} | dict(sent)
        considered: dict[Field, str | None] = {}
        if "payer_reference" in ours and _is_foreign(self):
            considered["payer_reference"] = ours["payer_reference"]
        there = {field: theirs[field] for field in agreed}
        return Base({**self.ours, **considered, **agreed}, {**self.theirs, **there})


def our_values(view: ContactView, *, send_payer_reference: bool, name: str | None = None) -> Values:
    """What our contact has of the fields that it owns in Xero; `name` is the one that a user chose for it there."""
    values: dict[Field, str | None] = {
        "name": name or view.display_name,
        "email": view.email,
        "phone": view.phone,
        "address": _joined([(view.address or {}).get(part) for part in _ADDRESS_PARTS]),
        "tax_number": view.tax_number,
    }
    if view.kind == "person":
        values |= {"first_name": view.first_name, "last_name": view.last_name}
    if send_payer_reference:
        values["payer_reference"] = view.payer_reference
    return values


def their_values(mirrored: Mirrored) -> Values:
    """What the contact has in Xero, field by field."""
    address, phone = slot(mirrored.address_slots, OUR_ADDRESS), slot(mirrored.phone_slots, OUR_PHONE)
    return {
        "name": mirrored.name,
        "first_name": mirrored.first_name,
        "last_name": mirrored.last_name,
        "email": mirrored.email,
        "phone": _phone(phone),
        "address": _joined([address.get(part) for part in _ADDRESS_PARTS.values()]),
        "tax_number": mirrored.tax_number,
        "payer_reference": mirrored.account_number,
    }


def linked_base(ours: Values, theirs: Values, *, sent: Values | None = None) -> Base:
    """The base of a new link: what was sent when the contact was created, else both sides as they are."""
    return Base({**ours, **(sent or {})}, theirs)


def effect_of(field: Field, ours: Values, theirs: Values, base: Base | None) -> Effect:
    """What the next push does with a field. Only what was changed here, and not there, is sent."""
    if field not in ours:
        return "kept_in_xero"
    here, there = ours[field], theirs[field]
    if agree(field, here, there):
        return "equal"
    if base is None or _text(here) == _text(base.ours.get(field)):
        return "kept_in_xero"
    if field == "payer_reference" and _is_foreign(base):
        return "kept_in_xero"
    return "sent" if _text(there) == _text(base.theirs.get(field)) else "undecided"


def fields_with(effect: Effect, ours: Values, theirs: Values, base: Base | None) -> list[Field]:
    """The owned fields with this effect."""
    return [field for field in FIELDS if field in ours and effect_of(field, ours, theirs, base) == effect]


def changed_here(ours: Values, base: Base) -> bool:
    """Whether a field was changed here since the base, whatever Xero has."""
    return any(_text(ours[field]) != _text(base.ours.get(field)) for field in ours)


def agree(field: Field, ours: str | None, theirs: str | None) -> bool:
    """Whether both sides have the same, written in the same way or as Xero writes it."""
    here, there = _text(ours), _text(theirs)
    if field == "email":
        return here.casefold() == there.casefold()
    if field == "phone" and phone_key(here):
        return phone_key(here) == phone_key(there)
    return here == there


def slot(slots: Sequence[Mapping[str, str]], kind: str) -> Mapping[str, str]:
    """The slot of a kind, without its empty fields; empty if Xero has nothing there."""
    kinds = ("address_type", "phone_type")
    return next((each for each in slots if kind in (each.get(name) for name in kinds)), {})


def address_parts(address: str | None) -> dict[str, str]:
    """The parts of an address by the names that Xero's JSON has in the code; empty parts are empty texts."""
    parts = (address or "").split("\n") if address else [""] * len(_ADDRESS_PARTS)
    return dict(zip(_ADDRESS_PARTS.values(), parts, strict=True))


def shown(field: Field, value: str | None) -> str | None:
    """A value for a person to read: an address on a single line."""
    return ", ".join(filter(None, value.split("\n"))) if field == "address" and value else value


def _is_foreign(base: Base) -> bool:
    """Whether the account number in Xero is none that we sent: users write account numbers there themselves."""
    ours, theirs = base.ours.get("payer_reference"), base.theirs.get("payer_reference")
    return bool(theirs) and not agree("payer_reference", ours, theirs)


def _filled(values: Values) -> dict[str, str]:
    return {field: value for field, value in values.items() if value}


def _text(value: str | None) -> str:
    return "\n".join(" ".join(line.split()) for line in (value or "").split("\n"))


def _joined(parts: Sequence[str | None]) -> str | None:
    return "\n".join(part or "" for part in parts) if any(parts) else None


def _phone(phone: Mapping[str, str]) -> str | None:
    number = phone.get("phone_number")
    if not number:
        return None
    country = phone.get("phone_country_code", "").strip().lstrip("+")
    parts = (f"+{country}" if country else "", phone.get("phone_area_code", ""), number)
    return " ".join(filter(None, parts))
