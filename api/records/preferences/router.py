"""`/preferences`."""

from typing import Annotated

from api.identity.access import service
from api.identity.reader import Reader, reading
from api.platform.http.routing import ApiRouter
from api.platform.http.versions import RequiredVersionDep
from api.records.preferences.schemas import PreferencesChange, PreferencesOut
from api.records.preferences.service import PreferencesService, PreferencesView, read_preferences

router = ApiRouter("/preferences", tag="preferences")
Reading = Annotated[Reader, reading("settings:read")]
Writing = Annotated[PreferencesService, service(PreferencesService, "settings:write")]


@router.get("", response_model=PreferencesOut)
async def get_preferences(reader: Reading) -> PreferencesView:
    """Read the preferences. Keep the `ETag`: a change has to send it."""
    return await read_preferences(reader)


@router.patch("", response_model=PreferencesOut)
async def change_preferences(
    body: PreferencesChange, preferences: Writing, version: RequiredVersionDep
) -> PreferencesView:
    """Change the fields of the body. It needs `If-Match`, so that no user overwrites changes of another unseen."""
    return await preferences.change(body, version)
