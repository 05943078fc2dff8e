"""A mail server and a worker for tests: both real, both on this machine."""

import contextlib
import email
import os
import subprocess
import sys
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread

from django.db import connection
from psycopg.conninfo import make_conninfo

from config import places
from tests import doomed

QUIET = ("--without-gossip", "--without-mingle", "--loglevel", "WARNING")


class MailServer(ThreadingTCPServer):
    """Takes every letter. Told to, it goes silent in the middle of one: at "RCPT", or at "DATA" when it has it all."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.port = self.server_address[1]
        self.letters: list[Message] = []
        self.silent_at = ""
        self.silent = Event()

    def to(self, address: str) -> list[Message]:
        """What arrived for somebody."""
        return [letter for letter in self.letters if letter["To"] == address]


class Conversation(StreamRequestHandler):
    """As much of SMTP as one letter needs."""

    server: MailServer

    def handle(self) -> None:
        """Until the other side has nothing more to say."""
        self.say("220 ready")
        while line := self.rfile.readline().decode().strip():
            word = line.split(" ")[0].split(":")[0].upper()
            if word == "DATA":
                self.say("354 go on")
                self.server.letters.append(self.letter())
            if word == self.server.silent_at:
                self.server.silent_at = ""
                self.server.silent.set()
                self.rfile.read()  # until the other side is gone
                return
            self.say("221 bye" if word == "QUIT" else "250 yes")

    def letter(self) -> Message:
        """Up to the line with nothing but a full stop."""
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        return email.message_from_bytes(b"".join(lines))

    def say(self, line: str) -> None:
        """One line; whoever has gone does not hear it."""
        with contextlib.suppress(OSError):
            self.wfile.write(f"{line}\r\n".encode())


@contextlib.contextmanager
def mail_server() -> Iterator[MailServer]:
    """For as long as it is needed."""
    with MailServer() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(doomed.PATIENCE)


@contextlib.contextmanager
def worker(broker_url: str, *, mail: MailServer, data: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The worker of the installation, on the database of this test, without the scheduler."""
    environment = {
        "DATABASE_URL": database_url(), "REDIS_URL": broker_url, "DATA_DIR": str(data), "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(mail.port), "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    }  # fmt: skip
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency", "1", *QUIET]
    process = subprocess.Popen(command, env=os.environ | environment, cwd=places.BASE_DIR)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(doomed.PATIENCE)


def database_url() -> str:
    """The address of this test's database, as libpq writes it."""
    settings = connection.settings_dict
    where = {"dbname": "NAME", "host": "HOST", "port": "PORT", "user": "USER", "password": "PASSWORD"}
    return make_conninfo("", **{name: settings[key] for name, key in where.items() if settings[key]})
