"""Problems of contacts that a push reports. Pure."""

from collections.abc import Sequence
from typing import Final

from api.platform.ids import encode
from api.platform.problems import Choice, Fix, Problem, ProblemKind
from api.records.contacts.service import ContactView
from api.sync.contacts.ownership import Field, Values, shown

CONTACT_CONFLICT: Final = ProblemKind(
    "contact_conflict",
    "The contact was changed here and in Xero",
    "Xero keeps its values until you decide whether to keep them or to send yours.",
)
PROBLEM_KINDS: Final = (CONTACT_CONFLICT,)
_CHOICES: Final = (Choice("keep_xeros", "Keep what Xero has"), Choice("send_ours", "Send ours"))
_FIELDS: Final[dict[Field, str]] = {
    "name": "name",
    "first_name": "first name",
    "last_name": "last name",
    "email": "e-mail address",
    "phone": "phone",
    "address": "address",
    "tax_number": "tax number",
    "payer_reference": "payer reference",
}


def conflict(view: ContactView, fields: Sequence[Field], ours: Values, theirs: Values) -> Problem:
    """These fields were changed on both sides since they last agreed; both values are named."""
    parts = [
        f"the {_FIELDS[field]} {shown(field, theirs[field]) or '(empty)'} in Xero and"
        f" {shown(field, ours[field]) or '(empty)'} here"
        for field in fields
    ]
    changed = f"{view.display_name} was changed on both sides: it has {', and '.join(parts)}."
    return Problem(
        CONTACT_CONFLICT.code,
        CONTACT_CONFLICT.title,
        f"{changed} Xero keeps its value until you decide.",
        f"#/{fields[0]}",
        Fix("Open the contact", f"/contacts/{encode('con', view.id)}#link"),
        choices=_CHOICES,
    )
