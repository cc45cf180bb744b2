"""Whether rows have changed since they were read, at the cost of one statement."""

from collections.abc import Sequence

from sqlalchemy import BigInteger, Text, cast, func, literal_column, select

from api.platform.db.base import Owned
from api.platform.db.work import UnitOfWork


async def row_versions(work: UnitOfWork, tables: Sequence[type[Owned]]) -> tuple[str, ...]:
    """For each table a text that differs after any change of the business's rows.

    PostgreSQL gives each version of a row the number of the transaction that wrote it (`xmin`), and later transactions
    have larger numbers. So a table that has as many rows as before and one new version has a larger sum.
    """
    version = cast(cast(literal_column("xmin"), Text), BigInteger)
    counted = [
        select(func.concat_ws(":", func.count(), func.sum(version)))
        .select_from(table)
        .where(table.business_id == work.business_id)
        .scalar_subquery()
        for table in tables
    ]
    return tuple((await work.session.execute(select(*counted))).one())
