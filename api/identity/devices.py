"""From where a session is opened: the browser in short words, and the network address."""

import re
from dataclasses import dataclass

from starlette.requests import Request

from api.platform.http.address import client_address

UNKNOWN_BROWSER = "Unknown browser"
# By the word in the User-Agent. Most browsers also name others, so the first match counts.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_PROGRAM = re.compile(r"[A-Za-z][A-Za-z0-9 ._-]{0,30}(?=/)")


@dataclass(frozen=True)
class Device:
    """The browser and the network address of a request."""

    browser: str
    address: str


def device_of(request: Request) -> Device:
    """The device that sent the request."""
    return Device(browser_words(request.headers.get("user-agent", "")), client_address(request))


def browser_words(user_agent: str) -> str:
    """The header User-Agent in short words, like `Firefox on Windows`."""
    browser = next((name for word, name in _BROWSERS if word in user_agent), None)
    system = next((name for word, name in _SYSTEMS if word in user_agent), None)
    if browser is None:
        program = _PROGRAM.match(user_agent)
        browser = program[0] if program and program[0] != "Mozilla" else UNKNOWN_BROWSER
    return f"{browser} on {system}" if system else browser
