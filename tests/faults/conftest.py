"""A plant of real processes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.plant import Plant

Build = Callable[..., Plant]


@pytest.fixture
def build(tmp_path: Path) -> Iterator[Build]:
    """Builds plants with the environment asked for; they are gone after the test."""
    plants: list[Plant] = []
    tmp_path.chmod(0o711)  # as root the database server is somebody else, who must reach its files
    for folder in tmp_path.parents[:2]:
        folder.chmod(folder.stat().st_mode | 0o011)

    def build(**environment: str) -> Plant:
        plants.append(Plant(tmp_path, **environment))
        return plants[-1]

    yield build
    for plant in plants:
        plant.close()
