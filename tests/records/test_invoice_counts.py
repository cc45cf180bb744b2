"""The numbers of invoices that triggers keep: always those of the rows, whatever statements write them."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Databases, name_of

_PROBLEMS = ("[]", '[{"code": "contact_archived"}]')
_STATES = "business_id, kind, status, export_state, is_ready, needs_attention"
_COUNTED = f"SELECT {_STATES}, count(*) FROM invoices GROUP BY {_STATES} ORDER BY {_STATES}"
_KEPT = f"SELECT {_STATES}, sum(count) FROM invoice_counts GROUP BY {_STATES} HAVING sum(count) <> 0 ORDER BY {_STATES}"
_INSERT = """
INSERT INTO invoices (id, business_id, kind, number, contact_id, issued_on, currency, amounts, status, version,
  subtotal, tax_total, total, content_tag, export_state, problems)
SELECT gen_random_uuid(), c.business_id, %(kind)s, gen_random_uuid(), c.id, date '2026-11-20', 'NZD', 'exclusive',
  %(status)s, 1, 0, 0, 0, '', %(state)s, %(problems)s
FROM contacts c, generate_series(1, %(count)s)
WHERE c.business_id = ANY (%(businesses)s)
"""
_UPDATE = """
UPDATE invoices SET status = %(status)s, export_state = %(state)s, problems = %(problems)s, kind = %(kind)s
WHERE id IN (SELECT id FROM invoices WHERE business_id = ANY (%(businesses)s) ORDER BY id LIMIT %(count)s)
"""
_DELETE = """
DELETE FROM invoices
WHERE id IN (SELECT id FROM invoices WHERE business_id = ANY (%(businesses)s) ORDER BY id DESC LIMIT %(count)s)
"""
_NOTHING = "UPDATE invoices SET version = version + 1 WHERE business_id = ANY (%(businesses)s)"

Connection = psycopg.Connection[Any]


def _connected(url: str) -> Connection:
    connection: Connection = psycopg.connect(url.replace("postgresql+psycopg", "postgresql"))
    connection.execute("SET app.business_id = 'system'")
    connection.execute("SET lock_timeout = '1ms'")  # who has to wait fails
    connection.commit()
    return connection


@pytest.fixture
def database(database_url: str) -> Iterator[Connection]:
    with _connected(database_url) as connection:
        yield connection


@pytest.fixture
def other(database_url: str) -> Iterator[Connection]:
    with _connected(database_url) as connection:
        yield connection


@pytest.fixture
def businesses(database: Connection) -> list[UUID]:
    """Two businesses, each with a contact."""
    ids = [uuid4(), uuid4()]
    for business_id in ids:
        database.execute(
            "INSERT INTO businesses (id, name, country, currency, locale, time_zone)"
            " VALUES (%s, 'Kererū', 'NZ', 'NZD', 'en-NZ', 'Pacific/Auckland')",
            (business_id,),
        )
        database.execute(
            "INSERT INTO contacts (id, business_id, kind, name, sort_name, roles)"
            " VALUES (gen_random_uuid(), %s, 'company', 'Kōwhai', 'kowhai', '{customer}')",
            (business_id,),
        )
    database.commit()
    return ids


def _values(businesses: list[UUID], **chosen: Any) -> dict[str, Any]:
    plain = {"kind": "customer", "status": "approved", "state": "not_exported", "problems": "[]", "count": 1}
    return {**plain, "businesses": businesses, **chosen}


def _assert_kept(database: Connection) -> None:
    assert database.execute(_KEPT.encode()).fetchall() == database.execute(_COUNTED.encode()).fetchall()


_STATEMENTS = st.tuples(
    st.sampled_from([_INSERT, _INSERT, _UPDATE, _UPDATE, _DELETE, _NOTHING]),
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["customer", "supplier"]),
            "status": st.sampled_from(["draft", "approved"]),
            "state": st.sampled_from(["not_exported", "queued", "checking", "exported", "changed", "excluded"]),
            "problems": st.sampled_from(_PROBLEMS),
            "count": st.integers(0, 4),
        }
    ),
    st.sampled_from([(0,), (1,), (0, 1)]),
)
_TRANSACTIONS = st.lists(st.tuples(st.lists(_STATEMENTS, max_size=4), st.booleans()), max_size=8)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(transactions=_TRANSACTIONS)
def test_whatever_is_written_or_taken_back_the_numbers_are_those_of_the_rows(
    database: Connection, businesses: list[UUID], transactions: list[tuple[list[Any], bool]]
) -> None:
    for statements, is_kept in transactions:
        for statement, chosen, whose in statements:
            database.execute(statement, _values([businesses[number] for number in whose], **chosen))
            _assert_kept(database)
        (database.commit if is_kept else database.rollback)()
        _assert_kept(database)


def test_the_rows_of_the_numbers_stay_few(database: Connection, businesses: list[UUID]) -> None:
    database.execute(_INSERT, _values(businesses, count=5))
    for number in range(300):
        state = ("queued", "sending", "exported")[number % 3]
        database.execute(_UPDATE, _values(businesses[:1], state=state, count=number % 5 + 1))
        database.commit()

    _assert_kept(database)
    row = database.execute("SELECT count(*) FROM invoice_counts").fetchone()
    assert row is not None
    assert row[0] <= 110


@pytest.mark.parametrize("first_is_kept", [True, False])
def test_two_transactions_count_and_combine_at_once_without_waiting(
    database: Connection, other: Connection, businesses: list[UUID], first_is_kept: bool
) -> None:
    for _ in range(95):
        database.execute(_INSERT, _values(businesses[:1]))
    database.commit()
    for _ in range(10):  # each sees more than a hundred rows, most of which the first of them has combined
        database.execute(_INSERT, _values(businesses[:1], status="draft"))
        other.execute(_INSERT, _values(businesses[:1], state="exported"))
    (database.commit if first_is_kept else database.rollback)()
    other.commit()

    _assert_kept(database)
    database.execute(_INSERT, _values(businesses[:1]))
    _assert_kept(database)


def test_a_business_is_deleted_with_its_invoices_and_their_numbers(
    database: Connection, businesses: list[UUID], databases: Databases, database_url: str
) -> None:
    database.execute(_INSERT, _values(businesses, count=3))
    database.commit()

    # Only the owner of the tables may.
    with _connected(str(databases.server.url("jobtally_owner", name_of(database_url)))) as owner:
        owner.execute("DELETE FROM invoices WHERE business_id = %s", (businesses[0],))
        owner.execute("DELETE FROM businesses WHERE id = %s", (businesses[0],))

    _assert_kept(database)
    left = database.execute("SELECT DISTINCT business_id FROM invoice_counts").fetchall()
    assert left == [(businesses[1],)]
