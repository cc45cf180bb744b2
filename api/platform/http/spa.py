"""Serves the built single-page app; every address of the app gets the same page."""

from importlib.resources import files
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from api.platform.http.compression import accepted_codings

APP_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Addresses of the API and the operator; the app is never served there.
_API_PATHS = frozenset({"api", "healthz", "readyz", "version", "metrics", "openapi.yaml", "problems", "x"})
_ENDINGS = {"br": ".br", "gzip": ".gz"}  # the build writes these forms beside the file
_NOT_BUILT = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Jobtally</title>
<h1>Jobtally is running, its pages were not built</h1>
<p>Run <code>make install</code> and reload. The API works: see <a href="/api/docs">its reference</a>.</p>
</html>
"""


def spa_directory() -> Path | None:
    """The built app: inside the installed package, or beside it in a checkout; None when it is not built."""
    package = Path(str(files("api")))
    candidates = (package / "_spa", package.parent / "frontend" / "dist")
    return next((folder for folder in candidates if (folder / "index.html").is_file()), None)


def html(text: str, policy: str) -> Response:
    """An HTML page with a content security policy."""
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-cache"}
    return Response(text, media_type="text/html", headers=headers)


def is_of_the_api(path: str) -> bool:
    """Whether the path is one of the API or the operator, and not of the web app."""
    return path[1:].partition("/")[0] in _API_PATHS


class SinglePageApp:
    """Serves the addresses without a route: files of the build, and the app's page for all other addresses."""

    def __init__(self, directory: Path | None) -> None:
        self._files = StaticFiles(directory=directory) if directory else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise HTTPException(404)
        if not scope["path"].startswith("/"):  # `OPTIONS *`
            raise HTTPException(400)
        if is_of_the_api(scope["path"]) or scope["method"] not in {"GET", "HEAD"}:
            raise HTTPException(404)
        scope = _with_few_ranges(scope)
        response = await self._response(scope)
        await response(scope, receive, send)

    async def _response(self, scope: Scope) -> Response:
        wants_page = "text/html" in Headers(scope=scope).get("accept", "")
        if self._files is None:
            if not wants_page:
                raise HTTPException(404)
            return html(_NOT_BUILT, "default-src 'none'; frame-ancestors 'none'")
        path = scope["path"].lstrip("/")
        if path not in {"", "index.html"}:
            try:
                file = await _file(self._files, path, scope)
            except HTTPException:
                if not wants_page:
                    raise
            else:
                file.headers["Cache-Control"] = _cache_control(path)
                return file
        page = await _file(self._files, "index.html", scope)
        page.headers.update({"Content-Security-Policy": APP_POLICY, "Cache-Control": "no-cache"})
        return page


def _with_few_ranges(scope: Scope) -> Scope:
    """The scope without a Range header of several ranges: each would be read by itself. Then the whole file is sent."""
    headers = [(name, value) for name, value in scope["headers"] if name != b"range" or b"," not in value]
    return {**scope, "headers": headers}


async def _file(files: StaticFiles, path: str, scope: Scope) -> Response:
    """A file of the build, in the best of its forms that the client accepts."""
    for coding in accepted_codings(Headers(scope=scope)):
        try:
            response = await files.get_response(path + _ENDINGS[coding], scope)
        except HTTPException:
            continue  # the build compresses only text
        if response.status_code != 304:
            response.headers["Content-Encoding"] = coding
        response.headers.add_vary_header("Accept-Encoding")
        return response
    response = await files.get_response(path, scope)
    if response.status_code == 304:  # the middleware that compresses adds the header to other answers
        response.headers.add_vary_header("Accept-Encoding")
    return response


def _cache_control(path: str) -> str:
    # Vite puts a hash of the content into the names of the files in assets/.
    return "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"
