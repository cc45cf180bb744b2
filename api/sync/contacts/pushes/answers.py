"""A person's decision about a contact that was changed on both sides."""

from typing import Literal
from uuid import UUID

from api.identity.audit.service import record_event
from api.platform.db.work import UnitOfWork
from api.platform.errors import Conflict
from api.platform.ids import encode
from api.records.contacts.service import ContactService, ContactView
from api.sync.connections.service import ConnectionService
from api.sync.contacts.ownership import Base
from api.sync.contacts.pushes.problems import CONTACT_CONFLICT
from api.sync.contacts.pushes.subjects import Subject, read_subjects, settle

Decision = Literal["keep_xeros", "send_ours"]


class NothingUndecided(Conflict):
    code, title = "nothing_undecided", "There is nothing to decide about this contact"
    remedy = "Read the contact again: it was decided meanwhile, or the two sides are the same by now."


class ContactAnswerService:
    """Answers to the problems of contacts."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def answer(self, contact_id: UUID, problem_code: str, choice: Decision) -> ContactView:
        """Decide about the fields that were changed on both sides. Raises NotFound or NothingUndecided."""
        contacts = ContactService(self._work)
        view = await contacts.get(contact_id)
        connection = await ConnectionService(self._work).live()
        codes = {row["code"] for row in view.problems}
        if connection is None or problem_code != CONTACT_CONFLICT.code or problem_code not in codes:
            raise NothingUndecided
        subject = (await read_subjects(self._work, connection.organisation_id, [contact_id])).get(contact_id)
        if subject is None or subject.base is None or not subject.fields("undecided"):
            raise NothingUndecided
        base = _decided(subject, subject.base, choice)
        await settle(self._work, connection.organisation_id, {contact_id: (subject, base)})
        record_event(self._work, "contacts.answer", subject=encode("con", contact_id), choice=choice)
        return await contacts.get(contact_id)


def _decided(subject: Subject, base: Base, choice: Decision) -> Base:
    """What Xero has now counts as known; ours as considered, too, if Xero's values are kept."""
    fields = subject.fields("undecided")
    there = {field: subject.theirs[field] for field in fields}
    here = {field: subject.ours[field] for field in fields} if choice == "keep_xeros" else {}
    return Base({**base.ours, **here}, {**base.theirs, **there})
