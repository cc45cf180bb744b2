"""Recording the results of contacts: linked, with or without remarks, or refused."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.problems import Problem
from api.records.contacts.service import ContactService, SyncMark, SyncState
from api.sync.contacts.bases import bases_of
from api.sync.contacts.candidates import DecidedBy
from api.sync.contacts.evidence import EvidenceKind
from api.sync.contacts.mapping import contact_link
from api.sync.contacts.ownership import Base, Values
from api.sync.contacts.problems import CONTACT_DIFFERS, CONTACT_UNSURE
from api.sync.contacts.repository import ContactLinkRepository, Linked
from api.sync.ledger.service import LedgerService
from api.xero.wire import Contact


@dataclass(frozen=True)
class NewLink:
    """A contact of Xero that is ours, how that was decided, and what deserves a look."""

    xero_contact_id: UUID
    decided_by: DecidedBy
    evidence: Sequence[EvidenceKind] = ()
    decided_by_user: str | None = None
    remarks: Sequence[Problem] = ()
    is_changed: bool = False  # ours, since it was sent
    created: Contact | None = None  # Xero's answer, for the mirror
    sent: Values | None = None  # what Xero got of ours, if it was created
    base: Base | None = None  # read with the link if it is not known

    @property
    def sync_state(self) -> SyncState:
        """`changed` if the two are different."""
        differs = self.is_changed or any(remark.code == CONTACT_DIFFERS.code for remark in self.remarks)
        return SyncState.CHANGED if differs else SyncState.IN_STEP


async def link(
    work: UnitOfWork, organisation_id: UUID, links: Mapping[UUID, NewLink], short_code: str | None = None
) -> None:
    """Store links by our contact, each with its base: what both sides have now.

    The organisation's short code is read if it is not given.
    """
    if not links:
        return
    bases = {key: new.base for key, new in links.items() if new.base is not None}
    unread = {key: (new.xero_contact_id, new.sent) for key, new in links.items() if new.base is None}
    if unread:
        bases |= await bases_of(work, unread)
    await ContactLinkRepository(work, organisation_id).link(
        {
            contact_id: Linked(new.xero_contact_id, new.decided_by, new.evidence, new.decided_by_user)
            for contact_id, new in links.items()
        },
        {contact_id: base.as_row() for contact_id, base in bases.items()},
    )
    short_code = short_code or await LedgerService(work).short_code()
    await ContactService(work).mark(
        {
            contact_id: SyncMark(
                new.sync_state,
                contact_link(short_code, new.xero_contact_id) if short_code else None,
                remarks=new.remarks,
            )
            for contact_id, new in links.items()
        }
    )


async def refuse(
    work: UnitOfWork,
    organisation_id: UUID,
    refused: Mapping[UUID, Sequence[Problem]],
    refused_writes: Mapping[UUID, str] | None = None,
) -> None:
    """Store the problems on the contacts, which are not to be created any more.

    `refused_writes` has the fingerprints of those whose name Xero refused: they are not sent again as they are.
    """
    if not refused:
        return
    await ContactLinkRepository(work, organisation_id).withdraw(refused, refused_writes)
    await ContactService(work).mark(
        {contact_id: SyncMark(_state(problems), problems=problems) for contact_id, problems in refused.items()}
    )


def _state(problems: Collection[Problem]) -> SyncState:
    is_unsure = any(problem.code == CONTACT_UNSURE.code for problem in problems)
    return SyncState.UNSURE if is_unsure else SyncState.FAILED
