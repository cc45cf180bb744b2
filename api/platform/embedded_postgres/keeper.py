"""Runs PostgreSQL as long as a process uses it: `python keeper.py USERS_LOCK SOCKET_DIR POSTGRES…`.

Each user of the server holds a shared lock on USERS_LOCK. The kernel releases the lock when the process ends, also
after SIGKILL. So the keeper gets the exclusive lock when there is no user left. It is a separate script with the
standard library only, so that it is small and starts fast.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import threading

_FAST_SHUTDOWN_SECONDS = 20


def _stop_when_unused(users_lock: str, server: subprocess.Popen[bytes]) -> None:
    descriptor = os.open(users_lock, os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    server.send_signal(signal.SIGINT)
    try:
        server.wait(_FAST_SHUTDOWN_SECONDS)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)


def main(users_lock: str, socket_dir: str, *command: str) -> int:
    """Run `command` until it ends or nobody holds `users_lock`, then remove `socket_dir`. Gives the exit code."""
    os.setsid()  # Ctrl-C in the terminal must not reach the server: the application needs it until it has finished
    with subprocess.Popen(command) as server:
        threading.Thread(target=_stop_when_unused, args=(users_lock, server), daemon=True).start()
        returncode = server.wait()
    shutil.rmtree(socket_dir, ignore_errors=True)
    return returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
