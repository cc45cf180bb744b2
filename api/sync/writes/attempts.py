"""Committing attempts, before anything of them is sent, and taking them up again."""

import hashlib
import time
from collections.abc import Sequence
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.ids import uuid7
from api.platform.states import move
from api.sync.connections.service import XeroGateway
from api.sync.writes.adapter import Adapter, Attempt, Batch, R, T
from api.sync.writes.lease import WriteLease
from api.sync.writes.models import WriteAttempt
from api.sync.writes.repository import WriteAttemptRepository
from api.sync.writes.states import STEP_TRANSITIONS, AttemptState, NextStep, WriteKind


async def commit_attempt(
    work: UnitOfWork, gateway: XeroGateway, kind: WriteKind, batch: Batch, *, group_id: UUID | None = None
) -> Attempt:
    """Store bytes and key, and that they may be in Xero from now on. To be sent as soon as `work` is committed."""
    prepared_at = time.monotonic()
    attempt_id = uuid7()
    row = WriteAttempt(
        id=attempt_id,
        kind=kind,
        group_id=group_id,
        organisation_id=gateway.organisation_id,
        # Keys are kept per app, so the organisation has to be part of them.
        idempotency_key=hashlib.sha256(f"{gateway.organisation_id}:{attempt_id}".encode()).hexdigest(),
        body=batch.body,
        body_sha256=hashlib.sha256(batch.body).hexdigest(),
        batch_limit=batch.limit,
        next_step=NextStep.SEND,
        next_due=await work.now(),
        sends=0,
    )
    await _note_sending(work, gateway, row)
    await WriteAttemptRepository(work).store(row, batch.element_ids)
    return as_attempt(row, batch.element_ids, was_uncertain=False, prepared_at=prepared_at)


async def prepare_again(
    gateway: XeroGateway, lease: WriteLease, adapter: Adapter[T, R], attempt: Attempt
) -> Attempt | None:
    """Commit that the same bytes are sent again; None if the attempt is settled or must not be sent any more."""
    prepared_at = time.monotonic()
    async with lease.work() as work:
        locked = await adapter.lock(work, attempt)
        row = await WriteAttemptRepository(work).get(attempt.id, locked=True)
        if row.state != AttemptState.OPEN or not locked.may_be_sent:
            return None
        was_uncertain = row.next_step != NextStep.SEND
        await _note_sending(work, gateway, row)
        return as_attempt(row, attempt.element_ids, was_uncertain=was_uncertain, prepared_at=prepared_at)


async def _note_sending(work: UnitOfWork, gateway: XeroGateway, row: WriteAttempt) -> None:
    """If nothing more is heard of it, what Xero holds is looked up first."""
    row.sends += 1
    row.last_sent_at = await work.now()
    if row.next_step == NextStep.SEND:
        row.first_sent_at, row.sent_after = row.last_sent_at, await gateway.heard_at()
    row.quiet_since = None
    move(row, STEP_TRANSITIONS, NextStep.LOOK_UP)


def as_attempt(
    row: WriteAttempt, element_ids: Sequence[UUID], *, was_uncertain: bool, prepared_at: float = 0.0
) -> Attempt:
    """The stored attempt as adapters take it."""
    assert row.sent_after is not None, "set before anything is sent"
    assert row.body is not None, "kept until long after the attempt is settled"
    return Attempt(
        id=row.id,
        kind=WriteKind(row.kind),
        group_id=row.group_id,
        organisation_id=row.organisation_id,
        body=row.body,
        key=row.idempotency_key,
        element_ids=element_ids,
        batch_limit=row.batch_limit,
        was_uncertain=was_uncertain,
        sent_after=row.sent_after,
        quiet_since=row.quiet_since,
        prepared_at=prepared_at,
    )
