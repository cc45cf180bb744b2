"""A mail server on this machine that remembers what it was given, and fails when a test tells it to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage


class MailServer:
    """Speaks as much SMTP as a client needs. `answers` are given in place of its own, by verb, each once."""

    def __init__(self) -> None:
        self.port = 0
        self.delivered: list[EmailMessage] = []
        self.answers: dict[str, list[str]] = {}

    @property
    def url(self) -> str:
        """Its address, as JOBTALLY_SMTP_URL has it."""
        return f"smtp://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        writer.write(b"220 mail\r\n")
        while line := (await reader.readline()).decode().strip():
            verb = line.split(":")[0].upper()
            if planned := self.answers.get(verb):
                answer = planned.pop(0)
            elif verb == "DATA":
                writer.write(b"354 go on\r\n")
                self.delivered.append(await self._message(reader))
                answer = (self.answers.get("END") or ["250 taken"]).pop(0)
            else:
                answer = "250 mail" if verb != "QUIT" else "221 bye"
            if answer == "close":
                break
            writer.write(f"{answer}\r\n".encode())
            if verb == "QUIT":
                break
        writer.close()

    async def _message(self, reader: asyncio.StreamReader) -> EmailMessage:
        lines: list[bytes] = []
        while (line := await reader.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return message_from_bytes(b"".join(lines), policy=policy.default)


@asynccontextmanager
async def mail_server() -> AsyncIterator[MailServer]:
    """A mail server until the block ends."""
    server = MailServer()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    async with listening:
        yield server
