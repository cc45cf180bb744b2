"""Linked contacts with both sides and their base, and storing what became of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.problems import Problem
from api.records.contacts.service import ContactService, ContactView, SyncMark
from api.records.preferences.service import PreferencesService
from api.sync.contacts.differences import Difference, compare
from api.sync.contacts.models import MirrorContact
from api.sync.contacts.ownership import (
    Base,
    Effect,
    Field,
    Values,
    changed_here,
    fields_with,
    our_values,
    their_values,
)
from api.sync.contacts.pushes.problems import conflict
from api.sync.contacts.pushes.repository import LinkedContactRepository
from api.sync.contacts.repository import MirrorContactRepository
from api.sync.contacts.standing import Compared, mark_of_linked


@dataclass(frozen=True)
class Subject:
    """A linked contact of ours, and what the mirror has of it. `base` is None if the two were never compared."""

    view: ContactView
    xero_contact_id: UUID
    mirrored: MirrorContact | None
    ours: Values
    base: Base | None
    send_payer_reference: bool
    xero_name: str | None
    refused_write: str | None  # the fingerprint of the last change whose name Xero refused

    @property
    def stands(self) -> bool:
        """Whether Xero has the contact, neither archived nor merged into another."""
        return self.mirrored is not None and self.mirrored.status == "ACTIVE"

    @property
    def theirs(self) -> Values:
        """What Xero has, by field; nothing if the mirror does not have the contact."""
        return their_values(self.mirrored) if self.mirrored is not None else dict.fromkeys(self.ours)

    @property
    def is_changed_here(self) -> bool:
        """Whether something was changed here since the two agreed."""
        return self.base is not None and changed_here(self.ours, self.base)

    def fields(self, effect: Effect) -> list[Field]:
        """The fields with which a push does this."""
        return fields_with(effect, self.ours, self.theirs, self.base)

    def base_after(self, sent: Values | None = None) -> Base:
        """The base now that Xero has taken what was sent."""
        if self.base is None:
            return Base(self.ours, self.theirs)
        return self.base.after(self.ours, self.theirs, sent=sent)

    def conflict(self) -> Problem | None:
        """The problem of the fields that were changed on both sides."""
        fields = self.fields("undecided")
        return conflict(self.view, fields, self.ours, self.theirs) if fields else None

    def mark(self, base: Base, remarks: Sequence[Problem] = ()) -> SyncMark:
        """How the contact is shown: unsure, changed, or in step with Xero, as after a read of its contacts."""
        return mark_of_linked(
            self.view, Compared(self._differences(base), self.ours, self.theirs, base), remarks=remarks
        )

    def _differences(self, base: Base) -> tuple[Difference, ...]:
        if self.mirrored is None:
            return ()
        return compare(
            self.view,
            self.mirrored,
            base,
            send_payer_reference=self.send_payer_reference,
            xero_name=self.xero_name,
        )


async def read_subjects(
    work: UnitOfWork, organisation_id: UUID, contact_ids: Collection[UUID], *, with_mirror: bool = True
) -> dict[UUID, Subject]:
    """Those of these contacts that are linked for certain; without the mirror, only what is here and the base."""
    links = await LinkedContactRepository(work, organisation_id).certain(contact_ids)
    views = await ContactService(work).views([link.contact_id for link in links])
    use_reference = (await PreferencesService(work).current()).send_payer_reference
    leads_to = {link.xero_contact_id for link in links if link.xero_contact_id is not None}
    mirrored = await MirrorContactRepository(work).of(leads_to) if with_mirror else {}
    return {
        link.contact_id: Subject(
            view=views[link.contact_id],
            xero_contact_id=link.xero_contact_id,
            mirrored=mirrored.get(link.xero_contact_id),
            ours=our_values(views[link.contact_id], send_payer_reference=use_reference, name=link.xero_name),
            base=Base.from_row(link.base),
            send_payer_reference=use_reference,
            xero_name=link.xero_name,
            refused_write=link.refused_write,
        )
        for link in links
        if link.xero_contact_id is not None and link.contact_id in views
    }


async def settle(
    work: UnitOfWork,
    organisation_id: UUID,
    settled: Mapping[UUID, tuple[Subject, Base]],
    remarks: Mapping[UUID, Sequence[Problem]] | None = None,
) -> None:
    """Store the bases of contacts and how they are shown."""
    if not settled:
        return
    bases = {key: (subject.xero_contact_id, base.as_row()) for key, (subject, base) in settled.items()}
    await LinkedContactRepository(work, organisation_id).save_bases(bases)
    marks = {key: subject.mark(base, (remarks or {}).get(key, ())) for key, (subject, base) in settled.items()}
    await ContactService(work).mark(marks)
