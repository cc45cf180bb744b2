"""What the JSON columns of an item hold, and a decision about an item."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict
from uuid import UUID

from api.sync.contacts.imports.states import ItemDecision
from api.sync.contacts.ownership import Effect, Field


class XeroContactRow(TypedDict):
    """A contact of Xero as it was shown."""

    name: str
    first_name: str | None
    last_name: str | None
    email: str | None
    phone: str | None
    tax_number: str | None
    account_number: str | None
    is_customer: bool
    is_supplier: bool
    is_archived: bool


class DifferenceRow(TypedDict):
    """A field that the two sides have otherwise."""

    field: Field
    ours: str | None
    theirs: str | None
    effect: Effect


class DuplicateRow(TypedDict):
    """One of ours that a contact of Xero may be."""

    id: str
    name: str


@dataclass(frozen=True)
class DecisionRow:
    """A decision about one item."""

    item_id: UUID
    decision: ItemDecision
    contact_id: UUID | None
    roles: Sequence[str] | None
