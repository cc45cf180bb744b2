"""A PostgreSQL that leaves nothing behind, for tests, benchmarks and trials."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.platform.embedded_postgres.postgres import EmbeddedPostgres

# Losing everything in a power cut is what a throw-away server may do.
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextmanager
def temporary_postgres() -> Iterator[EmbeddedPostgres]:
    """A running server in a folder of its own; both are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="jobtally-data-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # as root the server may have to be somebody else, who must reach its files
        with EmbeddedPostgres(Path(folder), _FAST) as postgres:
            yield postgres
