"""The command `python -m sandbox`."""

import re
import subprocess
import sys

import httpx2


def test_the_command_prints_its_address_and_serves_there():
    command = [sys.executable, "-m", "sandbox", "--port", "0", "--client-id", "mine", "--auto-approve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            first_line = program.stdout.readline()
            match = re.fullmatch(r"Xero stand-in listening on (http://localhost:\d+)\n", first_line)
            assert match, first_line
            with httpx2.Client(base_url=match[1]) as client:
                query = {"response_type": "code", "client_id": "mine", "scope": "openid"}
                reply = client.get(
                    "/identity/connect/authorize", params=query | {"redirect_uri": "http://localhost:1/cb"}
                )
                discovered = client.get("/.well-known/openid-configuration").json()
            assert reply.headers["location"].startswith("http://localhost:1/cb?code=")
            assert discovered["issuer"] == match[1]
        finally:
            program.terminate()
