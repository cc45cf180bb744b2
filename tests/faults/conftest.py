"""Fixture: installations of real processes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.installation import Installation

Build = Callable[..., Installation]


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Build]:
    """Builds installations with additional environment variables, and ends them after the test."""
    installations: list[Installation] = []
    tmp_path.chmod(0o711)  # under root the database server runs as another user, who has to reach its files
    for folder in tmp_path.parents[:2]:
        folder.chmod(folder.stat().st_mode | 0o011)

    def build(**environment: str) -> Installation:
        installations.append(Installation(tmp_path, **environment))
        return installations[-1]

    yield build
    for installation in installations:
        installation.close()
