"""The output of the demo: a list of steps with ticks and times."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from sandbox.demo.failure import Failure

_INDENT = 3


class Step:
    """A running step; `result` is shown behind its name when it ends."""

    def __init__(self) -> None:
        self.result = ""


class Screen:
    """Colours and a spinner on a terminal, plain lines elsewhere."""

    def __init__(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # an ASCII terminal must not end the demo
        self._console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())

    @contextmanager
    def step(self, name: str) -> Iterator[Step]:
        """Show one step while it runs, then its tick, result and duration."""
        step, started = Step(), time.monotonic()
        spinner = self._console.status(f"{name} …") if self._console.is_terminal else nullcontext()
        try:
            with spinner:
                yield step
        except BaseException:
            self._console.print(Text.assemble(("✗", "bold red"), f"  {name}"))
            raise
        took = f"{time.monotonic() - started:.1f} s"
        result = f": {step.result}" if step.result else ""
        self._console.print(Text.assemble(("✓", "bold green"), f"  {name}{result}  ", (took, "dim")))

    def say(self, text: str, style: str = "") -> None:
        self._console.print(Text(text, style))

    def detail(self, text: str, style: str = "dim") -> None:
        """Print an indented line that belongs to the step above."""
        self._console.print(
            Padding(Text(text, style), (0, 0, 0, _INDENT)) if self._console.is_terminal else f"   {text}", markup=False
        )

    def fail(self, failure: Failure) -> None:
        """Print what failed, the last lines of the log, and the remedy."""
        self._console.print(Text(failure.what, "bold red"))
        for line in failure.last_lines:
            self.detail(line)
        self._console.print(Text(failure.remedy))
