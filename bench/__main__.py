"""Run every benchmark in this process, against an embedded PostgreSQL and the stand-in."""

import asyncio
import json
import sys
import tempfile
from pathlib import Path

from api.platform.db import migrations
from api.platform.embedded_postgres.temporary import temporary_postgres
from api.platform.log import set_up_logging
from bench.business import ConnectedBusiness, connected_business
from bench.exports import export_times
from bench.lists import list_throughput


async def _measure(business: ConnectedBusiness) -> dict[str, object]:
    return {
        "exports": await export_times(business, invoices=1000, contacts=100, seconds_per_call=(0, 1, 2)),
        "lists": await list_throughput(business),
    }


def main() -> None:
    """Print one JSON object. The name of every ratio says what it is divided by."""
    set_up_logging("ERROR")
    with temporary_postgres() as postgres, tempfile.TemporaryDirectory() as folder:
        migrations.upgrade(postgres.owner_url)
        results = asyncio.run(_within(postgres.app_url, Path(folder)))
    json.dump(results, sys.stdout, indent=2)
    sys.stdout.write("\n")


async def _within(database_url: str, folder: Path) -> dict[str, object]:
    async with connected_business(database_url, folder) as business:
        return await _measure(business)


if __name__ == "__main__":
    main()
