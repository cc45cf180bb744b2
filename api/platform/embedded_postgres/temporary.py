"""A temporary PostgreSQL for tests, benchmarks and checks."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.platform.embedded_postgres.postgres import EmbeddedPostgres

# A temporary server may lose its rows in a power cut.
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_MEMORY_DISK = Path("/dev/shm")  # noqa: S108 - the folder in it has a random name
_NEEDED_BYTES = 4 * 1024**3


@contextmanager
def temporary_postgres() -> Iterator[EmbeddedPostgres]:
    """A running server in its own folder, in memory if there is space; both are removed at the end."""
    parent = _MEMORY_DISK if _has_space(_MEMORY_DISK) else None
    with tempfile.TemporaryDirectory(prefix="jobtally-data-", dir=parent, ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # under root, the server may run as another user, who needs access
        with EmbeddedPostgres(Path(folder), _FAST) as postgres:
            yield postgres


def _has_space(disk: Path) -> bool:
    return disk.is_dir() and shutil.disk_usage(disk).free > _NEEDED_BYTES
