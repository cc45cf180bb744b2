"""Problems and remarks of contacts: why one is not in Xero, or differs there. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from api.platform.errors import kind_of
from api.platform.ids import encode
from api.platform.problems import Fix, Problem, ProblemKind
from api.sync.contacts.candidates import Candidates
from api.sync.contacts.decisions.errors import ContactArchived
from api.sync.contacts.differences import Difference
from api.sync.contacts.evidence import Ours
from api.sync.contacts.matching import Doubt, Match
from api.sync.contacts.ownership import Field

CONTACT_ARCHIVED: Final = kind_of(ContactArchived)
CONTACT_UNSURE: Final = ProblemKind(
    "contact_unsure",
    "It isn't certain which contact in Xero this is",
    "Open the contact and choose which contact in Xero it is, or that it is new there. Then send again.",
)
NAME_TAKEN: Final = ProblemKind(
    "contact_name_taken",
    "Xero already has another contact of this name",
    "Choose that contact, or another name for the new contact.",
)
REFUSED: Final = ProblemKind(
    "contact_refused",
    "Xero did not accept the contact",
    "Correct the contact as Xero's message says.",
)
PAYER_REFERENCE_TAKEN: Final = ProblemKind(
    "payer_reference_taken",
    "Another contact has this payer reference",
    "The contact is in Xero without it. Give it a payer reference of its own, or clear the other one.",
)
CONTACT_DIFFERS: Final = ProblemKind(
    "contact_differs",
    "The contact is different in Xero",
    "Compare the two, and change the one that is wrong.",
)
# The codes of problems that hold invoices until a person decides, or until the contact changes in Xero.
HELD_BY_CONTACT: Final = (CONTACT_ARCHIVED.code, CONTACT_UNSURE.code, NAME_TAKEN.code)
PROBLEM_KINDS: Final = (
    CONTACT_ARCHIVED,
    CONTACT_UNSURE,
    NAME_TAKEN,
    REFUSED,
    PAYER_REFERENCE_TAKEN,
    CONTACT_DIFFERS,
)
# Where a contact problem is fixed: a part of the page of the contact.
_CHOICE: Final = "link"

_DOUBTS: dict[Doubt, str] = {
    "number_twice": "Xero has two active contacts with our number for {name}. Choose the right contact.",
    "several_here": (
        "Several of your contacts are called {name}, and Xero takes a name once. Choose which contact in Xero this is,"
        " or that it is new there under a name of its own."
    ),
    "several_in_xero": "Xero has several active contacts that could be {name}. Choose the right contact.",
    "taken": (
        "The contact {name} in Xero belongs to another of your contacts. Choose another contact, or that this is a new"
        " contact under a name of its own."
    ),
    "email": (
        "{name} has the e-mail address {theirs} in Xero and {ours} here. Choose whether it is the same person, or a new"
        " contact under a name of its own."
    ),
    "account_number": (
        "{name} has the account number {theirs} in Xero and {ours} here. Choose whether it is the same person, or a new"
        " contact under a name of its own."
    ),
    "undone": "You unlinked {name} from the contact in Xero that it looks like. Choose another, or that it is new.",
    "new_name_taken": "Xero already has a contact called {new_name}. Choose that contact, or another name for yours.",
}
_FIELDS: dict[Field, str] = {
    "name": "name",
    "first_name": "first name",
    "last_name": "last name",
    "email": "e-mail address",
    "phone": "phone",
    "address": "address",
    "tax_number": "tax number",
    "payer_reference": "account number",
}


def obstacle_of(match: Match, ours: Ours, among: Candidates) -> Problem | None:
    """What keeps a contact from being linked or created, or None."""
    if match.obstacle is None:
        return None
    if match.doubt is None:
        detail = f"{ours.name} is archived in Xero. Restore the contact there, or choose another contact for it."
        return _problem(CONTACT_ARCHIVED, ours.id, detail, place=_CHOICE)
    values = {"name": ours.name, "new_name": among.new_name(ours)}
    if match.doubt in ("email", "account_number"):
        values |= {"theirs": getattr(among.named(ours)[0], match.doubt), "ours": getattr(ours, match.doubt)}
    return _problem(CONTACT_UNSURE, ours.id, _DOUBTS[match.doubt].format(**values), place=_CHOICE)


def differs(differences: Sequence[Difference], contact_id: UUID, name: str) -> Problem:
    """The remark on a linked contact that has other details in Xero."""
    parts = [f"the {_FIELDS[each.field]} {each.theirs} in Xero and {each.ours} here" for each in differences]
    return _problem(CONTACT_DIFFERS, contact_id, f"{name} has {', and '.join(parts)}.", place=_CHOICE)


def reference_taken(
    contact_id: UUID, reference: str, holder: str | None, messages: Sequence[str] = (), *, is_sent: bool = True
) -> Problem:
    """The remark on a contact that goes to Xero without its payer reference; `holder` is the contact that has it."""
    what = "Sent" if is_sent else "Will be sent"
    detail = f"{what} without the payer reference {reference}, which {holder or 'another contact in Xero'} has."
    return _problem(
        PAYER_REFERENCE_TAKEN, contact_id, detail, messages, pointer="#/payer_reference", place="payer_reference"
    )


def name_taken(contact_id: UUID, name: str, messages: Sequence[str]) -> Problem:
    """Xero refuses the name, although no contact of that name can be read there."""
    detail = f"Xero already has another contact called {name}. Choose that contact, or another name for yours."
    return _problem(NAME_TAKEN, contact_id, detail, messages, place=_CHOICE)


def refused(contact_id: UUID, name: str, messages: Sequence[str]) -> list[Problem]:
    """Xero does not accept the contact: one problem per message."""
    if not messages:
        return [replace(_problem(REFUSED, contact_id, f"Xero did not accept the contact {name}."), source="xero")]
    return [
        _problem(CONTACT_ARCHIVED, contact_id, message, [message], place=_CHOICE)
        if "archived" in message.casefold()
        else _problem(REFUSED, contact_id, message, [message])
        for message in messages
    ]


def failing(contact_id: UUID) -> Problem:
    """Xero has answered with errors of its own each time the contact was sent."""
    detail = "Xero failed each time it was sent, and holds nothing of it. Change it, or send its invoices again later."
    return replace(_problem(REFUSED, contact_id, detail), source="xero")


def _problem(
    kind: ProblemKind,
    contact_id: UUID,
    detail: str,
    messages: Sequence[str] = (),
    *,
    pointer: str | None = None,
    place: str = "",
) -> Problem:
    """With messages it is Xero that reports the problem. The fix leads to the page of the contact."""
    page = f"/contacts/{encode('con', contact_id)}"
    return Problem(
        kind.code,
        kind.title,
        detail,
        pointer,
        Fix("Open the contact", f"{page}#{place}" if place else page),
        source="xero" if messages else "check",
        xero_message=" ".join(messages) or None,
    )
