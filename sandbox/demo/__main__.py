"""`python -m sandbox.demo`: starts the stand-in and Jobtally, runs the scenario, and leaves both running."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from contextlib import ExitStack, closing
from types import FrameType

from sandbox.demo import programs
from sandbox.demo.browser import Browser, explain_lost_connections
from sandbox.demo.failure import Failure
from sandbox.demo.folder import RunFolder, open_folder
from sandbox.demo.programs import Program
from sandbox.demo.scenario import EMAIL, Scenario
from sandbox.demo.screen import Screen

_APP_PORT, _XERO_PORT = 8080, 9090
_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """The demo got a signal to end; `number` is the signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def main() -> int:
    """Run the whole demo and return its exit code."""
    parser = argparse.ArgumentParser(prog="jobtally demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="stop after the three invoices are exported")
    once = parser.parse_args().once
    for stop_signal in _STOP_SIGNALS:
        signal.signal(stop_signal, _interrupt)
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
        xero, app = _start(screen, stack, folder)
        scenario = Scenario(screen, stack.enter_context(closing(Browser(app.address))), xero.address)
        with explain_lost_connections(app.require_running, xero.require_running):
            scenario.run()
        screen.say(f"Done in {time.monotonic() - started:.0f} seconds.")
        if not once:
            _stay(screen, scenario, app, xero)
    folder.remove()


def _start(screen: Screen, stack: ExitStack, folder: RunFolder) -> tuple[Program, Program]:
    """Start the stand-in and the app and wait for both; `stack` stops the app first, then the stand-in."""
    with screen.step("Start the stand-in for Xero, and Jobtally with its own PostgreSQL and worker") as step:
        xero = programs.stand_in(folder, _free_port(screen, _XERO_PORT))
        stack.callback(xero.stop)
        app = programs.jobtally(folder, _free_port(screen, _APP_PORT), xero.address)
        stack.callback(app.stop)
        xero.wait("/_ctl/state")
        app.wait("/readyz")
        step.result = f"{xero.address} and {app.address}"
    return xero, app


def _free_port(screen: Screen, preferred: int) -> int:
    port = programs.free_port(preferred)
    if port != preferred:
        screen.say(f"   Port {preferred} is in use; the demo uses another port.")
    return port


def _stay(screen: Screen, scenario: Scenario, *running: Program) -> None:
    """Keep the programs running until a signal arrives or one of them ends."""
    screen.say(f"\nOpen     {scenario.browser.address}", "bold")
    screen.say(f"E-mail   {EMAIL}\nPassword {scenario.password}")
    screen.say("\nCtrl-C stops the demo and deletes its data.", "dim")
    try:
        while True:
            for program in running:
                program.require_running()
            time.sleep(0.5)
    except Interrupted:
        screen.say("Stopping.")


def _interrupt(number: int, _: FrameType | None) -> None:
    for stop_signal in _STOP_SIGNALS:
        signal.signal(stop_signal, signal.SIG_IGN)  # the programs are stopping already
    raise Interrupted(number)


if __name__ == "__main__":
    sys.exit(main())
