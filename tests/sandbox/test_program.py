"""`python -m sandbox` is a program of its own."""

import re
import subprocess
import sys

import httpx2


def test_it_prints_one_line_with_its_address_and_answers_there():
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--client-id", "mine", "--auto-approve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            first = program.stdout.readline()
            found = re.fullmatch(r"Xero stand-in listening on (http://localhost:\d+)\n", first)
            assert found, first
            with httpx2.Client(base_url=found[1]) as client:
                asked = {"response_type": "code", "client_id": "mine", "scope": "openid"}
                reply = client.get(
                    "/identity/connect/authorize", params=asked | {"redirect_uri": "http://localhost:1/cb"}
                )
                discovered = client.get("/.well-known/openid-configuration").json()
            assert reply.headers["location"].startswith("http://localhost:1/cb?code=")
            assert discovered["issuer"] == found[1]
        finally:
            program.terminate()
