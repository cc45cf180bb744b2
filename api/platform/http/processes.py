"""Several server processes on the same sockets: the operating system gives each connection to one of them."""

import asyncio
import os
import signal
import socket
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from tempfile import TemporaryDirectory
from typing import Final

from api.platform.http.metrics import SHARED_FOLDER, forget_process
from api.platform.log import get_logger

_PAUSE_SECONDS: Final = 1.0  # before a process that ended by itself is started again
_END_SECONDS: Final = 30.0  # longer than a process takes to finish its requests
_logger = get_logger("jobtally.http")


async def run_processes(
    count: int, command: Sequence[str], variables: Mapping[str, str], listeners: Sequence[socket.socket]
) -> None:
    """Run this many processes until this one gets a signal to stop. One that ends by itself is started again.

    The command gets the numbers of the sockets as further arguments, and these variables besides those of this process.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    sockets = [listener.fileno() for listener in listeners]
    with TemporaryDirectory(prefix="jobtally-metrics-") as folder:
        environment = {**os.environ, **variables, SHARED_FOLDER: folder}
        whole = [*command, *map(str, sockets)]
        async with asyncio.TaskGroup() as group:
            for _ in range(count):
                group.create_task(_keep_running(whole, environment, sockets, stop))


async def _keep_running(
    command: Sequence[str], environment: Mapping[str, str], sockets: Sequence[int], stop: asyncio.Event
) -> None:
    stopping = asyncio.create_task(stop.wait())
    while not stop.is_set():
        process = await asyncio.create_subprocess_exec(
            *command, env=environment, pass_fds=sockets, stdin=asyncio.subprocess.PIPE, start_new_session=True
        )
        ended = asyncio.create_task(process.wait())
        await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not stop.is_set():
            _logger.error("a server process ended, another is started", exit_code=process.returncode)
            await asyncio.wait({stopping}, timeout=_PAUSE_SECONDS)
        elif not ended.done():
            process.terminate()
            if not (await asyncio.wait({ended}, timeout=_END_SECONDS))[0]:
                with suppress(ProcessLookupError):
                    process.kill()
        await ended
        forget_process(process.pid, environment[SHARED_FOLDER])


def end_with_parent() -> None:
    """Stop this process as a signal does when the one that started it has ended, whatever has ended it."""

    def wait_for_end() -> None:
        sys.stdin.buffer.read()  # the other end is closed with the process that holds it
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait_for_end, name="parent", daemon=True).start()
