"""A headless browser: signs in with a cookie, calls the JSON API and submits the consent page."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import httpx2

from sandbox.demo.failure import Failure

API = "/api/v1"
_POLL_SECONDS = 0.2
_REPORT = "This is a bug in Jobtally: report it with the lines above."


class Browser:
    """The browser of one user, for the app at `address`."""

    def __init__(self, address: str) -> None:
        self.address = address
        # The environment may name a proxy; requests to this machine must not use it.
        self._http = httpx2.Client(base_url=address, headers={"Origin": address}, timeout=60, trust_env=False)

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, **query: Any) -> Any:
        """GET a path of the API; return the JSON reply."""
        return self._json(self._http.get(API + path, params=query))

    def send(self, method: str, path: str, body: Any) -> Any:
        """Send JSON to the API; return the JSON reply."""
        return self._json(self._http.request(method, API + path, json=body))

    def change(self, path: str, changes: Mapping[str, object]) -> None:
        """Merge-patch the current version of a resource."""
        current = self._http.get(API + path)
        self._json(current)
        self._json(self._http.patch(API + path, json=changes, headers={"If-Match": current.headers["etag"]}))

    def list_all(self, path: str, **query: Any) -> Iterator[Any]:
        """All items of a list, page by page."""
        cursor: dict[str, str] = {}
        while True:
            page = self.get(path, limit=200, **query, **cursor)
            yield from page["items"]
            if page["next_cursor"] is None:
                return
            cursor = {"cursor": page["next_cursor"]}

    def upsert(self, path: str, rows: Sequence[Mapping[str, object]]) -> dict[str, str]:
        """Send rows to a batch route; return the API's ids by external id."""
        results = self.send("POST", f"{path}/batch", {"items": rows})["results"]
        if refused := [error for result in results for error in result["errors"]]:
            lines = [f"{error['pointer']}: {error['detail']}" for error in refused]
            raise Failure(f"{path} refused some rows.", _REPORT, lines)
        return {result["external_id"]: result["id"] for result in results}

    def allow_access(self, authorize_url: str) -> str:
        """Open the consent page, press *Allow access* and follow the redirects; return the address of the last one."""
        page = self._http.get(authorize_url)
        form = _Form(page.text)
        if page.status_code != 200 or not form.fields:
            raise Failure("The stand-in showed no consent page.", _REPORT, page.text.splitlines()[:15])
        allowed = self._http.post(
            urljoin(authorize_url, form.action), data={**form.fields, "decision": "allow"}, headers={"Origin": "null"}
        )
        callback = self._http.get(allowed.headers.get("location", ""))
        location = callback.headers.get("location", "")
        if callback.status_code != 302 or "problem=" in location:
            raise Failure(f"Connecting ended at {location or callback.text!r}.", _REPORT)
        return str(location)

    def _json(self, reply: httpx2.Response) -> Any:
        if reply.is_success:
            return reply.json() if reply.content else None
        what = f"{reply.request.method} {reply.request.url.path} returned {reply.status_code}."
        raise Failure(what, _REPORT, reply.text.splitlines()[:15])


@contextmanager
def explain_lost_connections(*checks: Callable[[], None]) -> Iterator[None]:
    """When a connection breaks, first run `checks`, which raise Failure when a program has ended."""
    try:
        yield
    except httpx2.TransportError as error:
        for check in checks:
            check()
        raise Failure(f"A program of the demo did not answer: {error}", _REPORT) from None


def wait_for(what: str, poll: Callable[[], Any], seconds: float) -> Any:
    """Call `poll` until it returns a true value, and return that value."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := poll():
            return value
        time.sleep(_POLL_SECONDS)
    raise Failure(f"{what} took longer than {seconds:.0f} seconds.", "Try again when this machine is less busy.")


class _Form(HTMLParser):
    """The first form of a page: its action, and the fields that its button submits."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action, self.fields = "", dict[str, str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Collect the action, the hidden fields and the checked inputs."""
        attributes = dict(attrs)
        if tag == "form":
            self.action = attributes.get("action") or ""
        if tag == "input" and (attributes.get("type") == "hidden" or "checked" in attributes):
            self.fields[attributes.get("name") or ""] = attributes.get("value") or ""
