"""Writes whose name Xero refused: they are not repeated while nothing has changed that the answer depends on. Pure."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from api.platform.problems import Problem
from api.records.contacts.service import ContactView
from api.sync.contacts import mapping
from api.sync.contacts.ownership import Values
from api.sync.contacts.problems import NAME_TAKEN, name_taken
from api.sync.contacts.reading import Sides
from api.xero.outgoing import element_json


def fingerprint_of_creation(element: Mapping[str, Any]) -> str:
    """What identifies the creation of a contact; its account number has nothing to do with a refused name."""
    return _hash({name: value for name, value in element.items() if name != "AccountNumber"})


def fingerprint_of_change(element: Mapping[str, Any], theirs: Values, holders: Iterable[UUID]) -> str:
    """What identifies a change: what is sent, what Xero has, and the active contacts there that have the name."""
    return _hash(element, theirs, sorted(map(str, holders)))


def refusal_of(contact_id: UUID, sides: Sides) -> Problem | None:
    """Xero's refusal of a contact that would be created now just as it was refused."""
    row, view = sides.rows.get(contact_id), sides.views[contact_id]
    if row is None or row.refused_write is None:
        return None
    element = mapping.new_contact(view, send_payer_reference=False, xero_name=row.xero_name)
    is_the_same = row.refused_write == fingerprint_of_creation(json.loads(element_json(element)))
    return stored_refusal(view, element.name or "") if is_the_same else None


def stored_refusal(view: ContactView, name: str) -> Problem:
    """The problem of a contact whose name Xero has refused, as it was reported."""
    problems = [problem for problem in map(Problem.from_row, view.problems) if problem.code == NAME_TAKEN.code]
    return problems[0] if problems else name_taken(view.id, name, ())


def _hash(*parts: object) -> str:
    return sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
