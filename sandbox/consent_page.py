"""The page on which a user selects an organisation. Its design is not Xero's, and its text names the stand-in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from urllib.parse import parse_qsl

from sandbox.scopes import DESCRIPTIONS

POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
_STYLE = """
:root{color-scheme:light dark;--ink:#1f2430;--soft:#5a6274;--page:#f4f3ef;--card:#fff;--line:#c9c6bd;--act:#3d4f7d;
--on:#fff;--bad:#9c2f2f}
@media (prefers-color-scheme:dark){:root{--ink:#eceae4;--soft:#b3b0a8;--page:#17181c;--card:#22242b;--line:#4a4d57;
--act:#a9bbf0;--on:#14161c;--bad:#ffb0a8}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem;background:var(--page);color:var(--ink);
font:1rem/1.5 system-ui,sans-serif}
main{width:100%;max-width:30rem;background:var(--card);border:1px solid var(--line);border-radius:.75rem;
padding:clamp(1rem,5vw,2rem)}
.mark{display:inline-block;margin:0 0 1rem;padding:.15rem .6rem;border:1px dashed var(--soft);border-radius:1rem;
color:var(--soft);font-size:.875rem}
h1{margin:0 0 .5rem;font-size:1.375rem;line-height:1.25}
p,ul{color:var(--soft)}ul{padding-left:1.2rem}
fieldset{margin:1.25rem 0;padding:0;border:0}legend{padding:0;font-weight:600}
label{display:flex;gap:.75rem;align-items:center;min-height:3rem;margin-top:.5rem;padding:.5rem .75rem;
border:1px solid var(--line);border-radius:.5rem;cursor:pointer;overflow-wrap:anywhere}
label:has(:checked){border-color:var(--act);outline:1px solid var(--act)}
input{margin:0;width:1.15rem;height:1.15rem;flex:none;accent-color:var(--act)}
.row{display:flex;flex-wrap:wrap;gap:.75rem}
button{flex:1 1 9rem;min-height:2.75rem;padding:.5rem 1rem;border:1px solid var(--act);border-radius:.5rem;
background:var(--act);color:var(--on);font:inherit;font-weight:600;cursor:pointer}
button.quiet{background:transparent;color:var(--act)}
:focus-visible{outline:3px solid var(--act);outline-offset:2px}
.problem{color:var(--bad);font-weight:600}
"""


def render(
    app_name: str,
    organisations: Mapping[str, str],
    request: Mapping[str, str],
    scopes: Iterable[str],
    problem: str,
) -> str:
    """The consent page; with `multi=1` in the request the user may select several organisations."""
    several = request.get("multi") == "1"
    kind = "checkbox" if several else "radio"
    choices = "".join(
        f'<label><input type="{kind}" name="tenant" value="{escape(tenant)}"{" checked" if first else ""}>'
        f"<span>{escape(name)}</span></label>"
        for first, (tenant, name) in zip([True] + [False] * len(organisations), organisations.items(), strict=False)
    )
    hidden = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in request.items()
        if name not in ("decision", "tenant")
    )
    permissions = "".join(
        f"<li>{escape(DESCRIPTIONS[scope])}</li>" for scope in sorted(scopes) if scope in DESCRIPTIONS
    )
    return _document(f"""
<h1>{escape(app_name)} wants access to your organisation</h1>
<p>This is a local stand-in for Xero, for tests and demos. No sign-in is needed and nothing leaves this computer.</p>
{f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""}
<form method="post" action="/identity/connect/authorize">{hidden}
<fieldset><legend>{"Choose organisations" if several else "Choose an organisation"}</legend>{choices}</fieldset>
<p>{escape(app_name)} will be able to:</p><ul>{permissions or "<li>See who you are</li>"}</ul>
<div class="row"><button type="submit" name="decision" value="allow">Allow access</button>
<button type="submit" name="decision" value="cancel" class="quiet">Cancel</button></div>
</form>""")


def render_error(error: str, text: str) -> str:
    """The page for a request that must not be redirected to its redirect URI."""
    return _document(f"<h1>This request is not valid</h1><p>Error: {escape(error)}</p><p>{escape(text)}</p>")


def chosen(body: bytes) -> list[str]:
    """The tenant ids selected on the page."""
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    return [value for name, value in pairs if name == "tenant"]


def _document(content: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Xero stand-in</title>'
        f'<style>{_STYLE}</style></head><body><main><p class="mark">Xero stand-in</p>{content}</main></body></html>'
    )
