"""The links of single contacts: what is shown of them, and what people decide."""

from uuid import UUID

from api.identity.audit.service import record_event
from api.platform.db.work import UnitOfWork
from api.platform.http.paging import Paging
from api.platform.ids import encode
from api.records.contacts.service import ContactService, SyncMark, SyncState
from api.sync.connections.service import ConnectionService
from api.sync.contacts.decisions.deciding import Decider, decide
from api.sync.contacts.decisions.errors import ContactBeingCreated
from api.sync.contacts.decisions.repository import DecisionRepository
from api.sync.contacts.decisions.schemas import LinkCandidateOut, LinkIn, LinkOut
from api.sync.contacts.decisions.viewing import Describing, read_question, taken_by, view_of, without_organisation
from api.sync.contacts.following import restate
from api.sync.contacts.reading import read_sides
from api.sync.contacts.repository import LINKED, MirrorContactRepository
from api.sync.ledger.service import LedgerService


class DecisionService:
    """Which contacts in Xero the contacts of one business are."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    async def link(self, contact_id: UUID) -> LinkOut:
        """The link of a contact, by what was last read from Xero. Raises NotFound."""
        contact = await ContactService(self._work).get(contact_id)
        connection = await ConnectionService(self._work).row()
        if connection is None or connection.organisation_id is None:
            return without_organisation(contact.display_name, is_elsewhere=False)
        organisation_id = connection.organisation_id
        rows = DecisionRepository(self._work, organisation_id)
        if not await rows.rows_of([contact_id]) and await rows.elsewhere(contact_id):
            return without_organisation(contact.display_name, is_elsewhere=True)
        return await view_of(self._work, organisation_id, contact_id)

    async def decide(self, contact_id: UUID, decision: LinkIn, *, user: str) -> LinkOut:
        """Decide for a contact. Raises NotFound, NotConnectedYet, Invalid and the errors of decisions."""
        await ContactService(self._work).get(contact_id)
        organisation_id = (await ConnectionService(self._work).require_live()).organisation_id
        await decide(self._work, Decider(organisation_id, user), contact_id, decision)
        return await self.link(contact_id)

    async def unlink(self, contact_id: UUID) -> None:
        """Take back the link or the decision. A contact that was linked is not linked to the same contact again."""
        await ContactService(self._work).get(contact_id)
        organisation_id = (await ConnectionService(self._work).require_live()).organisation_id
        rows = DecisionRepository(self._work, organisation_id)
        row = (await rows.rows_of([contact_id], locked=True)).get(contact_id)
        if row is None or row.state == "refused":
            return
        if await rows.in_attempt([contact_id]):
            raise ContactBeingCreated
        name = row.xero_name
        if row.state in LINKED and row.xero_contact_id is not None:
            known = await MirrorContactRepository(self._work).of([row.xero_contact_id])
            name = next((each.name for each in known.values()), name)
            await rows.undo(contact_id)
        else:
            await rows.release([contact_id])
        record_event(self._work, "contacts.unlink", subject=encode("con", contact_id), xero_name=name)
        await ContactService(self._work).mark({contact_id: SyncMark(SyncState.NOT_SENT)})
        question = await read_question(self._work, organisation_id, contact_id)
        await restate(self._work, organisation_id, {contact_id, *question.concerned})

    async def refresh(self, contact_id: UUID) -> None:
        """Have the changes in Xero read, and the contact of the link itself. Raises NotFound, NotConnectedYet."""
        await ContactService(self._work).get(contact_id)
        await ConnectionService(self._work).require_live()
        self._work.wake_after_commit("contacts.refresh", self._work.business_id, contact_id)

    async def candidates(self, contact_id: UUID, q: str, paging: Paging) -> tuple[list[LinkCandidateOut], str | None]:
        """The active contacts in Xero that a text leads to, and the cursor of the next page."""
        await ContactService(self._work).get(contact_id)
        organisation_id = (await ConnectionService(self._work).require_live()).organisation_id
        page = await MirrorContactRepository(self._work).page(paging, q)
        rows = [row[0] for row in page.rows]
        sides = await read_sides(self._work, organisation_id, [contact_id])
        short_code = await LedgerService(self._work).short_code()
        describe = Describing(sides, contact_id, short_code, await taken_by(self._work, organisation_id, rows))
        return describe.all(rows), page.next_cursor
