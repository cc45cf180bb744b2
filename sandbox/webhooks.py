"""Outgoing webhooks: signed events, and the intent-to-receive check with valid and invalid signatures."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets

import httpx2

from sandbox.state import Record, World


def signature(key: str, body: bytes) -> str:
    """The `x-xero-signature` of a body: HMAC-SHA256 in base64."""
    return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


def event(world: World, tenant_id: str, category: str, kind: str, resource_id: str) -> Record:
    """An event in Xero's JSON; it names the resource without its content."""
    resource = {"CONTACT": "Contacts", "INVOICE": "Invoices", "CREDITNOTE": "CreditNotes"}[category]
    return {
        "resourceUrl": f"{world.options.public_url or 'http://localhost'}/api.xro/2.0/{resource}/{resource_id}",
        "resourceId": resource_id,
        "eventDateUtc": world.now().strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3],
        "eventType": kind,
        "eventCategory": category,
        "tenantId": tenant_id,
        "tenantType": "ORGANISATION",
    }


async def deliver(world: World, events: list[Record]) -> int:
    """Post events with a valid signature; return the receiver's status."""
    world.event_sequence += len(events)
    first = world.event_sequence - len(events) + 1
    return (await _post(world, [_payload(events, first, world.event_sequence)], [True]))[0]


async def intent_to_receive(world: World) -> list[int]:
    """Xero's check before it enables a webhook: the statuses for valid, invalid, valid, invalid signatures."""
    return await _post(world, [_payload([], 0, 0)] * 4, [True, False, True, False])


def _payload(events: list[Record], first: int, last: int) -> bytes:
    document = {
        "events": events,
        "firstEventSequence": first,
        "lastEventSequence": last,
        "entropy": secrets.token_hex(10).upper(),
    }
    return json.dumps(document).encode()


async def _post(world: World, bodies: list[bytes], valid: list[bool]) -> list[int]:
    statuses = []
    async with httpx2.AsyncClient(timeout=5) as client:
        for body, is_valid in zip(bodies, valid, strict=True):
            signed = signature(world.webhook_key if is_valid else secrets.token_hex(8), body)
            headers = {"Content-Type": "application/json", "x-xero-signature": signed}
            statuses.append((await client.post(world.webhook_url, content=body, headers=headers)).status_code)
    return statuses
