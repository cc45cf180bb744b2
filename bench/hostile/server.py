"""`jobtally serve` that also notes how long its event loop was held, several times a second.

`python -m bench.hostile.server FILE` appends lines of an instant and milliseconds to the file.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from fastapi import FastAPI

from api import app as http_root
from api import cli

_PAUSE_SECONDS: Final = 0.004


async def _note_holds(path: str) -> None:
    with open(path, "a", buffering=1, encoding="utf-8") as file:  # noqa: PTH123, ASYNC230  # a line costs microseconds
        while True:
            began = time.monotonic()
            await asyncio.sleep(_PAUSE_SECONDS)
            ended = time.monotonic()
            file.write(f"{ended:.3f} {(ended - began - _PAUSE_SECONDS) * 1000:.2f}\n")


def main() -> None:
    """Serve as the command does."""
    path, create = sys.argv[1], http_root.create_app

    def create_noting(*arguments: Any, **options: Any) -> FastAPI:
        app = create(*arguments, **options)
        lifespan = app.router.lifespan_context

        @asynccontextmanager
        async def noting(running: FastAPI) -> AsyncIterator[Any]:
            async with lifespan(running) as state:
                task = asyncio.create_task(_note_holds(path))
                yield state
                task.cancel()

        app.router.lifespan_context = noting
        return app

    http_root.create_app = create_noting
    sys.argv[1:] = ["serve"]
    cli.main()


if __name__ == "__main__":
    main()
