"""The role of the product: those that row-level security does not hold are named with the reason."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from api.platform.db.roles import role_fault
from tests.conftest import Databases, name_of


@pytest.fixture
def role(databases: Databases, database_url: str) -> Iterator[str]:
    """A new role that can sign in and may do nothing more."""
    name = f"role_{uuid4().hex}"
    with _superuser(databases, database_url) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN")
    yield name
    with _superuser(databases, database_url) as connection:
        connection.execute(f"DROP ROLE {name}")


def _superuser(databases: Databases, url: str) -> psycopg.Connection[tuple[object, ...]]:
    address = str(databases.server.url("postgres", name_of(url)))
    return psycopg.connect(address.replace("postgresql+psycopg", "postgresql"))


@pytest.mark.parametrize(
    ("right", "fault"),
    [
        ("ALTER ROLE {role} SUPERUSER", "is a superuser"),
        ("ALTER ROLE {role} BYPASSRLS", "has BYPASSRLS"),
        ("GRANT jobtally_owner TO {role}", "owns the tables"),
        ("GRANT postgres TO {role}", "is a superuser"),
        ("GRANT jobtally_app TO {role}", None),
    ],
)
def test_a_role_that_sees_every_business_is_named_with_the_reason(
    databases: Databases, database_url: str, role: str, right: str, fault: str | None
) -> None:
    with _superuser(databases, database_url) as connection:
        connection.execute(right.format(role=role).encode())

    answer = role_fault(str(databases.server.url(role, name_of(database_url))))

    assert (answer or "").startswith(f"the role {role} {fault}, so" if fault else "")
    assert (answer is None) == (fault is None)


def test_the_role_of_the_product_has_no_fault(database_url: str) -> None:
    assert role_fault(database_url) is None


def test_a_database_that_does_not_answer_is_no_fault_of_the_role() -> None:
    assert role_fault("postgresql+psycopg://nobody@127.0.0.1:9/nowhere") is None
