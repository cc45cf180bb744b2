"""Log lines: one JSON object each, without secrets."""

import json
import logging
from collections.abc import Callable

from api.platform.log import bound_contextvars, get_logger

SECRETS = (
    "jt_4Tz0aXq9_SdKjf83-kd_9",
    "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
    "mere@kereru.nz",
    "hunter2",
)


def test_a_line_is_one_json_object_with_the_request_id(written: Callable[[], str]):
    with bound_contextvars(request_id="req_12345678"):
        get_logger("jobtally.exports").info("sent\nfake line", count=3)
    line = json.loads(written())
    assert line["event"] == "sent\nfake line"
    assert (line["level"], line["request_id"], line["count"]) == ("info", "req_12345678", 3)
    assert line["ts"].endswith("Z")


def test_secrets_and_e_mail_addresses_are_not_written(written: Callable[[], str]):
    key, token, email, password = SECRETS
    logger = get_logger("jobtally")
    logger.info(f"called with Bearer {key}", refresh_token=token, password=password, nested={"client_secret": password})
    logger.info("to", url=f"postgresql://app:{password}@db/jobtally", list=[email, {"Authorization": key}])
    logging.getLogger("some.library").warning("failed for %s with %s", email, token)
    try:
        raise RuntimeError(f"cannot use {key} of {email}")
    except RuntimeError:
        logger.exception("failed")
    text = written()
    for secret in SECRETS:
        assert secret not in text
    assert text.count("[redacted]") >= 8


def test_problem_codes_are_written(written: Callable[[], str]):
    get_logger("jobtally").info("refused", code="period_locked")
    assert json.loads(written())["code"] == "period_locked"
