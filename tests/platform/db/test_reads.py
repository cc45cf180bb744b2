"""Reads without a unit of work: one round trip, one transaction, connections that survive the database."""

from collections.abc import AsyncIterator
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import select

from api.platform.db.reads import OWN_BUSINESS, Read, Reads, open_reads

ENTER = "SELECT set_config('app.business_id', %(business)s, true)"
OWN = Read.of(select(OWN_BUSINESS.label("business")))
BACKEND = Read("SELECT pg_backend_pid() AS backend")


@pytest.fixture
async def reads(database_url: str) -> AsyncIterator[Reads]:
    async with open_reads(database_url) as reads:
        yield reads


async def test_later_statements_are_limited_to_the_business_of_the_first(reads: Reads):
    business = uuid4()
    _, (row,) = await reads.fetch(Read(ENTER, {"business": str(business)}), OWN)
    assert row["business"] == business


async def test_the_next_round_trip_is_limited_to_nothing(reads: Reads):
    await reads.fetch(Read(ENTER, {"business": str(uuid4())}), OWN)
    with pytest.raises(psycopg.DataError):
        await reads.fetch(OWN)


async def test_a_failed_statement_leaves_a_usable_connection_without_a_business(reads: Reads):
    with pytest.raises(psycopg.DataError):
        await reads.fetch(Read(ENTER, {"business": str(uuid4())}), OWN, Read("SELECT 1 / %(zero)s", {"zero": 0}))
    with pytest.raises(psycopg.DataError):
        await reads.fetch(OWN)
    ((row,),) = await reads.fetch(BACKEND)
    assert row["backend"]


async def test_rows_are_read_after_the_database_closed_the_connection(reads: Reads, database_url: str):
    ((row,),) = await reads.fetch(BACKEND)
    async with open_reads(database_url) as others:
        await others.fetch(Read("SELECT pg_terminate_backend(%(backend)s, 5000)", {"backend": row["backend"]}))
    ((again,),) = await reads.fetch(BACKEND)
    assert again["backend"] != row["backend"]


async def test_a_wrong_statement_is_not_read_again(reads: Reads):
    with pytest.raises(psycopg.ProgrammingError):
        await reads.fetch(Read("SELECT nothing FROM nowhere"))
