"""The rate of lists and polls, divided by the rate of the smallest authenticated answer."""

import time

from bench.business import ConnectedBusiness

_ROUNDS = 5
_REQUESTS = 40


async def list_throughput(business: ConnectedBusiness) -> dict[str, object]:
    """Measure a page of 50 invoices and an unchanged poll, interleaved with reads of the preferences."""
    tag = (await business.ask("GET", "/notifications")).headers["etag"]
    paths: dict[str, tuple[str, dict[str, str]]] = {
        "one_row": ("/preferences", {}),
        "page_of_50_invoices": ("/invoices?limit=50", {}),
        "unchanged_poll": ("/notifications", {"If-None-Match": tag}),
    }
    best = dict.fromkeys(paths, float("inf"))
    for _ in range(_ROUNDS):
        for name, (path, headers) in paths.items():
            best[name] = min(best[name], await _seconds(business, path, headers))
    return {f"{name}_rate_to_one_row": round(best["one_row"] / taken, 3) for name, taken in best.items()}


async def _seconds(business: ConnectedBusiness, path: str, headers: dict[str, str]) -> float:
    started = time.perf_counter()
    for _ in range(_REQUESTS):
        await business.app.get(f"/api/v1{path}", headers=headers)
    return time.perf_counter() - started
