"""Base classes of all API schemas, and the schemas that several resources share."""

from collections.abc import Sequence
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from typing import Annotated, Any, ClassVar, Generic, Self, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError
from starlette.responses import Response

from api.platform.errors import MAX_FIELD_ERRORS, MORE_ERRORS
from api.platform.problems import Source
from api.platform.text import check_characters

T = TypeVar("T", bound=BaseModel)
CreatedAt = Annotated[
    datetime, Field(description="When it was created: an instant in UTC (RFC 3339).", examples=["2026-11-20T02:11:09Z"])
]
UpdatedAt = Annotated[
    datetime,
    Field(description="When it was last changed: an instant in UTC (RFC 3339).", examples=["2026-11-24T20:40:00Z"]),
]

# How many more errors are built for the body that is being validated; further objects are only counted.
_errors_left: ContextVar[list[int] | None] = ContextVar("errors_left", default=None)
_MAX_BUILT_ERRORS = 4 * MAX_FIELD_ERRORS


class InputModel(BaseModel):
    """A request body: unknown fields are refused, text is trimmed, control characters are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @model_validator(mode="wrap")
    @classmethod
    def _with_few_errors(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        # Building an error for each of 90,000 wrong fields takes pydantic and FastAPI about a second.
        of_body = _errors_left.get()
        left = [_MAX_BUILT_ERRORS] if of_body is None else of_body
        if left[0] <= 0:
            raise PydanticCustomError(MORE_ERRORS, "And {count} more.", {"count": 1})
        token = _errors_left.set(left)
        try:
            return cls._with_few_unknown_fields(value, handler)
        except ValidationError as error:
            left[0] -= error.error_count()
            raise
        finally:
            _errors_left.reset(token)

    @classmethod
    def _with_few_unknown_fields(cls, value: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        if not isinstance(value, dict) or len(value) <= len(cls.model_fields) + MAX_FIELD_ERRORS:
            return handler(value)
        unknown = [name for name in value if name not in cls.model_fields]
        left_out = set(unknown[MAX_FIELD_ERRORS:])
        try:
            return handler({name: field for name, field in value.items() if name not in left_out})
        except ValidationError as error:
            raise _with_count(error, len(left_out)) from None

    @field_validator("*", mode="after")
    @classmethod
    def _storable(cls, value: Any) -> Any:
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str):
                check_characters(text)
        return value


def _with_count(error: ValidationError, left_out: int) -> ValidationError:
    """The same errors and one more, which counts those that were left out."""
    count = PydanticCustomError(MORE_ERRORS, "And {count} more.", {"count": left_out})
    details = [
        InitErrorDetails(
            type=PydanticCustomError(detail["type"], "{msg}", {"msg": detail["msg"]} | ctx),
            loc=detail["loc"],
            input=detail["input"],
        )
        for detail in error.errors(include_url=False)
        for ctx in [detail.get("ctx", {})]
    ]
    return ValidationError.from_exception_data(error.title, [*details, InitErrorDetails(type=count, input=None)])


def omissible(description: str | None = None) -> Any:
    """A merge-patch field that may be absent but not null: `name: Text = omissible()`; read `model_fields_set`."""
    return Field(default_factory=lambda: None, description=description)


class OutputModel(BaseModel):
    """A response body, read from rows or objects. Every field is always present, and no stored value is refused."""

    model_config = ConfigDict(from_attributes=True, extra="ignore", json_schema_serialization_defaults_required=True)

    versioned: ClassVar[frozenset[str]] = frozenset()  # the fields that the ETag covers; without any, all of them


class FixOut(OutputModel):
    """The place in the app where a problem is fixed."""

    label: str = Field(description="Text for a button.")
    href: str = Field(description="A path in the app.")


class LedgerDocumentOut(OutputModel):
    """A document of the ledger that a person compares with an invoice."""

    number: str | None = Field(description="Its number; null if it has none.")
    issued_on: str | None = Field(description="Its date: YYYY-MM-DD; null if it is not known.")
    total: str | None = Field(description="The amount to pay, with tax: a decimal string; null if it is not known.")
    currency: str | None = Field(description="The currency of `total` (ISO 4217); null if it is not known.")
    url: str | None = Field(description="The address where the ledger shows it; null if it is not known.")


class ChoiceOut(OutputModel):
    """One of the answers a person can give to a problem."""

    code: str = Field(description="Stable name of this answer.")
    label: str = Field(description="Text for a button.")
    document: LedgerDocumentOut | None = Field(description="The document that it is about; null: about none.")


class ProblemOut(OutputModel):
    """A reason why something cannot be done (a problem), or something done that deserves a look (a remark)."""

    code: str = Field(description="Stable name of this kind of problem; `/problems/{code}` explains it.")
    title: str = Field(description="What happened, in a few words.")
    detail: str = Field(description="What happened here, and what to do about it.")
    pointer: str | None = Field(description="The field it is about: a JSON Pointer as a fragment.")
    fix: FixOut | None = Field(description="The place in the app where it is fixed; null if there is none.")
    source: Source = Field(description="`check`: Jobtally found it. `xero`: Xero reported it.")
    xero_message: str | None = Field(description="Xero's own text.")
    choices: list[ChoiceOut] = Field(description="The answers a person can choose from; empty for most problems.")


class Page(OutputModel, Generic[T]):
    """One page of a list; `next_cursor` is null on the last one."""

    items: list[T] = Field(description="The rows of this page, in the order of the list.")
    next_cursor: str | None = Field(description="Send it as `cursor` to get the next page; null on the last page.")


class CountOut(OutputModel):
    """How many rows match the filters of the list."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"count": 1243, "more": False}]})

    count: int = Field(description="Exact up to 10,000.")
    more: bool = Field(description="Whether there are more than `count`.")


def page_response(shape: type[T], rows: Sequence[Any], next_cursor: str | None) -> Response:
    """A page as a response. Rows are validated once; FastAPI does not validate the response again."""
    adapter = _page_of(shape)
    page = adapter.validate_python({"items": rows, "next_cursor": next_cursor})
    return Response(adapter.dump_json(page), media_type="application/json")


@cache
def _page_of(shape: type[BaseModel]) -> TypeAdapter[Any]:
    return TypeAdapter(Page[shape])  # type: ignore[valid-type]  # a model built at run time
