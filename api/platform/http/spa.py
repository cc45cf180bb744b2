"""The built single-page app, served beside the API; deep links all get its one page."""

from importlib.resources import files
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

APP_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_NOT_OURS = frozenset(
    {"api", "healthz", "readyz", "version", "metrics", "openapi.yaml", "problems", "x"}
)  # addresses of the API and its operator
_NOT_BUILT = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Jobtally</title>
<h1>Jobtally is running, its pages were not built</h1>
<p>Run <code>make install</code> and reload. The API works: see <a href="/api/docs">its reference</a>.</p>
</html>
"""


def spa_directory() -> Path | None:
    """Where the built app is: inside the installed package, else beside it in a checkout; None when not built."""
    package = Path(str(files("api")))
    candidates = (package / "_spa", package.parent / "frontend" / "dist")
    return next((folder for folder in candidates if (folder / "index.html").is_file()), None)


def html(text: str, policy: str) -> Response:
    """A page of ours under a content security policy."""
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-cache"}
    return Response(text, media_type="text/html", headers=headers)


class SinglePageApp:
    """Answers what no route took: files of the build, and its page for every other address a browser opens."""

    def __init__(self, directory: Path | None) -> None:
        self._directory = directory
        self._files = StaticFiles(directory=directory) if directory else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].split("/")[1] in _NOT_OURS:
            raise HTTPException(404)
        if scope["method"] not in {"GET", "HEAD"}:
            raise HTTPException(404)
        response = await self._answer(scope)
        await response(scope, receive, send)

    async def _answer(self, scope: Scope) -> Response:
        wants_page = "text/html" in Headers(scope=scope).get("accept", "")
        if self._files is None or self._directory is None:
            if not wants_page:
                raise HTTPException(404)
            return html(_NOT_BUILT, "default-src 'none'; frame-ancestors 'none'")
        path = scope["path"].lstrip("/")
        if path not in {"", "index.html"}:
            try:
                file = await self._files.get_response(path, scope)
            except HTTPException:
                if not wants_page:
                    raise
            else:
                file.headers["Cache-Control"] = _kept(path)
                return file
        headers = {"Content-Security-Policy": APP_POLICY, "Cache-Control": "no-cache"}
        return FileResponse(self._directory / "index.html", headers=headers)


def _kept(path: str) -> str:
    # Vite puts a hash of the content into the names of what lies in assets/.
    return "public, max-age=31536000, immutable" if path.startswith("assets/") else "no-cache"
