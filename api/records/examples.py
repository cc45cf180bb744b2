"""Examples that several resources share."""

from pydantic.config import JsonDict

TIMES: JsonDict = {"created_at": "2026-11-20T02:11:09Z", "updated_at": "2026-11-24T20:40:00Z"}
