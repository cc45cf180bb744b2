"""JSON logs on standard output: one line for each event, without secrets."""

import logging
import re
import sys
from typing import Any, TextIO, cast

import structlog
from structlog.contextvars import bind_contextvars, bound_contextvars, get_contextvars
from structlog.typing import EventDict, Processor, WrappedLogger

__all__ = ["bind_contextvars", "bound_contextvars", "current_request_id", "get_logger", "set_up_logging"]

_SECRET_FIELD = re.compile(r"token|secret|password|authorization|cookie|verifier|api_key|code$", re.IGNORECASE)
_SECRET_TEXT = re.compile(
    r"jt_[A-Za-z0-9]{8}_[A-Za-z0-9_-]+|eyJ[A-Za-z0-9_-]{10,}(\.[A-Za-z0-9_-]+)*|(?<=Bearer )\S+"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)|[\w.+-]+@[\w-]+\.[\w.-]+"
)
_SAFE_FIELDS = frozenset({"code", "status_code", "problem_code"})


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger whose lines carry the id of the current request."""
    return cast("structlog.stdlib.BoundLogger", structlog.get_logger(name))


def current_request_id() -> str | None:
    """The id of the current request, or of the request that queued the current task."""
    return cast("str | None", get_contextvars().get("request_id"))


class _Lines(structlog.WriteLogger):
    """Writes finished lines. `name` is that of the logger whose events they are."""

    def __init__(self, stream: TextIO, name: str) -> None:
        super().__init__(stream)
        self.name = name


def set_up_logging(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Write our own events and those of libraries as JSON, to standard output if there is no `stream`."""
    lines = stream or sys.stdout
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="ts"),
        structlog.processors.format_exc_info,
    ]
    written: list[Processor] = [_redacted, structlog.processors.JSONRenderer(ensure_ascii=False)]
    # Our events do not pass through `logging`, which takes longer than everything else that writes a line.
    structlog.configure(
        processors=[*shared, *written],
        logger_factory=lambda name="jobtally": _Lines(lines, name),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        cache_logger_on_first_use=False,
    )
    of_libraries = logging.StreamHandler(lines)
    of_libraries.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *written],
        )
    )
    root = logging.getLogger()
    root.handlers = [of_libraries]
    root.setLevel(level)
    for noisy in ("httpx", "httpx2", "httpcore2", "arq.worker", "alembic", "uvicorn.access"):
        logging.getLogger(noisy).setLevel("WARNING")


def _redacted(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    return {key: _clean(key, value) for key, value in event.items()}


def _clean(key: str, value: Any) -> Any:
    if key not in _SAFE_FIELDS and _SECRET_FIELD.search(key):
        return "[redacted]"
    if isinstance(value, str):
        return _SECRET_TEXT.sub("[redacted]", value)
    if isinstance(value, dict):
        return {name: _clean(str(name), item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(key, item) for item in value]
    return value
