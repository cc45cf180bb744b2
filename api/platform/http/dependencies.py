"""Dependencies that run in the event loop."""

import inspect
from collections.abc import Callable
from typing import Any

from fastapi import Depends


def filter_of(shape: Callable[..., Any]) -> Any:
    """`Annotated[JobFilter, filter_of(JobFilter)]`: the filters of a list, from the query parameters that they name.

    The framework would build the filters in a thread, which takes longer than all the rest of the dependencies.
    """

    async def build(**given: Any) -> Any:
        return shape(**given)

    build.__signature__ = inspect.signature(shape)  # type: ignore[attr-defined]  # what the framework reads
    return Depends(build)
