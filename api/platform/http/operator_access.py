"""What metrics and the pages about the API need: the operator's token and the operator's port, each if it is set."""

import base64
from hmac import compare_digest
from typing import Final

from fastapi import Depends, Request

from api.platform.errors import NotFound, Unauthenticated, raises
from api.platform.settings import Settings


class OperatorTokenRequired(Unauthenticated):
    code, title = "operator_token_required", "This address is for the operator"
    remedy = "Send JOBTALLY_OPERATOR_TOKEN as `Authorization: Bearer …`, or as the password that your browser asks for."


@raises(OperatorTokenRequired)
async def require_operator(request: Request) -> None:
    """Raise NotFound at another port than the operator's, and OperatorTokenRequired without the operator's token.

    Each is required only if it is set.
    """
    settings: Settings = request.app.state.settings
    if settings.operator_port is not None and _port_of(request) != settings.operator_port:
        raise NotFound
    token = settings.operator_token
    if token is not None and not compare_digest(_presented(request).encode(), token.encode()):
        raise OperatorTokenRequired(headers={"WWW-Authenticate": 'Basic realm="Jobtally", charset="UTF-8"'})


def _port_of(request: Request) -> int | None:
    """The port that the connection came in at, whatever the headers say."""
    server: tuple[str, int | None] | None = request.scope.get("server")
    return server[1] if server else None


def _presented(request: Request) -> str:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return value if scheme.lower() == "bearer" else ""
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except ValueError:  # no base64, or base64 of no text
        return ""


FOR_OPERATORS: Final = [Depends(require_operator)]
