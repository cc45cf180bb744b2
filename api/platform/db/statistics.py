"""What PostgreSQL knows of the number of rows, by which it plans statements."""

from sqlalchemy import func, select

from api.platform.db.work import UnitOfWork


async def renew_statistics_of_mirrors(work: UnitOfWork) -> None:
    """Have the rows of the mirrors counted, after many were stored. By itself PostgreSQL does so a minute later."""
    await work.session.execute(select(func.analyze_mirrors()))
