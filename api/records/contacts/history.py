"""The history of a contact in finished sentences. Pure."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import ConfigDict, Field

from api.identity.audit.schemas import HistoryEventOut
from api.identity.audit.service import HistoryEvent

_FIELDS: Final = {
    "kind": "kind",
    "name": "name",
    "first_name": "first name",
    "last_name": "last name",
    "roles": "roles",
    "email": "e-mail address",
    "phone": "phone",
    "address": "address",
    "tax_number": "tax number",
    "payer_reference": "payer reference",
    "external_id": "external id",
}
_FOLLOWED: Final = {
    "merged": "The contact in Xero was merged into another, and this one follows.",
    "archived": "The contact was archived in Xero.",
    "restored": "The contact was restored in Xero.",
    "gone": "Xero no longer has the contact; it is matched again.",
}


class ContactHistoryEventOut(HistoryEventOut):
    """What was done with a contact, when, and by whom."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "aud_01jeecwz2h6z28dd1fm9d2r7kx",
                    "created_at": "2026-11-24T20:40:00Z",
                    "actor": "usr_01jeecwz2h6z28dd1fm9d2r7kx",
                    "actor_name": "Mere Hohepa",
                    "action": "contacts.link",
                    "outcome": "done",
                    "details": {"xero_name": "John Smith", "xero_contact_id": "bd2270c3-8706-4c11-9cfb-000b551c3f51"},
                    "what": "Linked to John Smith in Xero.",
                }
            ]
        }
    )

    what: str = Field(description="What was done, as a finished sentence.", examples=["Linked to John Smith in Xero."])


def with_sentence(event: HistoryEvent) -> dict[str, object]:
    """The event with its sentence."""
    sentence = _SENTENCES.get(event.action)
    what = sentence(event.details) if sentence is not None else "Changed."
    return {**vars(event), "what": what}


def _added(_: Mapping[str, Any]) -> str:
    return "Added the contact."


def _followed(details: Mapping[str, Any]) -> str:
    return _FOLLOWED.get(details.get("what", ""), "Changed in Xero.")


def _answered(details: Mapping[str, Any]) -> str:
    return "Kept the values of Xero." if details.get("choice") == "keep_xeros" else "Chose the values here for Xero."


def _changed(details: Mapping[str, Any]) -> str:
    names = [_FIELDS.get(field, field) for field in details.get("fields", [])]
    return f"Changed the {', '.join(names[:-1])} and {names[-1]}." if len(names) > 1 else f"Changed the {names[0]}."


def _linked(details: Mapping[str, Any]) -> str:
    name = details.get("xero_name")
    return f"Linked to {name} in Xero." if details.get("xero_contact_id") else f"To be created in Xero as {name}."


def _unlinked(details: Mapping[str, Any]) -> str:
    name = details.get("xero_name")
    return f"Unlinked from {name} in Xero." if name else "Took back what was decided about the contact in Xero."


_SENTENCES: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "contacts.create": _added,
    "contacts.change": _changed,
    "contacts.link": _linked,
    "contacts.unlink": _unlinked,
    "contacts.follow": _followed,
    "contacts.answer": _answered,
}
