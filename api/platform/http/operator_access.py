"""The operator's token, which metrics and the pages about the API need if it is set."""

import base64
import binascii
from hmac import compare_digest
from typing import Final

from fastapi import Depends, Request

from api.platform.errors import Unauthenticated, raises


class OperatorTokenRequired(Unauthenticated):
    code, title = "operator_token_required", "This address is for the operator"
    remedy = "Send JOBTALLY_OPERATOR_TOKEN as `Authorization: Bearer …`, or as the password that your browser asks for."


@raises(OperatorTokenRequired)
async def require_operator(request: Request) -> None:
    """Raise OperatorTokenRequired without the operator's token; everybody may pass if none is set."""
    token: str | None = request.app.state.settings.operator_token
    if token is not None and not compare_digest(_presented(request).encode(), token.encode()):
        raise OperatorTokenRequired(headers={"WWW-Authenticate": 'Basic realm="Jobtally", charset="UTF-8"'})


def _presented(request: Request) -> str:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return value if scheme.lower() == "bearer" else ""
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError):
        return ""


FOR_OPERATORS: Final = [Depends(require_operator)]
