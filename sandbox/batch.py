"""Writes of many elements: each is judged on its own, and `summarizeErrors` decides how the result is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.call import Call
from sandbox.replies import Refusal, Reply, validation_exception
from sandbox.state import Record


@dataclass
class Outcome:
    """What became of one element: its row for the reply, and what was wrong or odd about it."""

    row: Record
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def told(self) -> Record:
        """The row with its status and messages, in the order in which Xero would find them."""
        row = dict(self.row)
        row["StatusAttributeString"] = "ERROR" if self.errors else "WARNING" if self.warnings else "OK"
        if self.errors:
            row["ValidationErrors"] = messages(self.errors)
        if self.warnings:
            row["Warnings"] = messages(self.warnings)
        for name in ("HasErrors", "HasValidationErrors"):
            if name in row:
                row[name] = bool(self.errors)
        return row


def messages(texts: list[str]) -> list[Record]:
    """The `{"Message": …}` form, each text once."""
    return [{"Message": text} for text in dict.fromkeys(texts)]


def write(call: Call, key: str, handle: Callable[[Record], Outcome]) -> Reply:
    """Handle every element in order. Summarised (the default): one failure undoes them all and answers 400."""
    restore = call.ledger.snapshot()
    try:
        outcomes = [handle(element) for element in call.elements(key)]
    except Refusal:
        restore()
        raise
    failed = [outcome for outcome in outcomes if outcome.errors]
    if failed and call.flag("summarizeerrors", default=True):
        restore()
        return validation_exception([outcome.told() for outcome in failed])
    return call.reply(key, [outcome.told() for outcome in outcomes])
