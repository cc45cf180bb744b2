"""Cost centers: names, and their match with an option of the ledger."""

from fastapi import FastAPI

from api.platform.ids import decode
from api.records.cost_centers.service import Binding, CostCenterService
from tests.callers import Caller
from tests.records.making import business_of, content, errors, items, make

HERE = "/api/v1/cost-centers"


async def bind(app: FastAPI, client: Caller, cost_center_id: str, binding: Binding) -> None:
    """Bind a cost center, as the comparison with the ledger does."""
    async with app.state.database.work(business_of(client)) as work:
        await CostCenterService(work).bind({decode("cos", cost_center_id): binding})


async def test_a_new_cost_center_is_trimmed_and_unchecked(client: Caller) -> None:
    made = await client.post(HERE, json={"name": "  Te Whanganui-a-Tara "})
    read = await client.get(made.headers["Location"])

    assert content(read.json()) == {
        "id": made.json()["id"],
        "name": "Te Whanganui-a-Tara",
        "match": "unchecked",
        "option_name": None,
    }


async def test_names_are_unique_within_a_business_and_limited_in_length(client: Caller, neighbour: Caller) -> None:
    await make(client, "cost-centers", name="North")
    other = await make(client, "cost-centers", name="South")

    again = await client.post(HERE, json={"name": "North "})
    moved = await client.patch(f"{HERE}/{other['id']}", json={"name": "North"})

    for refused in (again, moved):
        assert (refused.status_code, refused.json()["code"]) == (409, "name_taken")
    assert errors(await client.post(HERE, json={"name": "n" * 101})) == {("#/name", "string_too_long")}
    await make(neighbour, "cost-centers", name="North")


async def test_a_new_name_undoes_the_match_and_the_same_name_does_not(client: Caller, app: FastAPI) -> None:
    center = await make(client, "cost-centers", name="North")
    address = f"{HERE}/{center['id']}"
    await bind(app, client, center["id"], Binding("matched", "opt-1", "North"))
    assert [row["option_name"] for row in await items(client, "cost-centers", match="matched")] == ["North"]

    same = await client.patch(address, json={"name": "North"})
    other = await client.patch(address, json={"name": "Far North"})

    assert (same.json()["match"], same.json()["option_name"]) == ("matched", "North")
    assert (other.json()["match"], other.json()["option_name"]) == ("unchecked", None)
    assert await items(client, "cost-centers", match="matched") == []


async def test_renaming_to_the_ledgers_spelling_keeps_the_binding(client: Caller, app: FastAPI) -> None:
    center = await make(client, "cost-centers", name="far north")
    await bind(app, client, center["id"], Binding("spelled_differently", "opt-1", "Far North"))

    async with app.state.database.work(business_of(client)) as work:
        await CostCenterService(work).rename(decode("cos", center["id"]), "Far North")
        (view,) = await CostCenterService(work).all()

    assert (view.name, view.option_id, view.option_name) == ("Far North", "opt-1", "Far North")


async def test_an_unused_cost_center_can_be_deleted(client: Caller) -> None:
    center = await make(client, "cost-centers", name="North")

    gone = await client.delete(f"{HERE}/{center['id']}")

    assert gone.status_code == 204
    assert await items(client, "cost-centers") == []
