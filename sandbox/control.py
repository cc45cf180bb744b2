"""`/_ctl`: what a test or a demonstration does to the stand-in behind the caller's back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from sandbox import seeds
from sandbox.faults import Fault, Faults
from sandbox.gateway import Gateway
from sandbox.state import Record, World


class Body(BaseModel):
    """A control request; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Advance(Body):
    """Move the stand-in's clock."""

    seconds: float = Field(allow_inf_nan=False, ge=0, le=10**9)


def router(world: World, active: Faults, gateway: Gateway) -> APIRouter:
    """The control routes of one stand-in."""
    routes = APIRouter(prefix="/_ctl")

    @routes.post("/reset")
    async def reset() -> Record:
        world.ledgers.clear()
        world.ledgers.update(seeds.ledgers())
        active.waiting.clear()
        world.calls.clear()
        return {"reset": True}

    @routes.get("/calls")
    async def calls() -> list[Record]:
        return list(world.calls)

    @routes.delete("/calls")
    async def forget_calls() -> Record:
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

    @routes.post("/clock")
    async def advance(body: Advance) -> dict[str, Any]:
        world.offset += timedelta(seconds=body.seconds)
        return {"now": world.now()}

    return routes
