"""Prometheus metrics of requests; other packages add their own metrics to the same default registry."""

import os
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from starlette.responses import Response
from starlette.types import Scope

# The variable with the folder in which several server processes share their metrics; prometheus_client reads it too.
SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_REQUESTS = Histogram(
    "jobtally_http_request_seconds",
    "Duration of requests by route template.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)


def template_of(scope: Scope) -> str:
    """The template of the matched route, `/api/v1/contacts/{contact_id}`; `other` when no route matched."""
    if "route" not in scope:
        return "other"
    # The route of an included router has a template without the router's prefix; its context has the whole one.
    context = scope.get("fastapi", {}).get("effective_route_context") or scope["route"]
    return str(getattr(context, "path_format", "other"))


def count_request(scope: Scope, status: int, seconds: float) -> None:
    """Observe one finished request. The number of labels is bounded, whatever callers send."""
    method = scope["method"] if scope["method"] in _METHODS else "other"
    _REQUESTS.labels(method, template_of(scope), str(status)).observe(seconds)


def metrics_response() -> Response:
    """All metrics in Prometheus' text format: of this process, or of all that share a folder."""
    registry = REGISTRY
    if SHARED_FOLDER in os.environ:
        MultiProcessCollector(registry := CollectorRegistry())  # type: ignore[no-untyped-call]  # not annotated there
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def forget_process(pid: int, folder: str) -> None:
    """Leave out what a process that has ended said of itself; what it counted stays."""
    mark_process_dead(pid, folder)  # type: ignore[no-untyped-call]  # not annotated there
