"""Takes out one guard after another in a copy of the source, and shows whether the test named for it fails.

`python -m tests.sabotage [words]` limits it to the guards whose names contain the words.
"""

import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from tests.sabotage.guard import Guard, StaleGuard
from tests.sabotage.guards import GUARDS
from tests.sabotage.run import copied, run_tests

_AT_ONCE = 2
_console = Console(width=200)


@dataclass(frozen=True)
class Verdict:
    """What happened to one guard."""

    guard: Guard
    caught: bool
    reason: str
    seconds: float


def main(words: Sequence[str]) -> int:
    """Run everything; 1 if a guard is not caught, if its entry is stale, or if the tests fail with every guard."""
    wanted = " ".join(words).casefold()
    guards = [guard for guard in GUARDS if wanted in guard.name.casefold()]
    if not guards:
        _console.print("No guard has such a name.")
        return 1
    _console.print(f"{len(guards)} guards. First their tests on the untouched source:")
    if not _passes_untouched(guards):
        return 1
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        verdicts = list(pool.map(_judged, guards))
    _print(verdicts)
    return 0 if all(verdict.caught for verdict in verdicts) else 1


def _passes_untouched(guards: Sequence[Guard]) -> bool:
    with copied() as folder:
        untouched = run_tests(folder, sorted({guard.test for guard in guards}))
    _console.print(f"{untouched.passed} passed" if untouched.is_green else untouched.output, markup=False)
    return untouched.is_green


def _judged(guard: Guard) -> Verdict:
    started = time.monotonic()
    try:
        with copied() as folder:
            guard.take_out(folder)
            result = run_tests(folder, [guard.test])
    except StaleGuard as stale:
        caught, reason = False, f"the entry is stale: {stale}"
    else:
        caught = bool(result.reason)
        reason = result.reason if caught or result.is_green else result.output
    verdict = Verdict(guard, caught, reason, time.monotonic() - started)
    first = reason if not caught else next(iter(reason.splitlines()), "")
    _console.print(f"{_word(verdict)}  {guard.name}  ({first})", markup=False, soft_wrap=True)
    return verdict


def _print(verdicts: Sequence[Verdict]) -> None:
    table = Table("Guard", "File", "Test", "Result", "Seconds", show_lines=True)
    for column in table.columns:
        column.overflow = "fold"
    for verdict in verdicts:
        guard = verdict.guard
        table.add_row(guard.name, guard.files, guard.test, _word(verdict), f"{verdict.seconds:.0f}")
    _console.print(table, markup=False)
    _console.print(f"{sum(verdict.caught for verdict in verdicts)} of {len(verdicts)} caught")


def _word(verdict: Verdict) -> str:
    return "caught" if verdict.caught else "NOT CAUGHT"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
