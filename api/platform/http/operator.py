"""Operator endpoints: health, readiness, version, metrics."""

import asyncio
import time
from collections.abc import Awaitable
from functools import cache
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import ConfigDict, Field
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from api.platform.db import migrations
from api.platform.db.work import Database
from api.platform.http.metrics import metrics_response
from api.platform.http.operator_access import FOR_OPERATORS
from api.platform.http.routing import ApiRoute
from api.platform.http.schemas import OutputModel

_CHECK_SECONDS = 2.0
_SHARED_SECONDS = 1.0

router = APIRouter(tags=["operations"], route_class=ApiRoute, generate_unique_id_function=lambda route: route.name)


class Alive(OutputModel):
    """The process answers."""

    status: Literal["alive"] = Field(description="Always `alive`.")


class Version(OutputModel):
    """What is running."""

    version: str = Field(examples=["0.1.0"], description="The version of Jobtally.")
    schema_head: str | None = Field(description="The newest migration this release knows.", examples=["20261124_a"])
    xero_stand_in: bool = Field(
        description="True when Xero is the local stand-in: nothing reaches a real ledger.", examples=[False]
    )


class Part(OutputModel):
    """One part that the service needs."""

    ok: bool = Field(description="Whether this part works.")
    detail: str = Field(description="What is known about it, in a few words.", examples=["answers"])


class Readiness(OutputModel):
    """Whether requests can be served, and the state of each part. Xero is not one of the parts."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "ready": True,
                    "database": {"ok": True, "detail": "answers"},
                    "migrations": {"ok": True, "detail": "20261124_a"},
                    "redis": {"ok": True, "detail": "answers"},
                }
            ]
        }
    )

    ready: bool = Field(description="Whether every part works.")
    database: Part = Field(description="Whether the database answers.")
    migrations: Part = Field(description="Whether the schema of the database is that of this release.")
    redis: Part = Field(description="Whether Redis answers.")


@cache
def schema_head() -> str | None:
    """The newest migration of this release; read once."""
    return migrations.head()


@router.get("/healthz")
async def get_health() -> Alive:
    """Whether the process is alive. It checks nothing else."""
    return Alive(status="alive")


@router.get("/readyz", responses={503: {"model": Readiness, "description": "A part does not work."}})
async def get_readiness(request: Request, response: Response) -> Readiness:
    """Whether the database and Redis answer and the schema is that of this release, this second; 503 if not."""
    shared: SharedReadiness = request.app.state.readiness
    state = await shared.current()
    response.status_code = 200 if state.ready else 503
    return state


class SharedReadiness:
    """The state of each part, found out once a second at most, however many probes ask."""

    def __init__(self, database: Database, redis: Redis) -> None:
        self._database = database
        self._redis = redis
        self._check: asyncio.Task[Readiness] | None = None
        self._began = 0.0

    async def current(self) -> Readiness:
        """The state of this second; all who ask meanwhile wait for the same check."""
        began = time.monotonic()
        if self._check is None or (self._check.done() and began - self._began >= _SHARED_SECONDS):
            self._began, self._check = began, asyncio.create_task(readiness(self._database, self._redis))
        return await asyncio.shield(self._check)


async def readiness(database: Database, redis: Redis) -> Readiness:
    """The state of each part; every check ends after two seconds."""
    database_part, redis_part = await asyncio.gather(_part(migrations.revision_of(database)), _part(_ping(redis)))
    migrations_part = database_part
    if database_part.ok and database_part.detail != schema_head():
        detail = f"at {database_part.detail}, this release needs {schema_head()}: jobtally migrate"
        migrations_part = Part(ok=False, detail=detail)
    answering = Part(ok=database_part.ok, detail="answers" if database_part.ok else database_part.detail)
    ready = answering.ok and migrations_part.ok and redis_part.ok
    return Readiness(ready=ready, database=answering, migrations=migrations_part, redis=redis_part)


@router.get("/version")
async def get_version(request: Request) -> Version:
    """The version of the program and of its schema."""
    settings = request.app.state.settings
    return Version(version=request.app.version, schema_head=schema_head(), xero_stand_in=settings.xero_is_stand_in)


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}}},
    dependencies=FOR_OPERATORS,
)
async def get_metrics() -> Response:
    """Counts and durations in Prometheus' text format. Set JOBTALLY_OPERATOR_PORT or JOBTALLY_OPERATOR_TOKEN."""
    return metrics_response()


async def _part(check: Awaitable[str]) -> Part:
    try:
        async with asyncio.timeout(_CHECK_SECONDS):
            return Part(ok=True, detail=await check)
    except TimeoutError:
        return Part(ok=False, detail=f"no answer within {_CHECK_SECONDS:g} seconds")
    except (SQLAlchemyError, RedisError, OSError) as error:
        return Part(ok=False, detail=type(error).__name__)


async def _ping(redis: Redis) -> str:
    await redis.ping()
    return "answers"
