"""If-Match is documented on every change of a resource, but for those that have no version a client may write."""

from fastapi import FastAPI

from tests.routes import every_route

API = "/api/v1"
# Each with what its change does instead of overwriting what another client wrote.
WITHOUT_A_VERSION = {
    ("DELETE", "/connections/xero"): "ends a connection, which is written by Xero's consent and by Jobtally alone",
    ("PUT", "/contacts/{contact_id}/answers/{problem_code}"): "decides a problem once; a later answer is refused",
    ("PUT", "/connections/xero/organisation"): "uses up the offers of a consent, so that a second choice is refused",
    ("PUT", "/contact-imports/offer"): "notes whether the import is offered, which is no content",
    ("PUT", "/contacts/{contact_id}/link"): "decides again; a contact that another has meanwhile is refused",
    ("DELETE", "/contacts/{contact_id}/link"): "takes back whatever was decided",
    ("POST", "/contacts/{contact_id}/link/refreshes"): "reads from Xero and changes no content",
    ("PUT", "/invoices/{invoice_id}/answers/{problem_code}"): "decides a problem once; a later answer is refused",
    ("DELETE", "/invoices/{invoice_id}/answers/{problem_code}"): "takes back an answer, which is no content",
    ("DELETE", "/invoices/{invoice_id}/link"): "takes back a link, which is no content of the invoice",
    ("PUT", "/invoices/{invoice_id}/remarks/read-marker"): "notes that remarks were read, which is no content",
    ("PUT", "/notifications/read-marker"): "moves the caller's own marker, and only forward",
    ("DELETE", "/session"): "ends the caller's own session",
    ("PUT", "/session/business"): "switches the caller's own session",
    ("PUT", "/session/mails"): "sets one choice of the caller's own",
    ("PUT", "/session/password"): "needs the present password",
    ("DELETE", "/sessions/{session_id}"): "ends a session, which no client can change",
    ("POST", "/exports/{export_id}/retries"): "starts a new export and leaves this one as it is",
    ("POST", "/users/{user_id}/password-resets"): "makes a link and leaves the user as it is",
}


def changes_of_a_resource(app: FastAPI) -> set[tuple[str, str]]:
    """The changes and deletions of single resources, and the POST requests about one."""
    return {
        (route.method, route.path.removeprefix(API))
        for route in every_route(app)
        if route.path.startswith(API)
        and (route.method in {"PATCH", "PUT", "DELETE"} or (route.method == "POST" and route.parameters))
    }


def documents_if_match(app: FastAPI, method: str, path: str) -> bool:
    operation = app.openapi()["paths"][API + path][method.lower()]
    headers = {parameter.get("name", "").lower() for parameter in operation.get("parameters", [])}
    return "412" in operation["responses"] and "if-match" in headers


def test_every_change_of_a_resource_documents_if_match_and_412(app: FastAPI) -> None:
    changes = changes_of_a_resource(app)
    assert len(changes) >= 30
    assert {change for change in changes if not documents_if_match(app, *change)} == set(WITHOUT_A_VERSION)
