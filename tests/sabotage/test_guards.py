"""The entries fit the source: each guard can be taken out, and the test that has to fail without it exists."""

from pathlib import Path

import pytest

from tests.sabotage.guard import Change, Guard, StaleGuard
from tests.sabotage.guards import GUARDS
from tests.sabotage.run import ROOT, Result


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_each_guard_is_in_the_source_once_and_can_be_taken_out(guard: Guard) -> None:
    for change in guard.changes:
        without = change.applied(ROOT)
        assert without != (ROOT / change.file).read_text("utf-8")
        compile(without, change.file, "exec")


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_the_test_of_each_guard_exists(guard: Guard) -> None:
    file, _, name = guard.test.partition("::")
    assert f"def {name.partition('[')[0]}(" in (ROOT / file).read_text("utf-8")


def test_no_two_guards_have_the_same_name() -> None:
    assert len({guard.name for guard in GUARDS}) == len(GUARDS)


def test_the_reliability_page_says_how_many_guards_there_are() -> None:
    assert f"each of {len(GUARDS)} guards" in (ROOT / "docs" / "reliability.md").read_text("utf-8")


@pytest.mark.parametrize("source", ["", "guard()\nguard()\n"])
def test_a_text_that_is_missing_or_there_twice_makes_an_entry_stale(tmp_path: Path, source: str) -> None:
    (tmp_path / "module.py").write_text(source)
    with pytest.raises(StaleGuard):
        Change("module.py", "guard()", "pass").applied(tmp_path)


@pytest.mark.parametrize(
    ("exit_code", "failures", "reason"),
    [
        (1, ["assert 2 == 1"], "assert 2 == 1"),
        (0, [], ""),
        (1, [], ""),  # a fixture failed
        (1, ["NameError: name 'x' is not defined"], ""),
        (2, ["ImportError: cannot import name 'x'"], ""),
        (4, [], ""),  # no such test, or another source was imported
    ],
)
def test_only_a_test_that_ran_and_failed_catches_a_change(exit_code: int, failures: list[str], reason: str) -> None:
    assert Result(exit_code, 0, tuple(failures), "").reason == reason
