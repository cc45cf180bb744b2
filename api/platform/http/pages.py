"""Pages for API users: the OpenAPI document, the documentation, and one page per problem code."""

import asyncio
from html import escape
from string import Template

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import JSONResponse, Response

from api.platform.errors import NotFound
from api.platform.http.compression import PreparedText
from api.platform.http.operator_access import FOR_OPERATORS
from api.platform.http.reference import openapi_yaml
from api.platform.http.spa import APP_POLICY, html, spa_directory
from api.platform.problems import ProblemKind

router = APIRouter(include_in_schema=False)
_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
_PAGE = Template("""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title · Jobtally</title>
<style>
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
  body { max-width: 42rem; margin: 3rem auto; padding: 0 1rem }
  code { font-size: .95em } td, th { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0 }
</style>
<h1>$title</h1>
$body
</html>
""")
_SWAGGER = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Jobtally API: try it</title>
<link rel="icon" href="/mark.svg">
<link rel="stylesheet" href="/swagger-ui/swagger-ui.css">
<div class="swagger-ui"><p class="wrapper"><a class="link" href="/api/reference">Read it in Scalar</a></p></div>
<div id="swagger-ui"></div>
<script src="/swagger-ui/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</html>
"""
_START_SWAGGER = """\
window.ui = SwaggerUIBundle({
  url: "/openapi.yaml",
  dom_id: "#swagger-ui",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
"""
_SCALAR = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Jobtally API: reference</title>
<link rel="icon" href="/mark.svg">
<div id="reference"></div>
<script src="/scalar/standalone.js"></script>
<script src="/api/reference/start.js"></script>
</html>
"""
# Everything that Scalar would ask of another site is off: fonts, proxy, telemetry, its assistant and its editor.
_START_SCALAR = """\
Scalar.createApiReference("#reference", {
  url: "/openapi.yaml",
  documentDownloadType: "direct",
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: "never",
});
"""


@router.get("/openapi.yaml", dependencies=FOR_OPERATORS)
async def get_openapi_document(request: Request) -> Response:
    """The OpenAPI document."""
    state = request.app.state
    if not hasattr(state, "openapi_document"):
        state.openapi_document = asyncio.create_task(_prepared_document(request.app))
    document: PreparedText = await asyncio.shield(state.openapi_document)
    return document.response(request)


@router.get("/api/docs", dependencies=FOR_OPERATORS)
async def get_docs_page() -> Response:
    """Swagger UI from our own files."""
    return _viewer(_SWAGGER, "swagger-ui")


@router.get("/api/docs/start.js", dependencies=FOR_OPERATORS)
async def get_docs_script() -> Response:
    """The script that starts Swagger UI. It is a file because the policy forbids inline scripts."""
    return Response(_START_SWAGGER, media_type="text/javascript")


@router.get("/api/reference", dependencies=FOR_OPERATORS)
async def get_reference_page() -> Response:
    """Scalar from our own files."""
    return _viewer(_SCALAR, "scalar")


@router.get("/api/reference/start.js", dependencies=FOR_OPERATORS)
async def get_reference_script() -> Response:
    """The script that starts Scalar."""
    return Response(_START_SCALAR, media_type="text/javascript")


@router.get("/problems")
async def list_problem_pages(request: Request) -> Response:
    """All problem codes."""
    rows = "".join(
        f'<tr><td><a href="/problems/{kind.code}"><code>{kind.code}</code></a><td>{escape(kind.title)}'
        for kind in request.app.state.catalogue.values()
    )
    return html(_PAGE.substitute(title="Problems", body=f"<table>{rows}</table>"), _PAGE_POLICY)


@router.get("/problems/{code}")
async def get_problem_page(code: str, request: Request) -> Response:
    """The meaning of one problem code and what to do about it; as JSON when the Accept header asks for it."""
    kind = request.app.state.catalogue.get(code)
    if kind is None:
        raise NotFound
    if "application/json" in request.headers.get("accept", ""):
        content = {"code": kind.code, "title": kind.title, "remedy": kind.remedy, "status": kind.status}
        return JSONResponse(content)
    return html(_PAGE.substitute(title=escape(kind.title), body=_explanation(kind)), _PAGE_POLICY)


async def _prepared_document(app: FastAPI) -> PreparedText:
    """The OpenAPI document. It takes seconds to make, in which others are answered."""
    return await asyncio.to_thread(lambda: PreparedText(openapi_yaml(app), "application/yaml"))


def _viewer(page: str, folder: str) -> Response:
    """A page that shows the OpenAPI document; one with a link to the document when its files are not built."""
    directory = spa_directory()
    if directory is not None and (directory / folder).is_dir():
        return html(page, APP_POLICY)
    body = (
        "<p>The interactive pages are not built. Run <code>make install</code>, or read the document: "
        '<a href="/openapi.yaml">openapi.yaml</a>.</p>'
    )
    return html(_PAGE.substitute(title="API reference", body=body), _PAGE_POLICY)


def _explanation(kind: ProblemKind) -> str:
    status = f" · HTTP status {kind.status}" if kind.status else ""
    return (
        f"<p>{escape(kind.remedy)}</p><p><code>{kind.code}</code>{status}</p>"
        '<p><a href="/problems">All problems</a> · <a href="/api/reference">API reference</a></p>'
    )
