"""A name that a contact can have in Xero beside others of its name. Pure."""

from collections.abc import Collection, Iterator

from api.records.contacts.service import ContactView
from api.records.text import name_key

LONGEST_NAME = 255  # characters
_COUNTED = range(2, 100)


def proposed_names(view: ContactView) -> Iterator[str]:
    """The name itself, then with what tells the contact from its namesakes: "John Smith (Napier)"."""
    yield view.display_name
    address = view.address or {}
    marks = [address.get("city"), address.get("region"), address.get("line1"), view.payer_reference, view.email]
    for mark in (*filter(None, marks), *map(str, _COUNTED)):
        name = f"{view.display_name} ({' '.join(mark.replace('<', '').replace('>', '').split())})"
        if len(name) <= LONGEST_NAME:
            yield name


def free_name(view: ContactView, taken: Collection[str]) -> str:
    """The first proposed name whose key is not taken."""
    names = list(proposed_names(view))
    return next((name for name in names if name_key(name) not in taken), names[-1])
