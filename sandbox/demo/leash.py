"""Becomes another program that ends with the one that asked for it: `python leash.py PARENT COMMAND…`.

Where the kernel can (Linux), the program gets SIGTERM the moment its parent is gone, however it went.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def main(parent: str, *command: str) -> None:
    """Put the leash on, see that the parent is still there, and become `command`."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):
        sys.exit("The program that wanted this one has ended.")
    os.execv(command[0], command)  # noqa: S606 - the command comes from our own demonstration


if __name__ == "__main__":
    main(*sys.argv[1:])
