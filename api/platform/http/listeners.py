"""The sockets that the server listens on."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TypeVar

from api.platform.settings import Settings, SettingsInvalid

S = TypeVar("S", bound=Settings)


@contextmanager
def listening(settings: S) -> Iterator[tuple[S, list[socket.socket]]]:
    """Bind before anything else, so that the address we tell Xero is the one we have."""
    ports = {"port": settings.port, "operator_port": settings.operator_port}
    with ExitStack() as stack:
        listeners = {
            name: stack.enter_context(_listener(settings.host, port, f"JOBTALLY_{name.upper()}"))
            for name, port in ports.items()
            if port is not None
        }
        for listener in listeners.values():
            listener.listen(2048)  # who asks before we are ready waits instead of being refused
        bound = {name: listener.getsockname()[1] for name, listener in listeners.items()}
        yield settings.model_copy(update=bound), list(listeners.values())


def _listener(host: str, port: int, variable: str) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        message = f"{variable}: {host}:{port} cannot be listened on ({error.strerror}); choose another"
        raise SettingsInvalid([message]) from None
    return listener
