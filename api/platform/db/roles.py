"""The role with which the product speaks to PostgreSQL: row-level security holds only for an ordinary one."""

from typing import Final

from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from api.platform.log import get_logger

_logger = get_logger("jobtally.database")
_RIGHTS: Final = text(
    "SELECT current_user,"
    " bool_or(rolsuper), bool_or(rolbypassrls),"
    " EXISTS (SELECT FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
    " AND pg_has_role(current_user, relowner, 'MEMBER'))"
    " FROM pg_roles WHERE pg_has_role(current_user, oid, 'MEMBER') GROUP BY 1"
)


def role_fault(url: str) -> str | None:
    """Why the role of this address must not run the product; None if it may, or if the database does not answer.

    What the role may do as a member of other roles counts as its own.
    """
    engine = create_engine(url, hide_parameters=True, connect_args={"connect_timeout": 5})
    try:
        with engine.connect() as connection:
            name, is_superuser, bypasses, owns = connection.execute(_RIGHTS).one()
    except OperationalError:  # the product starts without its database too, and answers 503 until it is there
        _logger.warning("the database does not answer, its role was not checked")
        return None
    finally:
        engine.dispose()
    rights = {"is a superuser": is_superuser, "has BYPASSRLS": bypasses and not is_superuser}
    rights["owns the tables"] = owns and not is_superuser
    faults = [words for words, applies in rights.items() if applies]
    if not faults:
        return None
    return (
        f"the role {name} {' and '.join(faults)}, so PostgreSQL would not keep the businesses apart. "
        "Use the role jobtally_app of docs/operations.md, which owns nothing"
    )
