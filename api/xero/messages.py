"""Xero's validation messages, wherever in an element they are nested."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["validationerrors", "warnings"]


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence of Xero's and the place it is about, such as `("LineItems", 0)`."""

    path: tuple[str | int, ...]
    text: str


def messages_in(node: Any, kind: Kind, path: tuple[str | int, ...] = ()) -> Iterator[Message]:
    """Every message of that kind in a piece of parsed JSON, outermost first; keys match in any case."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name.lower() == kind and isinstance(value, list):
                yield from (Message(path, text) for text in map(_text, value) if text)
        for name, value in node.items():
            if name.lower() != kind:
                yield from messages_in(value, kind, (*path, name))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from messages_in(value, kind, (*path, index))


def _text(entry: Any) -> str:
    """Xero writes `Message`; its own sample once writes `Description`."""
    fields = {name.lower(): value for name, value in entry.items()} if isinstance(entry, dict) else {}
    text = fields.get("message") or fields.get("description")
    return text.strip() if isinstance(text, str) else ""
