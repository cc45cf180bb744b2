"""Contacts of both sides for the tests of matching."""

from typing import Any
from uuid import UUID

from api.sync.contacts.evidence import Ours, Theirs

US, THEM = UUID(int=11), UUID(int=1)


def our(id: UUID = US, **fields: Any) -> Ours:
    """One of our companies, marked in Xero with `con_` and the number of its id."""
    plain = {
        "kind": "company",
        "name": "Kōwhai Dental Ltd",
        "contact_number": f"con_{id.int}",
        "account_number": None,
        "email": None,
        "phone": None,
        "tax_number": None,
    }
    return Ours(id, **{**plain, **fields})


def their(id: UUID = THEM, **fields: Any) -> Theirs:
    """An active contact of the organisation with the same name."""
    plain = {
        "name": "Kōwhai Dental Ltd",
        "contact_number": None,
        "account_number": None,
        "email": None,
        "phones": (),
        "tax_number": None,
        "active": True,
        "merged_to": None,
    }
    return Theirs(id, **{**plain, **fields})
