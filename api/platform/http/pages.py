"""Pages for API users: the OpenAPI document, the documentation, and one page per problem code."""

from html import escape
from string import Template

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from api.platform.errors import NotFound
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
<title>Jobtally API</title>
<link rel="stylesheet" href="/swagger-ui/swagger-ui.css">
<div id="swagger-ui"></div>
<script src="/swagger-ui/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</html>
"""
_START = """\
window.ui = SwaggerUIBundle({
  url: "/openapi.yaml",
  dom_id: "#swagger-ui",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
});
"""


@router.get("/openapi.yaml")
async def get_openapi_document(request: Request) -> Response:
    """The OpenAPI document."""
    state = request.app.state
    if not hasattr(state, "openapi_text"):
        state.openapi_text = openapi_yaml(request.app)
    return Response(state.openapi_text, media_type="application/yaml")


@router.get("/api/docs")
async def get_docs_page() -> Response:
    """Swagger UI from our own files; a page with a link to the document when they are not built."""
    directory = spa_directory()
    if directory is None or not (directory / "swagger-ui").is_dir():
        body = (
            "<p>The interactive pages are not built. Run <code>make install</code>, or read the document: "
            '<a href="/openapi.yaml">openapi.yaml</a>.</p>'
        )
        return html(_PAGE.substitute(title="API reference", body=body), _PAGE_POLICY)
    return html(_SWAGGER, APP_POLICY)


@router.get("/api/docs/start.js")
async def get_docs_script() -> Response:
    """The script that starts Swagger UI. It is a file because the policy forbids inline scripts."""
    return Response(_START, media_type="text/javascript")


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


def _explanation(kind: ProblemKind) -> str:
    status = f" · HTTP status {kind.status}" if kind.status else ""
    return (
        f"<p>{escape(kind.remedy)}</p><p><code>{kind.code}</code>{status}</p>"
        '<p><a href="/problems">All problems</a> · <a href="/api/docs">API reference</a></p>'
    )
