"""`/preferences`."""

import re
from typing import Annotated

from fastapi import Header, Response

from api.identity.access import service
from api.platform.errors import PreconditionFailed, PreconditionRequired
from api.platform.http.routing import ApiRouter, errors
from api.records.preferences.schemas import PreferencesChange, PreferencesOut
from api.records.preferences.service import PreferencesService, PreferencesView

router = ApiRouter("/preferences", tag="preferences")
Reading = Annotated[PreferencesService, service(PreferencesService, "settings:read")]
Writing = Annotated[PreferencesService, service(PreferencesService, "settings:write")]
IfMatch = Annotated[str | None, Header(description="The ETag that you read, or * to overwrite any version.")]


@router.get("", response_model=PreferencesOut)
async def get_preferences(preferences: Reading, response: Response) -> PreferencesView:
    """Read the preferences. Keep the `ETag`: a change has to send it."""
    view = await preferences.current()
    response.headers["ETag"] = f'"{view.version}"'
    return view


@router.patch("", response_model=PreferencesOut, responses=errors(PreconditionFailed, PreconditionRequired))
async def change_preferences(
    body: PreferencesChange, preferences: Writing, response: Response, if_match: IfMatch = None
) -> PreferencesView:
    """Change the fields of the body. It needs `If-Match`, so that no user overwrites changes of another unseen."""
    view = await preferences.change(body, _versions(if_match))
    response.headers["ETag"] = f'"{view.version}"'
    return view


def _versions(if_match: str | None) -> frozenset[int] | None:
    """The versions of If-Match; None for `*`. A weak or unknown tag matches no version."""
    if if_match is None:
        raise PreconditionRequired
    if if_match.strip() == "*":
        return None
    return frozenset(int(tag) for tag in re.findall(r'(?<!W/)"([0-9]{1,9})"', if_match))
