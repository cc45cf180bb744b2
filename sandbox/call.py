"""One call to the Accounting API, as an operation receives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox import wire
from sandbox.replies import Reply, bad_data, envelope, no_data
from sandbox.state import Ledger, Record, World

_NOT_JSON = "Data at the root level is invalid. Line 1, position 1."


@dataclass(frozen=True)
class Call:
    """A call whose token, organisation, scope and limits have been checked."""

    world: World
    ledger: Ledger
    client_id: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def now(self) -> datetime:
        """The stand-in's time."""
        return self.world.now()

    @property
    def unit_places(self) -> int:
        """Decimals of UnitAmount: 2, or 4 with `unitdp=4`."""
        return 4 if self.query.get("unitdp") == "4" else 2

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean query parameter in any spelling of true and false."""
        value = self.query.get(name.lower())
        return default if value is None else value.lower() == "true"

    def elements(self, key: str) -> list[Record]:
        """The elements of a write, sent as a bare object or in an envelope whose key may be in any case."""
        document = self._document()
        if not isinstance(document, dict):
            raise bad_data("Cannot deserialize the current JSON: a JSON object is required.")
        for name, value in document.items():
            if name.lower() != key.lower():
                continue
            rows = [value] if isinstance(value, dict) else value
            if not isinstance(rows, list) or not all(isinstance(entry, dict) for entry in rows):
                raise bad_data(f"Cannot deserialize '{name}': a JSON array of objects is required.")
            if not rows:
                raise no_data()
            return rows
        if not document:
            raise no_data()
        return [document]

    def _document(self) -> Any:
        if not self.body.strip():
            raise no_data()
        if "json" not in self.headers.get("content-type", ""):
            raise bad_data(_NOT_JSON)
        try:
            document = wire.from_json(self.body)
        except ValueError as problem:
            raise bad_data(f"JSON request could not be parsed. {problem}") from None
        if (character := wire.control_character_in(document)) is not None:
            raise bad_data(f"'{character}', hexadecimal value 0x{ord(character):02X}, is an invalid character.")
        return document

    def reply(self, key: str, rows: list[Record], pagination: Record | None = None) -> Reply:
        """A successful reply in Xero's envelope."""
        return envelope(self.now, self.world.options.app_name, key, rows, pagination)


Operation = Callable[[Call], Reply]


@dataclass(frozen=True)
class Route:
    """An operation and its path; a token with any of `scopes` may call it."""

    method: str
    path: str
    scopes: tuple[str, ...]
    operation: Operation


def settings_scopes(write: bool = False) -> tuple[str, ...]:
    """The scopes that may read or write settings: accounts, tax rates, tracking."""
    return ("accounting.settings",) if write else ("accounting.settings", "accounting.settings.read")
