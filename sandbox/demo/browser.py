"""A browser without a screen: signs in with a cookie, speaks the JSON API, fills in the consent page."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import httpx2

from sandbox.demo.failure import Failure

API = "/api/v1"
_POLL_SECONDS = 0.2
_REPORT = "This is a fault of ours: report it with the lines above."


class Browser:
    """One person's browser on the app at `address`."""

    def __init__(self, address: str) -> None:
        self.address = address
        # A proxy in the environment is for the street, not for programs on this machine.
        self._http = httpx2.Client(base_url=address, headers={"Origin": address}, timeout=60, trust_env=False)

    def close(self) -> None:
        """Close its connections."""
        self._http.close()

    def ask(self, path: str, **query: Any) -> Any:
        """GET from the API."""
        return self._answered(self._http.get(API + path, params=query))

    def send(self, method: str, path: str, body: Any) -> Any:
        """Send JSON to the API; its answer."""
        return self._answered(self._http.request(method, API + path, json=body))

    def change(self, path: str, changes: dict[str, Any]) -> None:
        """Merge-patch a resource as it is now."""
        present = self._http.get(API + path)
        self._answered(present)
        self._answered(self._http.patch(API + path, json=changes, headers={"If-Match": present.headers["etag"]}))

    def everything(self, path: str, **query: Any) -> Iterator[Any]:
        """All items of a list, page by page."""
        cursor: dict[str, str] = {}
        while True:
            page = self.ask(path, limit=200, **query, **cursor)
            yield from page["items"]
            if page["next_cursor"] is None:
                return
            cursor = {"cursor": page["next_cursor"]}

    def upsert(self, path: str, rows: list[dict[str, Any]]) -> dict[str, str]:
        """Send rows through a batch route; the API's ids by ours."""
        results = self.send("POST", f"{path}/batch", {"items": rows})["results"]
        if refused := [error for result in results for error in result["errors"]]:
            words = [f"{error['pointer']}: {error['detail']}" for error in refused]
            raise Failure(f"{path} refused some of our rows.", _REPORT, words)
        return {result["external_id"]: result["id"] for result in results}

    def allow_access(self, authorize_url: str) -> str:
        """Go to the consent page, press *Allow access*, follow the way back; where the browser ends up."""
        page = self._http.get(authorize_url)
        form = _Form(page.text)
        if page.status_code != 200 or not form.fields:
            raise Failure("The stand-in showed no consent page.", _REPORT, page.text.splitlines()[:15])
        allowed = self._http.post(
            urljoin(authorize_url, form.action), data={**form.fields, "decision": "allow"}, headers={"Origin": "null"}
        )
        landed = self._http.get(allowed.headers.get("location", ""))
        location = landed.headers.get("location", "")
        if landed.status_code != 302 or "problem=" in location:
            raise Failure(f"Connecting ended at {location or landed.text!r}.", _REPORT)
        return str(location)

    def _answered(self, reply: httpx2.Response) -> Any:
        if reply.is_success:
            return reply.json() if reply.content else None
        what = f"{reply.request.method} {reply.request.url.path} answered {reply.status_code}."
        raise Failure(what, _REPORT, reply.text.splitlines()[:15])


@contextmanager
def lost_connections_explained(*checks: Callable[[], None]) -> Iterator[None]:
    """When a connection breaks, let each program say whether it has ended before blaming the connection."""
    try:
        yield
    except httpx2.TransportError as error:
        for check in checks:
            check()
        raise Failure(f"A program of the demonstration did not answer: {error}", _REPORT) from None


def wait_for(what: str, look: Callable[[], Any], seconds: float) -> Any:
    """Look until there is something; its value."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(_POLL_SECONDS)
    raise Failure(f"{what} took longer than {seconds:.0f} seconds.", "Try again when this machine has less to do.")


class _Form(HTMLParser):
    """The first form of a page: where it goes, and what pressing its button would send."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action, self.fields = "", dict[str, str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the form's address, its hidden fields, and what is ticked."""
        given = dict(attrs)
        if tag == "form":
            self.action = given.get("action") or ""
        if tag == "input" and (given.get("type") == "hidden" or "checked" in given):
            self.fields[given.get("name") or ""] = given.get("value") or ""
