"""Replaces itself with a program that ends when its parent ends: `python die_with_parent.py PARENT_PID COMMAND…`.

On Linux the kernel sends SIGTERM to the program when the parent process ends for any reason. Elsewhere nothing is sent.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(parent_pid: str, *command: str) -> None:
    """Request the signal, check that the parent still runs, and execute `command`."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent_pid):
        sys.exit("The parent process has ended.")
    os.execv(command[0], command)  # noqa: S606 - the command comes from the demo itself


if __name__ == "__main__":
    main(*sys.argv[1:])
