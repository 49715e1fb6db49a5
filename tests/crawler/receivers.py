"""Those who are told: a web server that takes notes, and a mail server that takes one mail at a time."""

import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from tests.crawler.http_servers import Handler, serving


@dataclass
class Note:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """Answers every request with `status` and keeps it; or with nothing at all while `hangs` is not set."""

    port: int
    status: int = 200
    notes: list[Note] = field(default_factory=list)
    hangs: threading.Event | None = None

    @property
    def paths(self) -> list[str]:
        return [note.path for note in self.notes]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class OfReceiver(Handler):
        def reply(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            found.notes.append(Note(self.command, self.path, self.fields(), body))
            if found.hangs:
                found.hangs.wait(30)
            self.say(found.status, {}, b"")

    with serving(OfReceiver) as port:
        found = Receiver(port)
        yield found
        if found.hangs:
            found.hangs.set()


@dataclass
class Mailbox:
    """What a mail server has taken."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 mail.example ESMTP\r\n")
            for line in self.rfile:
                match line[:4].upper():
                    case b"DATA":
                        self.wfile.write(b"354 go on\r\n")
                        lines = []
                        while (text := self.rfile.readline()) not in {b".\r\n", b""}:
                            lines.append(text.removeprefix(b".") if text.startswith(b"..") else text)
                        mail = message_from_bytes(b"".join(lines), policy=policy.default)
                        assert isinstance(mail, EmailMessage)
                        box.mails.append(mail)
                        self.wfile.write(b"250 taken\r\n")
                    case b"QUIT":
                        self.wfile.write(b"221 bye\r\n")
                        return
                    case _:
                        self.wfile.write(b"250 fine\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        box = Mailbox(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield box
        server.shutdown()
        thread.join()
