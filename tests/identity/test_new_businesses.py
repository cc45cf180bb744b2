"""How many businesses can be added in an hour: by unknown callers of one network, and by one user."""

import pytest
from fastapi import FastAPI

from api.platform.http.limits import RequestCounts, RequestLimiter
from tests.callers import PASSWORD, Caller
from tests.identity.conftest import Open

BUSINESSES = "/api/v1/businesses"
pytestmark = pytest.mark.usefixtures("start_of_minute")


@pytest.fixture
def two_an_hour(app: FastAPI) -> None:
    app.state.attempts.new_businesses = RequestLimiter(RequestCounts(None), "new-businesses", 2, window_seconds=3600)


async def sign_ups(browser: Open, address: str, count: int) -> list[int]:
    newcomer = await browser(client=(address, 40000))
    person = {"business_name": "Tūī Electrical", "country": "NZ", "name": "Hemi", "password": PASSWORD}
    bodies = [person | {"email": f"{address}.{number}@example.nz"} for number in range(count)]
    replies = []
    for body in bodies:
        newcomer.cookies.clear()
        replies.append(await newcomer.post(BUSINESSES, json=body))
    return [reply.status_code for reply in replies]


@pytest.mark.usefixtures("two_an_hour")
async def test_unknown_callers_of_one_network_cannot_sign_up_without_end(browser: Open):
    assert await sign_ups(browser, "192.0.2.1", 3) == [201, 201, 429]
    assert await sign_ups(browser, "192.0.2.2", 1) == [201], "another network is not concerned"


@pytest.mark.usefixtures("two_an_hour")
async def test_a_user_cannot_add_businesses_without_end(client: Caller):
    another = {"business_name": "Kererū Drains", "country": "NZ"}
    replies = [await client.post(BUSINESSES, json=another) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [201, 201, 429]
    assert replies[-1].json()["code"] == "too_many_businesses"
    assert 1 <= int(replies[-1].headers["retry-after"]) <= 3600
    assert len((await client.get("/api/v1/session")).json()["businesses"]) == 3
