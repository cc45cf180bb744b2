"""Runs PostgreSQL for as long as somebody uses it: `python keeper.py USERS_LOCK SOCKET_DIR POSTGRES…`.

Every user of the server holds a shared lock on USERS_LOCK, which the kernel takes away however that process
ends. Getting the exclusive lock therefore means that nobody is left, even after SIGKILL. A script of its own,
standard library only, so that the process stays small and starts at once.
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
    """Run `command` until it ends or nobody holds `users_lock`; its exit code, and no socket left behind."""
    os.setsid()  # a Ctrl-C in the terminal is for the application, which still needs its database to drain
    with subprocess.Popen(command) as server:
        threading.Thread(target=_stop_when_unused, args=(users_lock, server), daemon=True).start()
        returncode = server.wait()
    shutil.rmtree(socket_dir, ignore_errors=True)
    return returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
