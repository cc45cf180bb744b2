"""The pointer of a field error is a place in the body that the caller sent."""

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field, ValidationError, field_validator

from api.platform.http.problems import field_errors_of
from api.platform.http.schemas import InputModel


class Ids(InputModel):
    mode: Literal["ids"]
    ids: list[int]


class Matching(InputModel):
    mode: Literal["matching"]
    filter: dict[str, int]


class Line(InputModel):
    amount: int | list[int]


class Order(InputModel):
    selection: Annotated[Ids | Matching, Field(discriminator="mode")]
    lines: list[Line] = []
    name: str | None = Field(None, validate_default=True)

    @field_validator("name")
    @classmethod
    def _named(cls, value: str | None) -> str | None:
        if value is None:
            raise ValueError("a name is needed here")
        return value


FINE: dict[str, Any] = {"selection": {"mode": "ids", "ids": []}, "name": "x"}


@pytest.mark.parametrize(
    ("change", "pointers"),
    [
        ({"selection": {"mode": "ids", "ids": [1, "x"]}}, ["#/selection/ids/1"]),
        ({"selection": {"mode": "ids"}}, ["#/selection/ids"]),
        ({"selection": {"mode": "ids", "ids": [], "id": 1}}, ["#/selection/id"]),
        ({"selection": {"mode": "matching", "filter": {"a/b": "x"}}}, ["#/selection/filter/a~1b"]),
        ({"selection": {"mode": "matching"}}, ["#/selection/filter"]),
        ({"selection": {"mode": "all"}}, ["#/selection"]),
        ({"selection": 5}, ["#/selection"]),
        ({"lines": [{"amount": 1}, {"amount": "x"}]}, ["#/lines/1/amount", "#/lines/1/amount"]),
        ({"lines": {"amount": 1}}, ["#/lines"]),
        ({"name": None}, ["#/name"]),
        ({"nmae": "x"}, ["#/nmae"]),
    ],
)
def test_a_pointer_names_a_place_in_the_body(change: dict[str, Any], pointers: list[str]):
    body = FINE | change
    with pytest.raises(ValidationError) as refused:
        Order.model_validate(body)
    assert [error.pointer for error in field_errors_of(refused.value.errors(), body)] == pointers


def test_the_pointer_of_an_absent_field_names_the_field():
    body = {"selection": FINE["selection"]}
    with pytest.raises(ValidationError) as refused:
        Order.model_validate(body)
    for errors in (refused.value.errors(), refused.value.errors(include_input=False)):
        assert [error.pointer for error in field_errors_of(errors, body)] == ["#/name"]
    assert [error.pointer for error in field_errors_of(errors, body, ("items", 3))] == ["#/items/3/name"]
