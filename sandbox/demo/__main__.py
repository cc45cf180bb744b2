"""`python -m sandbox.demo`: starts the stand-in and Jobtally, walks through it, and leaves it running."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from contextlib import ExitStack, closing
from types import FrameType

from sandbox.demo import programs
from sandbox.demo.browser import Browser, lost_connections_explained
from sandbox.demo.failure import Failure
from sandbox.demo.folder import RunFolder, open_folder
from sandbox.demo.programs import Program
from sandbox.demo.screen import Screen
from sandbox.demo.walk import EMAIL, Walk

_APP_PORT, _XERO_PORT = 8080, 9090


class Interrupted(BaseException):
    """Somebody wants it to end; `number` is the signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def main() -> int:
    """The whole demonstration; its exit code."""
    parser = argparse.ArgumentParser(prog="jobtally demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="stop after the three invoices are exported")
    once = parser.parse_args().once
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    screen = Screen()
    try:
        _demonstrate(screen, once=once)
    except Failure as failure:
        screen.fail(failure)
        return 1
    except Interrupted as interrupted:
        screen.say("Stopped.")
        return 128 + interrupted.number
    return 0


def _demonstrate(screen: Screen, *, once: bool) -> None:
    started = time.monotonic()
    with ExitStack() as stack:
        folder = open_folder()
        xero, app = _started(screen, stack, folder)
        walk = Walk(screen, stack.enter_context(closing(Browser(app.address))), xero.address)
        with lost_connections_explained(app.require_running, xero.require_running):
            walk.run()
        screen.say(f"Done in {time.monotonic() - started:.0f} seconds.")
        if not once:
            _stay(screen, walk, app, xero)
    folder.remove()


def _started(screen: Screen, stack: ExitStack, folder: RunFolder) -> tuple[Program, Program]:
    """The stand-in and the app, both answering; they end with the stack, the app before its Xero."""
    with screen.step("Start the stand-in for Xero, and Jobtally with its own PostgreSQL and worker") as step:
        xero = programs.stand_in(folder, _free(screen, _XERO_PORT))
        stack.callback(xero.stop)
        app = programs.jobtally(folder, _free(screen, _APP_PORT), xero.address)
        stack.callback(app.stop)
        xero.wait("/_ctl/state")
        app.wait("/readyz")
        step.told = f"{xero.address} and {app.address}"
    return xero, app


def _free(screen: Screen, preferred: int) -> int:
    port = programs.free_port(preferred)
    if port != preferred:
        screen.say(f"   Port {preferred} is taken, so another one is used.")
    return port


def _stay(screen: Screen, walk: Walk, *running: Program) -> None:
    """Keep everything up until somebody interrupts or a program ends."""
    screen.say(f"\nOpen     {walk.browser.address}", "bold")
    screen.say(f"E-mail   {EMAIL}\nPassword {walk.password}")
    screen.say("\nEverything is thrown away when you press Ctrl-C.", "dim")
    try:
        while True:
            for program in running:
                program.require_running()
            time.sleep(0.5)
    except Interrupted:
        screen.say("Stopping.")


def _interrupt(number: int, _: FrameType | None) -> None:
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)  # one is enough: the programs are stopping
    raise Interrupted(number)


if __name__ == "__main__":
    sys.exit(main())
