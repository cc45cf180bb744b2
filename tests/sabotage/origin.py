"""A pytest plugin that stops unless everything is imported from the folder in which pytest was started."""

import sys
from pathlib import Path

import pytest

from api.platform.db.migrations import scripts_directory

_PACKAGES = ("api", "sandbox", "tests")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Compare where the modules and migrations of the project come from."""
    root = Path.cwd().resolve()
    modules = {
        name: str(module.__file__)
        for name, module in list(sys.modules.items())
        if name.split(".")[0] in _PACKAGES and getattr(module, "__file__", None)
    }
    places = {**modules, "migrations": str(scripts_directory())}
    foreign = [name for name, place in places.items() if not Path(place).resolve().is_relative_to(root)]
    if foreign:
        raise pytest.UsageError(f"{foreign[0]} comes from {places[foreign[0]]}, not from {root}")
