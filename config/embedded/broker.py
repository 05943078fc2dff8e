"""The broker (redis or valkey) as a child process: a socket in its 0700 directory, nothing kept on disk.

Nothing is lost with it: messages are rows of the outbox, the broker only hastens them.
"""

import os
import socket
from pathlib import Path

from config.embedded import binaries
from config.embedded.process import Account, Child, environment, spawn, wait_until


def start(home: Path, *, account: Account | None) -> Child:
    program = binaries.broker(account=account)
    place = home / "broker"
    if not place.exists():
        place.mkdir(mode=0o700)
        if account:
            os.chown(place, account.uid, account.gid)
    address = place / "s"
    server = spawn(
        "消息代理（redis）",
        [
            program,
            "--port",
            "0",
            "--unixsocket",
            address,
            "--unixsocketperm",
            "700",
            "--dir",
            place,
            "--save",
            "",
            "--appendonly",
            "no",
            "--daemonize",
            "no",
            "--loglevel",
            "warning",
        ],
        log=home / "broker.log",
        env=environment(),
        account=account,
    )
    try:
        wait_until(lambda: _answers(address), server)
    except BaseException:
        server.stop()
        raise
    return server


def _answers(address: Path) -> bool:
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(2)
            line.connect(str(address))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
    except OSError:
        return False
