"""Versions of single resources: the ETag that an answer carries, and the If-Match that a change may carry.

The tag covers the fields that a client may write. What Jobtally and Xero write (problems, states) does not move it.
"""

import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

from fastapi import Depends, Header

from api.platform.errors import IfMatchMalformed, PreconditionFailed, PreconditionRequired, raises
from api.platform.http.schemas import OutputModel

_STRONG_TAG = re.compile(r'(?<!W/)"([^"]*)"')


class ExpectedVersion:
    """The versions that a request wants to change: those of its If-Match, or any version without the header.

    Raises IfMatchMalformed for a header without a strong ETag, which would match no version.
    """

    def __init__(self, if_match: str | None) -> None:
        is_any = if_match is None or if_match.strip() == "*"
        self._tags = None if is_any else frozenset(_STRONG_TAG.findall(if_match or ""))
        if self._tags is not None and not self._tags:
            raise IfMatchMalformed

    async def check(self, shape: type[OutputModel], read: Callable[[], Awaitable[object]]) -> None:
        """Raise PreconditionFailed when the resource that `read` returns has another version. Its row is locked."""
        if self._tags is None:
            return
        present = shape.model_validate(await read()).model_dump(mode="json")
        tag = version_tag(shape, present)
        if tag not in self._tags:
            raise PreconditionFailed(headers={"ETag": f'"{tag}"'})


ANY_VERSION = ExpectedVersion(None)


def version_tag(shape: type[OutputModel], present: Mapping[str, Any]) -> str:
    """The tag of a resource in its JSON form, without quotes. Only its versioned fields count."""
    versioned = {name: value for name, value in present.items() if name in (shape.versioned or present)}
    return hashlib.sha256(json.dumps(versioned, sort_keys=True).encode()).hexdigest()[:32]


_IfMatch = Annotated[
    str | None,
    Header(
        description="The ETag that you read: the change is refused when somebody else changed the resource meanwhile."
    ),
]
_RequiredIfMatch = Annotated[str | None, Header(description="The ETag that you read, or * to overwrite any version.")]


@raises(PreconditionFailed, IfMatchMalformed)
async def expected_version(if_match: _IfMatch = None) -> ExpectedVersion:
    """The version that the request wants to change."""
    return ExpectedVersion(if_match)


@raises(PreconditionFailed, IfMatchMalformed, PreconditionRequired)
async def required_version(if_match: _RequiredIfMatch = None) -> ExpectedVersion:
    """The version that the request wants to change. Raises PreconditionRequired without If-Match."""
    if if_match is None:
        raise PreconditionRequired
    return ExpectedVersion(if_match)


ExpectedVersionDep = Annotated[ExpectedVersion, Depends(expected_version)]
RequiredVersionDep = Annotated[ExpectedVersion, Depends(required_version)]
