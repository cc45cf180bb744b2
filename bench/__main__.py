"""Run the benchmarks against an embedded PostgreSQL and the stand-in."""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import uvloop

from api.platform.db import migrations
from api.platform.embedded_postgres.postgres import EmbeddedPostgres
from api.platform.embedded_postgres.temporary import temporary_postgres
from api.platform.log import set_up_logging
from bench.business import connected_business, environment_of
from bench.checks.run import check_figures
from bench.contacts import contact_costs
from bench.exports import export_times
from bench.requests.run import request_costs, write_rows
from bench.twins.run import twin_figures

_PARTS = ("checks", "exports", "contacts", "requests", "twins")


def main() -> None:
    """Print one JSON object. The name of every ratio says what it is divided by."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", choices=("all", *_PARTS), default="all")
    parser.add_argument("--invoices", type=int, default=100_000, help="of 20 businesses together, for the requests")
    parser.add_argument("--bills", type=int, default=100_000, help="innocent ones, for the twins; a tenth is planted")
    parser.add_argument("--processes", type=int, default=1, help="that serve the requests")
    wanted = parser.parse_args()
    set_up_logging("ERROR")
    with temporary_postgres() as postgres, tempfile.TemporaryDirectory() as folder:
        migrations.upgrade(postgres.owner_url)
        results = uvloop.run(_measured(postgres, Path(folder), wanted))
    json.dump(results, sys.stdout, indent=2)
    sys.stdout.write("\n")


async def _measured(postgres: EmbeddedPostgres, folder: Path, wanted: argparse.Namespace) -> dict[str, Any]:
    results: dict[str, Any] = {}
    if wanted.part in ("all", "twins"):
        bills = {"innocents": wanted.bills, "planted": wanted.bills // 10}
        results["twins"] = await twin_figures(postgres.owner_url, postgres.app_url, **bills)
    if wanted.part in ("all", "checks"):
        results["checks"] = await check_figures(postgres.app_url, folder)
    if wanted.part in ("twins", "checks"):
        return results
    async with connected_business(postgres.app_url, folder) as business:
        if wanted.part in ("all", "exports"):
            seconds_per_call = (0, 1, 2)
            results["exports"] = await export_times(
                business, invoices=1000, contacts=100, seconds_per_call=seconds_per_call
            )
        if wanted.part in ("all", "contacts"):
            results["contacts"] = await contact_costs(business, contacts=10_000, changed=2_000)
    if wanted.part in (
        "all",
        "requests",
    ):  # the business has no worker any more: nothing else uses the processors
        write_rows(postgres.owner_url, wanted.invoices)
        environment = environment_of(postgres.app_url, folder, business.xero_url)
        results["requests"] = await request_costs(environment, postgres.owner_url, business, processes=wanted.processes)
    return results


if __name__ == "__main__":
    main()
