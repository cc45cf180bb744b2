"""Problems and remarks of contacts: why one is not in Xero, or differs there. Pure."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from api.platform.problems import Fix, Problem, ProblemKind
from api.sync.contacts.candidates import Candidates
from api.sync.contacts.evidence import Kind, Ours, Theirs
from api.sync.contacts.matching import Doubt, Match

CONTACT_ARCHIVED: Final = ProblemKind(
    "contact_archived",
    "The contact is archived in Xero",
    "Restore the contact in Xero, then send again.",
)
CONTACT_UNSURE: Final = ProblemKind(
    "contact_unsure",
    "It isn't certain which contact in Xero this is",
    "Give the contact a name of its own, or the e-mail address that it has in Xero, then send again.",
)
NAME_TAKEN: Final = ProblemKind(
    "contact_name_taken",
    "Xero already has another contact of this name",
    "Rename one of the two.",
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
PROBLEM_KINDS: Final = (
    CONTACT_ARCHIVED,
    CONTACT_UNSURE,
    NAME_TAKEN,
    REFUSED,
    PAYER_REFERENCE_TAKEN,
    CONTACT_DIFFERS,
)
_LONGEST_SEARCH: Final = 100  # characters; what the list of contacts takes

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


def obstacle_of(match: Match, ours: Ours, among: Candidates) -> Problem | None:
    """What keeps a contact from being linked or created, or None."""
    if match.obstacle is None:
        return None
    if match.doubt is None:
        detail = f"{ours.name} is archived in Xero. Restore the contact there, then send the invoice again."
        return _problem(CONTACT_ARCHIVED, ours.name, detail)
    values = {"name": ours.name}
    if match.doubt in ("email", "account_number"):
        values |= {"theirs": getattr(among.named(ours)[0], match.doubt), "ours": getattr(ours, match.doubt)}
    return _problem(CONTACT_UNSURE, ours.name, _DOUBTS[match.doubt].format(**values))


def differs(fields: Sequence[Kind], ours: Ours, theirs: Theirs) -> Problem:
    """The remark on a linked contact that has other details in Xero."""
    parts = [f"the {_FIELDS[kind]} {getattr(theirs, kind)} in Xero and {getattr(ours, kind)} here" for kind in fields]
    return _problem(CONTACT_DIFFERS, ours.name, f"{ours.name} has {', and '.join(parts)}.")


def reference_taken(name: str, reference: str, holder: str | None, messages: Sequence[str] = ()) -> Problem:
    """The remark on a contact that was created without its payer reference; `holder` is the contact that has it."""
    detail = f"Sent without the payer reference {reference}, which {holder or 'another contact in Xero'} has."
    return _problem(PAYER_REFERENCE_TAKEN, name, detail, messages, pointer="#/payer_reference")


def name_taken(name: str, messages: Sequence[str]) -> Problem:
    """Xero refuses the name, although no contact of that name can be read there."""
    detail = f"Xero already has another contact called {name}. Rename one of the two."
    return _problem(NAME_TAKEN, name, detail, messages)


def refused(name: str, messages: Sequence[str]) -> list[Problem]:
    """Xero does not accept the contact: one problem per message."""
    if not messages:
        return [_problem(REFUSED, name, f"Xero did not accept the contact {name}.")]
    return [
        _problem(CONTACT_ARCHIVED if "archived" in message.casefold() else REFUSED, name, message, [message])
        for message in messages
    ]


def failing(name: str) -> Problem:
    """Xero has answered with errors of its own each time the contact was sent."""
    detail = "Xero failed each time it was sent, and holds nothing of it. Change it, or send its invoices again later."
    return _problem(REFUSED, name, detail)


def _problem(
    kind: ProblemKind, name: str, detail: str, messages: Sequence[str] = (), *, pointer: str | None = None
) -> Problem:
    """With messages it is Xero that reports the problem. The fix shows every contact of that name."""
    return Problem(
        kind.code,
        kind.title,
        detail,
        pointer,
        Fix("Open the contact", f"/contacts?{urlencode({'q': name[:_LONGEST_SEARCH]})}"),
        source="xero" if messages else "check",
        xero_message=" ".join(messages) or None,
    )
