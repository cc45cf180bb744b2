"""Many values as one parameter of a statement."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from api.platform.db.repository import ids_parameter, texts_parameter
from api.platform.db.work import SYSTEM, Database
from tests.sync.queues import SilentQueue

_AWKWARD = ["", "NULL", " ", "a,b", "{c}", 'the "D" shed', "O'Neill", "back\\slash", "two\nlines", "Rātā 日本"]


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url, SilentQueue())
    yield database
    await database.close()


async def test_texts_and_ids_arrive_as_they_are(database: Database) -> None:
    ids = [uuid4(), uuid4()]
    async with database.work(SYSTEM) as work:
        texts = await work.session.scalars(select(func.unnest(texts_parameter(_AWKWARD))))
        assert texts.all() == _AWKWARD
        assert [str(each) for each in await work.session.scalars(select(func.unnest(ids_parameter(ids))))] == [
            str(each) for each in ids
        ]
        assert (await work.session.scalars(select(func.unnest(ids_parameter([]))))).all() == []
