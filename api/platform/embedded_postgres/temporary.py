"""A temporary PostgreSQL for tests, benchmarks and checks."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.platform.embedded_postgres.postgres import EmbeddedPostgres

# A temporary server may lose its rows in a power cut.
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextmanager
def temporary_postgres() -> Iterator[EmbeddedPostgres]:
    """A running server in its own folder; both are removed at the end."""
    with tempfile.TemporaryDirectory(prefix="jobtally-data-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # under root, the server may run as another user, who needs access
        with EmbeddedPostgres(Path(folder), _FAST) as postgres:
            yield postgres
