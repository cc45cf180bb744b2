"""Runs tests in a copy of the source, and says which of them failed."""

import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_COPIED = ("api", "migrations", "sandbox", "tests", "pyproject.toml", "openapi.yaml", "uv.lock")
# A change that does not even run proves nothing about the tests.
_DOES_NOT_RUN = (
    "ImportError",
    "ModuleNotFoundError",
    "SyntaxError",
    "IndentationError",
    "NameError",
    "UnboundLocalError",
    "AttributeError",
    "TypeError",
)
_SECONDS = 600


@dataclass(frozen=True)
class Result:
    """What pytest said: the messages of the tests that failed, and the end of its output."""

    exit_code: int
    passed: int
    failures: tuple[str, ...]
    output: str

    @property
    def is_green(self) -> bool:
        """Whether every test was run and passed."""
        return self.exit_code == 0 and self.passed > 0

    @property
    def reason(self) -> str:
        """Why a test failed by what it asserts; empty if none did."""
        if self.exit_code != 1:
            return ""
        return next((text for text in self.failures if not text.startswith(_DOES_NOT_RUN)), "")


@contextmanager
def copied() -> Iterator[Path]:
    """A copy of the source, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="jobtally-sabotage-") as name:
        folder = Path(name)
        for each in _COPIED:
            if (ROOT / each).is_dir():
                shutil.copytree(ROOT / each, folder / each, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(ROOT / each, folder / each)
        yield folder


def run_tests(folder: Path, tests: Collection[str]) -> Result:
    """Run these tests in the copy, with the packages of this environment."""
    report = folder / "report.xml"
    options = ["-q", "-p", "tests.sabotage.origin", "-p", "no:cacheprovider", f"--junit-xml={report}"]
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *tests],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(folder)},
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Result(-1, 0, (), f"the tests did not end within {_SECONDS} seconds")
    passed, failures = _read(report) if report.exists() else (0, ())
    return Result(ended.returncode, passed, failures, f"{ended.stdout}\n{ended.stderr}"[-3000:])


def _read(report: Path) -> tuple[int, tuple[str, ...]]:
    """How many tests passed, and why others failed; an error of a fixture is no failure."""
    cases = list(ET.parse(report).getroot().iter("testcase"))
    passed = sum(not len(case.findall("*")) for case in cases)
    failures = [failure.get("message") or "" for case in cases for failure in case.findall("failure")]
    return passed, tuple(failures)
