"""What two contacts can agree on besides their name, in comparable form. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal
from uuid import UUID

from api.records.text import name_key

Kind = Literal["email", "phone", "tax_number", "account_number"]
KINDS: tuple[Kind, ...] = ("email", "phone", "tax_number", "account_number")
EvidenceKind = Literal["name", "contact_number", "email", "phone", "tax_number", "account_number"]
_SHORTEST_PHONE = 6  # digits; fewer are an extension
_COUNTRY_CODES = ("61", "64")
_KEPT_KEYS = 65_536


@dataclass(frozen=True)
class Ours:
    """One of our contacts, by what it can be recognised with.

    `contact_number` is our mark in Xero; `account_number` is None unless payer references are sent. `asked_as` is the
    name under which a person is asked which contact it is: until the answer it counts beside the name that it has now.
    """

    id: UUID
    kind: str
    name: str
    contact_number: str
    account_number: str | None
    email: str | None
    phone: str | None
    tax_number: str | None
    asked_as: str | None = None

    @cached_property
    def name_keys(self) -> tuple[str, ...]:
        """The names under which it is compared, without repetition."""
        return tuple(dict.fromkeys(name_key(name) for name in (self.name, self.asked_as) if name))

    def values(self, kind: Kind) -> tuple[str, ...]:
        """What this contact has of one kind, as it is compared."""
        if kind == "phone":
            return _present([phone_key(self.phone)])
        return _present([_text_key(kind, getattr(self, kind))])


@dataclass(frozen=True)
class Theirs:
    """A contact of the organisation."""

    id: UUID
    name: str
    contact_number: str | None
    account_number: str | None
    email: str | None
    phones: tuple[str, ...]
    tax_number: str | None
    active: bool
    merged_to: UUID | None

    def values(self, kind: Kind) -> tuple[str, ...]:
        """What this contact has of one kind, as it is compared."""
        if kind == "phone":
            return _present(phone_key(phone) for phone in self.phones)
        return _present([_text_key(kind, getattr(self, kind))])


def evidence_for(ours: Ours, theirs: Theirs) -> tuple[EvidenceKind, ...]:
    """Everything that is the same on both sides."""
    named: list[EvidenceKind] = ["name"] if name_key(theirs.name) in ours.name_keys else []
    numbered: list[EvidenceKind] = ["contact_number"] if theirs.contact_number == ours.contact_number else []
    return (*named, *numbered, *(kind for kind in KINDS if set(ours.values(kind)) & set(theirs.values(kind))))


def agrees(ours: Ours, theirs: Theirs) -> bool:
    """Whether anything besides the name is the same on both sides."""
    return any(set(ours.values(kind)) & set(theirs.values(kind)) for kind in KINDS)


def differing(ours: Ours, theirs: Theirs) -> tuple[Kind, ...]:
    """Which of e-mail address and account number both sides have, and not the same."""
    compared: tuple[Kind, ...] = ("email", "account_number")
    pairs = [(kind, ours.values(kind), theirs.values(kind)) for kind in compared]
    return tuple(kind for kind, here, there in pairs if here and there and here != there)


def contradicts(ours: Ours, theirs: Theirs) -> bool:
    """Whether the two are probably different people: a company has many addresses, a person seldom."""
    return ours.kind == "person" and bool(differing(ours, theirs)) and not agrees(ours, theirs)


def account_key(number: str | None) -> str:
    """An account number in the form in which it is compared, folded like a name; empty when there is none."""
    return name_key(number or "")


@lru_cache(maxsize=_KEPT_KEYS)
def phone_key(phone: str | None) -> str:
    """The digits of a phone number without the prefix of Australia or New Zealand; empty when too short."""
    text = (phone or "").strip()
    digits = re.sub(r"\D", "", text)
    international = text.startswith("+") or digits.startswith("00")
    digits = digits.lstrip("0")
    if international and digits.startswith(_COUNTRY_CODES):
        digits = digits[2:].lstrip("0")
    return digits if len(digits) >= _SHORTEST_PHONE else ""


def _text_key(kind: Kind, value: str | None) -> str:
    if kind == "tax_number":
        return re.sub(r"[\W_]", "", name_key(value or ""))
    return account_key(value)


def _present(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(value for value in values if value)
