"""`/_ctl`: how tests and the demo control the stand-in: faults, clock, limits, sign-ins, webhooks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, field_validator
from starlette.responses import Response

from sandbox import identity, seeds, webhooks, wire
from sandbox.faults import Fault, Faults
from sandbox.gateway import Gateway
from sandbox.idempotency import Replies
from sandbox.limits import Usage
from sandbox.state import Identity, Ledger, Record, World


class ControlProblem(Exception):
    """A control request that fails; the status is 404 by default."""

    def __init__(self, detail: str, status: int = 404) -> None:
        super().__init__(detail)
        self.status = status


class Body(BaseModel):
    """A control request; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Reset(Body):
    """Restore the seeded records; with `identity` also delete connections and tokens."""

    identity: bool = False


class Advance(Body):
    seconds: float = Field(allow_inf_nan=False, ge=-(10**9), le=10**9)


class Limits(Body):
    """New limits; omitted limits are unchanged."""

    calls_per_minute: int | None = Field(default=None, ge=0)
    calls_per_day: int | None = Field(default=None, ge=0)
    app_calls_per_minute: int | None = Field(default=None, ge=0)
    concurrency: int | None = Field(default=None, ge=0)


class Lists(Body):
    """What lists show: whether `summaryOnly=true` keeps the `Url` of documents."""

    url_in_summaries: bool


class Disconnect(Body):
    """Disconnect an organisation in Xero, for every user; with `revoke` also revoke their tokens."""

    tenant: str | None = None
    revoke: bool = False


class Webhook(Body):
    """The URL that receives events, and the key that signs them."""

    url: str
    key: str

    @field_validator("url")
    @classmethod
    def _http(cls, value: str) -> str:
        if urlsplit(value).scheme not in ("http", "https") or not urlsplit(value).hostname:
            raise ValueError("must be an http address")
        return value


class Event(Body):
    category: Literal["CONTACT", "INVOICE", "CREDITNOTE"]
    kind: Literal["CREATE", "UPDATE"] = "UPDATE"
    resource_id: str
    tenant: str | None = None


def ledger_of(world: World, tenant: str | None) -> Ledger:
    """The ledger of a tenant id or a country (`nz`, `au`); without `tenant` the first ledger."""
    for tenant_id, ledger in world.ledgers.items():
        if tenant is None or tenant.lower() in (tenant_id, ledger.organisation["CountryCode"].lower()):
            return ledger
    raise ControlProblem(f"There is no organisation {tenant!r}.")


def json_reply(document: Any) -> Response:
    """A reply in Xero's JSON."""
    return Response(wire.to_json(document), media_type="application/json")


def router(world: World, active: Faults, gateway: Gateway) -> APIRouter:
    """The control routes for faults, state, limits, sign-ins and webhooks."""
    routes = APIRouter()
    _add_faults(routes, world, active)
    _add_world(routes, world, active, gateway)
    _add_limits(routes, world, gateway)
    _add_lists(routes, world)
    _add_sign_ins(routes, world)
    _add_webhooks(routes, world)
    return routes


def _add_faults(routes: APIRouter, world: World, active: Faults) -> None:
    @routes.get("/calls")
    async def calls() -> list[Record]:
        return list(world.calls)

    @routes.delete("/calls")
    async def clear_calls() -> Record:
        world.calls.clear()
        return {"calls": 0}

    @routes.get("/faults")
    async def faults() -> list[Fault]:
        return active.waiting

    @routes.post("/faults", status_code=201)
    async def add_fault(fault: Fault) -> Fault:
        active.waiting.append(fault)
        return fault

    @routes.delete("/faults")
    async def clear_faults() -> Record:
        active.waiting.clear()
        return {"faults": 0}


def _add_world(routes: APIRouter, world: World, active: Faults, gateway: Gateway) -> None:
    @routes.get("/state")
    async def state() -> Record:
        return {
            "now": world.now(),
            "calls": len(world.calls),
            "organisations": [
                {
                    "tenant": tenant_id,
                    "name": ledger.organisation["Name"],
                    "country": ledger.organisation["CountryCode"],
                    "connected": any(
                        entry.tenant_id == tenant_id and not entry.removed for entry in world.identity.connections
                    ),
                    "contacts": len(ledger.contacts),
                    "invoices": len(ledger.invoices),
                }
                for tenant_id, ledger in world.ledgers.items()
            ],
        }

    @routes.post("/reset")
    async def reset(body: Reset | None = None) -> Record:
        world.ledgers.clear()
        world.ledgers.update(seeds.ledgers())
        world.calls.clear()
        world.offset = timedelta()
        active.waiting.clear()
        world.page_edits.clear()
        gateway.usage.windows.clear()
        gateway.replies = Replies()
        if body is not None and body.identity:
            world.identity = Identity()
        return {"reset": True}


def _add_limits(routes: APIRouter, world: World, gateway: Gateway) -> None:
    @routes.post("/clock")
    async def advance(body: Advance) -> dict[str, datetime]:
        world.offset += timedelta(seconds=body.seconds)
        return {"now": world.now()}

    @routes.post("/limits")
    async def limits(body: Limits) -> Record:
        changes = body.model_dump(exclude_none=True)
        for name, value in changes.items():
            setattr(world.options, name, value)
        gateway.usage = Usage(in_flight=gateway.usage.in_flight)
        return changes


def _add_lists(routes: APIRouter, world: World) -> None:
    @routes.post("/lists")
    async def lists(body: Lists) -> Record:
        world.options.url_in_summaries = body.url_in_summaries
        return body.model_dump()


def _add_sign_ins(routes: APIRouter, world: World) -> None:
    @routes.post("/disconnect")
    async def disconnect(body: Disconnect) -> Record:
        tenant_id = ledger_of(world, body.tenant).tenant_id
        ended = [entry for entry in world.identity.connections if entry.tenant_id == tenant_id and not entry.removed]
        for entry in ended:
            entry.removed = True
            grant = world.identity.grants.get((entry.client_id, entry.user_id))
            if body.revoke and grant is not None:
                identity.revoke(world, grant)
        return {"disconnected": len(ended)}

    @routes.post("/tokens/revoke")
    async def revoke_tokens() -> Record:
        grants = list(world.identity.grants.values())
        for grant in grants:
            identity.revoke(world, grant)
        return {"revoked": len(grants)}


def _add_webhooks(routes: APIRouter, world: World) -> None:
    @routes.post("/webhook")
    async def configure(body: Webhook) -> Record:
        world.webhook_url, world.webhook_key = body.url, body.key
        return {"url": body.url}

    @routes.post("/webhook/intent")
    async def intent() -> Record:
        return {"statuses": await webhooks.intent_to_receive(_configured(world))}

    @routes.post("/webhook/events")
    async def events(body: list[Event]) -> Record:
        rows = [
            webhooks.event(
                world, ledger_of(world, entry.tenant).tenant_id, entry.category, entry.kind, entry.resource_id
            )
            for entry in body
        ]
        return {"status": await webhooks.deliver(_configured(world), rows)}


def _configured(world: World) -> World:
    if not world.webhook_url:
        raise ControlProblem("No webhook is configured: POST /_ctl/webhook first.")
    return world
