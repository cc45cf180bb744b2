"""Changes whose name Xero refused: they are remembered, so that they are not sent again while nothing has changed."""

import json
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.problems import Problem
from api.records.text import name_key
from api.sync.contacts.changes import changed_contact
from api.sync.contacts.problems import NAME_TAKEN
from api.sync.contacts.pushes.repository import LinkedContactRepository
from api.sync.contacts.pushes.subjects import Subject
from api.sync.contacts.refusals import fingerprint_of_change
from api.sync.contacts.repository import MirrorContactRepository
from api.sync.writes.service import Attempt
from api.xero.outgoing import element_json


async def remember_clashes(
    work: UnitOfWork,
    attempt: Attempt,
    subjects: Mapping[UUID, Subject],
    refused: Mapping[UUID, Sequence[Problem]],
) -> None:
    """Store what was sent for those of these contacts whose name Xero refused, and what the answer depended on."""
    clashing = [
        subjects[contact_id]
        for contact_id, problems in refused.items()
        if contact_id in subjects and any(problem.code == NAME_TAKEN.code for problem in problems)
    ]
    if not clashing:
        return
    holders = await _holders(work, clashing)
    writes = {
        subject.view.id: fingerprint_of_change(
            attempt.elements[subject.view.id], subject.theirs, holders[subject.view.id]
        )
        for subject in clashing
    }
    await LinkedContactRepository(work, attempt.organisation_id).save_refused_writes(writes)


async def clashing_still(work: UnitOfWork, subjects: Collection[Subject]) -> set[UUID]:
    """Those of these contacts for which the push would send what Xero refused, and nothing else has changed there."""
    refused = [subject for subject in subjects if subject.refused_write is not None]
    if not refused:
        return set()
    holders = await _holders(work, refused)
    still: set[UUID] = set()
    for subject in refused:
        fields = subject.fields("sent")
        if subject.mirrored is None or not fields:
            continue
        element = changed_contact(subject.xero_contact_id, fields, subject.ours, subject.mirrored)
        now = fingerprint_of_change(json.loads(element_json(element)), subject.theirs, holders[subject.view.id])
        if now == subject.refused_write:
            still.add(subject.view.id)
    return still


async def _holders(work: UnitOfWork, subjects: Collection[Subject]) -> dict[UUID, list[UUID]]:
    """By our contact, the other active contacts of Xero that have the name which ours has."""
    keys = {subject.view.id: name_key(subject.ours["name"] or "") for subject in subjects}
    rows = await MirrorContactRepository(work).called(set(keys.values()))
    return {
        subject.view.id: [
            row.xero_contact_id
            for row in rows
            if row.name_key == keys[subject.view.id] and row.xero_contact_id != subject.xero_contact_id
        ]
        for subject in subjects
    }
