"""Logging as in a running process."""

import io
import logging
from collections.abc import Callable, Iterator

import pytest
import structlog

from api.platform.log import set_up_logging


@pytest.fixture
def written() -> Iterator[Callable[[], str]]:
    """Gives the lines logged so far, as production writes them."""
    root = logging.getLogger()
    handlers, level, configuration = root.handlers, root.level, structlog.get_config()
    set_up_logging(stream=(lines := io.StringIO()))
    yield lines.getvalue
    root.handlers, root.level = handlers, level
    structlog.configure(**configuration)
