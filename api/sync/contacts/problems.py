"""Why a contact is not in Xero, or not as it is here, in words for a bookkeeper. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from api.platform.catalogue import ProblemKind, publish
from api.sync.contacts.candidates import Candidates
from api.sync.contacts.evidence import Kind, Ours, Theirs
from api.sync.contacts.matching import Doubt, Match

PAYER_REFERENCE_TAKEN = ProblemKind(
    "payer_reference_taken",
    "Another contact has this payer reference",
    "The contact is in Xero without it. Give it a payer reference of its own, or clear the other one.",
)
CONTACT_DIFFERS = ProblemKind(
    "contact_differs",
    "The contact is different in Xero",
    "Compare the two, and change the one that is wrong.",
)
publish([PAYER_REFERENCE_TAKEN, CONTACT_DIFFERS])

_DOUBTS: dict[Doubt, str] = {
    "number_twice": "Xero has two active contacts with our number for {name}. Merge them in Xero.",
    "several_here": (
        "Several of your contacts are called {name}, and Xero takes a name once. Give each of them a name of its own,"
        " or the e-mail address that its contact in Xero has."
    ),
    "several_in_xero": (
        "Xero has several active contacts that could be {name}. Give yours the e-mail address, phone or tax number of"
        " the right one, or give it a name of its own."
    ),
    "taken": "The contact {name} in Xero belongs to another of your contacts. Give this one a name of its own.",
    "email": (
        "{name} has the e-mail address {theirs} in Xero and {ours} here. If it is the same person, use one address on"
        " both sides; if not, give this contact a name of its own."
    ),
    "account_number": (
        "{name} has the account number {theirs} in Xero and {ours} here. If it is the same person, use one number on"
        " both sides; if not, give this contact a name of its own."
    ),
}
_FIELDS: dict[Kind, str] = {
    "email": "e-mail address",
    "phone": "phone",
    "tax_number": "tax number",
    "account_number": "account number",
}


@dataclass(frozen=True)
class ContactProblem:
    """A problem or remark of one contact. `detail` is in our words, `messages` are Xero's own."""

    code: str
    detail: str = ""
    messages: tuple[str, ...] = ()

    def as_stored(self) -> dict[str, Any]:
        """The form kept on the contact."""
        return {"code": self.code, "messages": [self.detail] if self.detail else list(self.messages)}


def obstacle_of(match: Match, ours: Ours, among: Candidates) -> ContactProblem | None:
    """What keeps a contact from being linked or created, or None."""
    if match.obstacle is None:
        return None
    if match.doubt is None:
        detail = f"{ours.name} is archived in Xero. Restore the contact there, then send the invoice again."
        return ContactProblem(match.obstacle, detail)
    values = {"name": ours.name}
    if match.doubt in ("email", "account_number"):
        values |= {"theirs": getattr(among.named(ours)[0], match.doubt), "ours": getattr(ours, match.doubt)}
    return ContactProblem(match.obstacle, _DOUBTS[match.doubt].format(**values))


def differs(fields: Sequence[Kind], ours: Ours, theirs: Theirs) -> ContactProblem:
    """The remark on a linked contact that has other details in Xero."""
    parts = [f"the {_FIELDS[kind]} {getattr(theirs, kind)} in Xero and {getattr(ours, kind)} here" for kind in fields]
    return ContactProblem(CONTACT_DIFFERS.code, f"{ours.name} has {', and '.join(parts)}.")


def reference_taken(ours_reference: str, holder: str | None, messages: Sequence[str] = ()) -> ContactProblem:
    """The remark on a contact that was created without its payer reference."""
    detail = f"Sent without the payer reference {ours_reference}, which {holder or 'another contact in Xero'} has."
    return ContactProblem(PAYER_REFERENCE_TAKEN.code, detail, tuple(messages))


def name_taken(name: str, messages: Sequence[str]) -> ContactProblem:
    """Xero refuses the name, although no contact of that name can be read there."""
    detail = f"Xero already has another contact called {name}. Rename one of the two."
    return ContactProblem("contact_name_taken", detail, tuple(messages))


def refused(messages: Sequence[str]) -> ContactProblem:
    """Xero does not accept the contact."""
    return ContactProblem("contact_refused", messages=tuple(messages))
