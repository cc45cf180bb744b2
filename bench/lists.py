"""How fast lists and polls are answered, over the smallest signed-in answer there is."""

import time

from bench.house import Furnished

_ROUNDS = 5
_REQUESTS = 40


async def list_throughput(house: Furnished) -> dict[str, object]:
    """A page of 50 invoices and an unchanged poll, interleaved with reading the preferences in the same run."""
    tag = (await house.ask("GET", "/notifications")).headers["etag"]
    paths: dict[str, tuple[str, dict[str, str]]] = {
        "one_row": ("/preferences", {}),
        "page_of_50_invoices": ("/invoices?limit=50", {}),
        "unchanged_poll": ("/notifications", {"If-None-Match": tag}),
    }
    best = dict.fromkeys(paths, float("inf"))
    for _ in range(_ROUNDS):
        for name, (path, headers) in paths.items():
            best[name] = min(best[name], await _seconds(house, path, headers))
    return {f"{name}_rate_to_one_row": round(best["one_row"] / taken, 3) for name, taken in best.items()}


async def _seconds(house: Furnished, path: str, headers: dict[str, str]) -> float:
    started = time.perf_counter()
    for _ in range(_REQUESTS):
        await house.app.get(f"/api/v1{path}", headers=headers)
    return time.perf_counter() - started
