"""Upserts by `external_id`: up to 500 elements, each accepted or rejected on its own."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as with_changes
from typing import Any, Final, Generic, Literal, TypeVar
from uuid import UUID

from pydantic import Field

from api.platform.db.base import Owned
from api.platform.errors import MAX_FIELD_ERRORS, MORE_ERRORS, FieldError
from api.platform.http.schemas import InputModel, OutputModel
from api.records.content import checked, merged
from api.records.text import ExternalId

MAX_ELEMENTS: Final = 500
_MAX_NAMED_ERRORS: Final = 5 * MAX_FIELD_ERRORS  # of all elements together
Outcome = Literal["created", "updated", "unchanged", "rejected"]
M = TypeVar("M", bound=Owned)
T = TypeVar("T", bound=InputModel)


class BatchError(OutputModel):
    """One error of an element."""

    pointer: str = Field(description="The place in the whole body.", examples=["#/items/3/email"])
    code: str = Field(description="Stable name of this error.", examples=["malformed_email"])
    detail: str = Field(
        description="What is wrong and how to correct it.", examples=["This is not an e-mail address we can use."]
    )


class BatchResult(OutputModel):
    """The result of one element."""

    index: int = Field(description="Its place in `items`, from 0.", examples=[0])
    external_id: str | None = Field(
        description="The `external_id` of the element; null if it could not be read.", examples=["C-1042"]
    )
    outcome: Outcome = Field(
        description="What was done: a row was created or updated, nothing changed, or the element was rejected.",
        examples=["created"],
    )
    errors: list[BatchError] = Field(description="Why it was rejected; empty otherwise.", examples=[[]])


class _Key(InputModel):
    external_id: ExternalId


@dataclass
class Element(Generic[T]):
    """One element of a batch. Its outcome is `rejected` until it is settled."""

    index: int
    raw: dict[str, Any] | None
    external_id: str | None = None
    content: T | None = None
    errors: list[FieldError] = field(default_factory=list)
    outcome: Outcome = "rejected"
    id: UUID | None = None

    def refuse(self, errors: Iterable[FieldError]) -> None:
        """Add errors whose pointers start at the element."""
        root = f"#/items/{self.index}"
        self.errors += [with_changes(error, pointer=root + (error.pointer or "#")[1:]) for error in errors]

    def settle(self, outcome: Outcome, id: UUID) -> None:
        """Record the outcome and the id of the row."""
        self.outcome, self.id = outcome, id


class Batch(Generic[T]):
    """The elements of one request. They are parsed, merged onto the stored rows, and stored."""

    def __init__(self, shape: type[T], raw: Sequence[Any]) -> None:
        self._shape = shape
        self._named_errors = 0
        self.elements: list[Element[T]] = [_parsed(index, element) for index, element in enumerate(raw)]
        first: dict[str, int] = {}
        for element in self.elements:
            if element.external_id is None:
                continue
            if (before := first.setdefault(element.external_id, element.index)) != element.index:
                detail = f"Element {before} has the same external_id. Send each once."
                element.refuse([FieldError("duplicate_external_id", detail, pointer="#/external_id")])

    @property
    def external_ids(self) -> set[str]:
        """The external ids of all elements."""
        return {element.external_id for element in self.elements if element.external_id is not None}

    @property
    def valid(self) -> list[tuple[Element[T], T]]:
        """The elements without an error so far, with their content."""
        return [
            (element, element.content)
            for element in self.elements
            if element.content is not None and not element.errors
        ]

    def read(self, stored: Mapping[str, Mapping[str, Any]]) -> list[tuple[Element[T], T]]:
        """Validate each element after merging it onto the content that is stored under its external_id, if any."""
        for element in self.elements:
            if element.raw is None:
                continue
            before = stored.get(element.external_id, {}) if element.external_id is not None else {}
            element.content, errors = checked(self._shape, merged(before, element.raw))
            element.refuse(self._few([error for error in errors if error.pointer != "#/external_id"]))  # by `_parsed`
        return self.valid

    def _few(self, errors: Sequence[FieldError]) -> Sequence[FieldError]:
        """The errors of one element; only the first and a count when those before have very many."""
        if self._named_errors >= _MAX_NAMED_ERRORS and len(errors) > 1:
            return [errors[0], FieldError(MORE_ERRORS, f"And {len(errors) - 1} more. Fix this first.", pointer="#")]
        self._named_errors += len(errors)
        return errors

    def store(self, rows: Mapping[str, M], create: Callable[[T], M], write: Callable[[M, T], object]) -> None:
        """Store the valid elements. `create` returns a new row with its id; `write` returns whether a row changed."""
        for element, content in self.valid:
            row = rows.get(element.external_id or "")
            if row is None:
                element.settle("created", create(content).id)
            else:
                element.settle("updated" if write(row, content) else "unchanged", row.id)


def _parsed(index: int, raw: Any) -> Element[Any]:
    if not isinstance(raw, dict):
        element: Element[Any] = Element(index, None)
        element.refuse([FieldError("not_an_object", "Each element has to be an object.", pointer="#")])
        return element
    element = Element(index, raw)
    key, errors = checked(_Key, {name: raw[name] for name in ("external_id",) if name in raw})
    element.external_id = key.external_id if key else None
    element.refuse(errors)
    return element
