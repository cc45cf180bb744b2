"""Problems and remarks of imported contacts, and the sentence at the end of an import. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from api.platform.ids import encode
from api.platform.problems import Fix, Problem, ProblemKind
from api.sync.connections.service import CONNECT, NotConnectedYet

NOT_IMPORTED: Final = ProblemKind(
    "field_not_imported",
    "A value in Xero cannot be kept here",
    "It stays in Xero, and the rest of the contact was imported. Enter a usable value here or in Xero.",
)
RENAMED: Final = ProblemKind(
    "name_changed_by_import",
    "The name was changed a little",
    "Check the name here, or correct it in Xero.",
)
GONE: Final = ProblemKind(
    "contact_not_active",
    "The contact is not active in Xero any more",
    "Restore the contact in Xero, then import again.",
)
CHANGED: Final = ProblemKind(
    "contact_changed_in_xero",
    "The contact was changed in Xero after the preview",
    "Look at it again, and decide again.",
)
TAKEN: Final = ProblemKind(
    "contact_linked_elsewhere",
    "Your contact belongs to another contact in Xero",
    "Choose another of your contacts, import it as a new contact, or leave it out.",
)
MISSING: Final = ProblemKind(
    "contact_missing",
    "Your contact was deleted meanwhile",
    "Choose another of your contacts, import it as a new contact, or leave it out.",
)
BEING_CREATED: Final = ProblemKind(
    "contact_in_creation",
    "Your contact is being created in Xero at this moment",
    "Wait until the export is done, then import again.",
)
OTHER_ORGANISATION: Final = ProblemKind(
    "import_of_other_organisation",
    "Another organisation is connected now",
    "Start a new preview. What was imported stays.",
)
REFUSED: Final = ProblemKind(
    "contacts_refused_by_xero",
    "Xero refused to give its contacts",
    "Read Xero's message, then start the import again. What was imported stays.",
)
PROBLEM_KINDS: Final = (
    NOT_IMPORTED,
    RENAMED,
    GONE,
    CHANGED,
    TAKEN,
    MISSING,
    BEING_CREATED,
    OTHER_ORGANISATION,
    REFUSED,
)
_PAGE: Final = "/contacts/import"
_LONGEST_VALUE: Final = 60  # characters; more of a value that cannot be kept says nothing
_FIELDS: Final = {
    "email": "e-mail address",
    "phone": "phone number",
    "address": "address",
    "tax_number": "tax number",
    "payer_reference": "account number",
}


def page_of(import_id: UUID) -> str:
    """The page of the app that shows an import."""
    return f"{_PAGE}?id={encode('cim', import_id)}"


def page_of_contact(contact_id: UUID, problem: Problem) -> Fix:
    """The page of our contact, at the field that a remark is about."""
    field = (problem.pointer or "#").removeprefix("#/").split("/")[0]
    return Fix("Open the contact", f"/contacts/{encode('con', contact_id)}#{field}".rstrip("#"))


def not_imported(path: Sequence[str], value: str, reason: str) -> Problem:
    """The remark on a contact that was imported without a value of Xero's."""
    field = _FIELDS.get(path[0], path[-1])
    shown = value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]}…"
    detail = f"The {field} {shown} in Xero cannot be kept here. {reason} {NOT_IMPORTED.remedy}"
    return Problem(NOT_IMPORTED.code, NOT_IMPORTED.title, detail, f"#/{'/'.join(path)}")


def renamed(name: str, kept: str) -> Problem:
    """The remark on a contact whose name has characters that we do not take."""
    detail = f"In Xero the name is “{name}”, here it is “{kept}”. {RENAMED.remedy}"
    return Problem(RENAMED.code, RENAMED.title, detail, "#/name")


def gone(name: str) -> Problem:
    """The contact was archived or merged after the preview."""
    return _on_item(GONE, f"{name} was archived or merged in Xero after the preview. {GONE.remedy}")


def changed(name: str) -> Problem:
    """The decision was about what the contact was before."""
    return _on_item(CHANGED, f"{name} was changed in Xero after you decided. {CHANGED.remedy}")


def taken(contact_id: UUID, name: str) -> Problem:
    """Ours has a contact in Xero of its own."""
    problem = _on_item(TAKEN, f"{name} is linked to another contact in Xero. {TAKEN.remedy}")
    return replace(problem, fix=page_of_contact(contact_id, problem))


def missing() -> Problem:
    """Ours does not exist any more."""
    return _on_item(MISSING, f"The contact that you chose does not exist any more. {MISSING.remedy}")


def being_created(contact_id: UUID, name: str) -> Problem:
    """An export is sending ours to Xero."""
    problem = _on_item(BEING_CREATED, f"An export is creating {name} in Xero. {BEING_CREATED.remedy}")
    return replace(problem, fix=page_of_contact(contact_id, problem))


def not_connected() -> Problem:
    """The business has no connection any more."""
    return Problem(NotConnectedYet.code, NotConnectedYet.title, NotConnectedYet.remedy, fix=CONNECT)


def other_organisation(name: str) -> Problem:
    """The organisation of the import is not connected any more."""
    return _on_item(OTHER_ORGANISATION, f"The import was from {name}. {OTHER_ORGANISATION.remedy}")


def refused_by_xero(message: str) -> Problem:
    """Xero refused to list its contacts, with this message."""
    return Problem(REFUSED.code, REFUSED.title, f"{message} {REFUSED.remedy}", source="xero", xero_message=message)


def finished_sentence(imported: int, linked: int, undecided: int, failed: int) -> str:
    """The message of the feed, as whole English sentences."""
    sentences = [f"{_counted(imported, 'contact')} been imported from Xero."]
    if linked:
        sentences.append(f"{_counted(linked, 'contact')} been linked.")
    if undecided:
        waits = "possible duplicate waits" if undecided == 1 else "possible duplicates wait"
        sentences.append(f"{undecided:,} {waits} for you.")
    if failed:
        sentences.append(f"{failed:,} {'needs' if failed == 1 else 'need'} a look.")
    return " ".join(sentences)


def _counted(count: int, noun: str) -> str:
    if count == 1:
        return f"1 {noun} has"
    return f"{count:,} {noun}s have" if count else f"No {noun}s have"


def _on_item(kind: ProblemKind, detail: str) -> Problem:
    return Problem(kind.code, kind.title, detail, fix=Fix("Import from Xero", _PAGE))
