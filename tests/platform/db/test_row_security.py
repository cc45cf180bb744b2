"""PostgreSQL keeps businesses apart: a statement that forgets its business reads and writes no rows of others."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select, text
from sqlalchemy.exc import ProgrammingError

from api.platform.db.work import SYSTEM, Database
from api.records.contacts.models import Contact
from tests.architecture.sources import name_of, sources
from tests.callers import Caller, sign_up
from tests.conftest import Databases
from tests.records.making import business_of, make
from tests.sync.queues import SilentQueue

# These belong to no business. Everything else is restricted, a table that is added later too.
_OF_NO_BUSINESS = {
    "alembic_version": "the schema",
    "users": "a person may belong to several businesses",
    "one_time_links": "of a person",
    "grants": "of a person at Xero, who may connect several businesses",
    "budgets": "of an organisation in Xero",
    "spent_calls": "of an organisation in Xero",
}
# What asks about other businesses, and why. Each place has a test of its own for what it must not show.
_ACROSS_BUSINESSES = {
    "api/identity/account/repository.py": "a person's password counts in every business of the person",
    "api/identity/audit/repository.py": "a person's invitations of a day count in every business of the person",
    "api/identity/sessions/repository.py": "a person lists, ends and switches sessions of every own business",
    "api/identity/sessions/service.py": "a person sees the names of every own business",
    "api/sync/connections/repository.py": "an organisation has one business; a grant ends with its last connection",
}


@pytest.fixture
async def other(app: FastAPI) -> AsyncIterator[Caller]:
    """The administrator of another business."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with Caller(transport=transport, base_url="http://localhost:8080") as caller:
        yield await sign_up(caller, business_name="Tūī Electrical")


def _connected(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(url.replace("postgresql+psycopg", "postgresql"))


@pytest.fixture
def as_owner(databases: Databases, database_url: str) -> Iterator[psycopg.Connection[Any]]:
    name = database_url.rsplit("/", 1)[1].split("?", maxsplit=1)[0]
    with _connected(databases.server.url("jobtally_owner", name)) as connection:
        yield connection


@pytest.fixture
def as_app(database_url: str) -> Iterator[psycopg.Connection[Any]]:
    with _connected(database_url) as connection:
        yield connection


def _tables(connection: psycopg.Connection[Any]) -> list[str]:
    listed = "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
    return [str(row[0]) for row in connection.execute(f"{listed} ORDER BY relname")]


def _restrict(connection: psycopg.Connection[Any], business: str) -> None:
    connection.execute("SELECT set_config('app.business_id', %s, false)", [business])


def _rows(connection: psycopg.Connection[Any], table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
    assert row is not None
    return int(row[0])


def test_every_table_is_restricted_or_named_here_with_its_reason(as_app: psycopg.Connection[Any]) -> None:
    restricted = as_app.execute(
        "SELECT relname FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid "
        "WHERE relrowsecurity AND relforcerowsecurity AND polcmd = '*' AND polroles = '{0}'"
    )
    assert {str(row[0]) for row in restricted} == set(_tables(as_app)) - set(_OF_NO_BUSINESS)


def test_no_table_of_a_business_is_left_out(as_app: psycopg.Connection[Any]) -> None:
    named = as_app.execute("SELECT table_name FROM information_schema.columns WHERE column_name = 'business_id'")
    assert not {str(row[0]) for row in named} & set(_OF_NO_BUSINESS)


def test_the_role_of_the_product_owns_nothing_and_cannot_leave_the_restriction_out(
    as_app: psycopg.Connection[Any],
) -> None:
    assert as_app.execute(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, (SELECT count(*) FROM pg_class WHERE relowner = r.oid),"
        " pg_has_role(rolname, 'jobtally_owner', 'member') FROM pg_roles r WHERE rolname = current_user"
    ).fetchone() == (False, False, False, 0, False)


@pytest.mark.parametrize("role", ["as_app", "as_owner"])
async def test_without_a_business_no_table_shows_a_row_to_any_role(
    role: str, client: Caller, request: pytest.FixtureRequest
) -> None:
    await make(client, "contacts", kind="company", name="Kōwhai Dental Ltd", roles=["customer"])
    connection: psycopg.Connection[Any] = request.getfixturevalue(role)
    tables = sorted(set(_tables(connection)) - set(_OF_NO_BUSINESS))

    assert {table: rows for table in tables if (rows := _rows(connection, table))} == {}
    for business in ("", "nonsense", str(uuid4())):
        _restrict(connection, business)
        assert {table: rows for table in tables if (rows := _rows(connection, table))} == {}

    _restrict(connection, str(business_of(client)))
    filled = {"businesses", "contacts", "memberships", "sessions", "audit_events", "preferences", "tax_rates"}
    assert {table for table in tables if _rows(connection, table)} >= filled


async def test_a_statement_that_forgets_its_business_reads_and_changes_own_rows_only(
    client: Caller, other: Caller, app: FastAPI
) -> None:
    for caller, name in ((client, "Kōwhai Dental Ltd"), (other, "Rātā Builders")):
        await make(caller, "contacts", kind="company", name=name, roles=["customer"])

    async with app.state.database.work(business_of(client)) as work:
        names = (await work.session.execute(text("UPDATE contacts SET name = name RETURNING name"))).scalars().all()
        businesses = (await work.session.execute(text("SELECT name FROM businesses"))).scalars().all()

    assert (names, businesses) == (["Kōwhai Dental Ltd"], ["Kererū Plumbing"])


async def test_a_row_of_another_business_cannot_be_written_nor_given_away(
    client: Caller, other: Caller, app: FastAPI
) -> None:
    await make(client, "contacts", kind="company", name="Kōwhai Dental Ltd", roles=["customer"])
    for statement in (
        "UPDATE contacts SET business_id = :other",
        "INSERT INTO write_queue (business_id, next_due, fence) VALUES (:other, app_now(), 0)",
    ):
        with pytest.raises(ProgrammingError, match="row-level security"):
            async with app.state.database.work(business_of(client)) as work:
                await work.session.execute(text(statement), {"other": business_of(other)})


# Three thousand copies of the contact of each business, each with a copy of the business's job.
_MANY_ROWS = """
INSERT INTO contacts SELECT (jsonb_populate_record(c, jsonb_build_object(
  'id', gen_random_uuid(), 'sort_name', 'contact ' || n))).* FROM contacts c, generate_series(1, 3000) n;
INSERT INTO jobs SELECT (jsonb_populate_record(j, jsonb_build_object(
  'id', gen_random_uuid(), 'contact_id', c.id))).* FROM jobs j JOIN contacts c ON c.business_id = j.business_id;
ANALYZE contacts, jobs
"""
_PAGE = "SELECT id FROM contacts WHERE business_id = '{0}' ORDER BY sort_name, id LIMIT 50"
_JOIN = (
    "SELECT count(*) FROM contacts c JOIN jobs j ON j.contact_id = c.id AND j.business_id = c.business_id"
    " WHERE c.business_id = '{0}' AND j.business_id = '{0}'"
)


def _plan(connection: psycopg.Connection[Any], statement: str) -> list[str]:
    """The steps of the plan: how tables are read and joined."""
    lines = [str(row[0]).strip(" ->") for row in connection.execute(f"EXPLAIN (COSTS OFF) {statement}".encode())]
    return [line for line in lines if line.startswith(("Index", "Bitmap", "Seq", "Hash", "Nested", "Merge", "Sort"))]


async def test_the_policies_do_not_change_how_rows_are_found(
    client: Caller, other: Caller, as_app: psycopg.Connection[Any], databases: Databases, database_url: str
) -> None:
    for caller in (client, other):
        await make(caller, "contacts", kind="company", name="Kōwhai Dental Ltd", roles=["customer"])
        await make(caller, "jobs", number="J-1", description="Repair")
    name = database_url.rsplit("/", 1)[1].split("?", maxsplit=1)[0]
    with _connected(databases.server.url("postgres", name)) as superuser:  # no policy counts for it
        superuser.execute(_MANY_ROWS.encode())
        superuser.commit()
        for statement in (_PAGE, _JOIN):
            asked = statement.format(business_of(client))
            _restrict(as_app, str(business_of(client)))
            plans = _plan(as_app, asked), _plan(superuser, asked)
            if statement is _PAGE:
                assert plans[0] == plans[1]
                assert plans[0][0].startswith("Index")
            else:  # half of the rows are read: with the index or without is as quick, row by row is not
                assert [plan[0].startswith("Hash Join") for plan in plans] == [True, True], plans


async def _present_setting(database: Database) -> object:
    async with database.engine.connect() as connection:
        return await connection.scalar(text("SELECT nullif(current_setting('app.business_id', true), '')"))


class _Interruption(Exception):
    """Something goes wrong inside a unit of work."""


async def test_the_restriction_never_stays_on_a_connection_of_the_pool(database_url: str) -> None:
    database = Database(database_url, SilentQueue(), pool_size=1)
    try:
        for scope in (uuid4(), SYSTEM):
            async with database.work(scope) as work:
                shown = await work.session.scalar(text("SELECT current_setting('app.business_id')"))
            assert shown == ("system" if scope is SYSTEM else str(scope))
            assert await _present_setting(database) is None

            for statement in ("SELECT 1", "SELECT 1 / 0"):
                with pytest.raises(Exception, match=r"division|^$"):  # noqa: PT012 - the statement is the first of two
                    async with database.work(scope) as work:
                        await work.session.execute(text(statement))
                        raise _Interruption
                assert await _present_setting(database) is None
    finally:
        await database.close()


async def _seen(work: Any) -> int:
    return int(await work.session.scalar(select(func.count()).select_from(Contact)))


async def test_a_look_at_other_businesses_ends_with_its_block(client: Caller, other: Caller, app: FastAPI) -> None:
    for caller in (client, other):
        await make(caller, "contacts", kind="company", name="Kōwhai Dental Ltd", roles=["customer"])

    async with app.state.database.work(business_of(client)) as work:
        async with work.across_businesses():
            inside = await _seen(work)
        after = await _seen(work)
        with pytest.raises(_Interruption):
            async with work.across_businesses():
                raise _Interruption
        assert (inside, after, await _seen(work)) == (2, 1, 1)


async def test_work_of_the_system_sees_every_business_until_it_enters_one(
    client: Caller, other: Caller, app: FastAPI
) -> None:
    for caller in (client, other):
        await make(caller, "contacts", kind="company", name="Kōwhai Dental Ltd", roles=["customer"])
    own: UUID = business_of(client)

    async with app.state.database.work(SYSTEM) as work:
        before = await _seen(work)
        await work.enter(own)
        assert (before, await _seen(work)) == (2, 1)


def test_only_these_places_look_at_other_businesses() -> None:
    ways = (".across_businesses()", "import ACROSS_BUSINESSES")
    asking = {name_of(path) for path in sources("api") if any(way in Path(path).read_text("utf-8") for way in ways)}
    assert asking == set(_ACROSS_BUSINESSES)


def test_every_index_can_be_used_under_row_security(as_app: psycopg.Connection[Any]) -> None:
    """PostgreSQL searches by an index before a policy only with comparisons that it knows to reveal nothing.

    An array, a numeric column or an expression in an index would be kept up to date and never be searched.
    """
    unusable = as_app.execute(
        """
        SELECT DISTINCT pg_index.indexrelid::regclass::text, pg_proc.proname
        FROM pg_index
        JOIN pg_class ON pg_class.oid = pg_index.indrelid AND relrowsecurity
        CROSS JOIN unnest(pg_index.indclass) AS compared_by
        JOIN pg_opclass ON pg_opclass.oid = compared_by
        JOIN pg_amop ON amopfamily = opcfamily AND amoplefttype = opcintype AND amoprighttype = opcintype
        JOIN pg_operator ON pg_operator.oid = amopopr
        JOIN pg_proc ON pg_proc.oid = oprcode
        WHERE NOT proleakproof
        UNION SELECT indexrelid::regclass::text, 'expression'
        FROM pg_index JOIN pg_class ON pg_class.oid = indrelid AND relrowsecurity WHERE indexprs IS NOT NULL
        """
    )
    assert unusable.fetchall() == []
