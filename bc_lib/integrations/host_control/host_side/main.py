"""One session: hello, one line of JSON, one line of JSON."""

from __future__ import annotations

import configparser
import json
import os
import re
import select
import signal
import stat
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .acts import ACTS
from .journal import Journal
from .keeper import Keeper
from .server import Server
from .words import Order, Refused, Unsettled

HELLO = {"bc-host": 1}
MOST_BYTES, READ_S = 65_536, 60.0
RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
CONFIGURATION = "/etc/bc-host.ini"


def keeper(path: Path, asked: dict[str, Any]) -> Keeper:
    """The server that is meant, by the configuration. Raises Refused."""
    try:
        mode, text = path.stat(), path.read_text(encoding="utf-8")
    except OSError as error:
        raise Refused("precondition", f"{path} cannot be read ({error.strerror}).") from None
    if mode.st_uid not in {0, os.geteuid()} or mode.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise Refused("precondition", f"{path} must belong to root, and nobody else may write it.")
    known = configparser.ConfigParser(interpolation=None)
    known.read_string(text)
    name = f"{_word(asked, 'resource')}/{_word(asked, 'node')}"
    if name not in known:
        raise Refused("precondition", f"This host runs no server of the name {name!a}.")
    folder = Path(known["bc-host"]["journal"])
    return Keeper(Server(name, asked["node"], known[name]), Journal(folder / f"{quote(name, safe='')}.jsonl"))


def order_of(asked: dict[str, Any]) -> Order:
    """An order as it arrives: nothing in it is trusted. Raises ValueError, KeyError, TypeError."""
    order = {key: _word(asked, key) for key in ("verb", "run", "step")}
    epoch, deadline = asked["epoch"], datetime.fromisoformat(asked["deadline"])
    if order["verb"] not in ACTS or not RUN.match(order["run"]):
        raise ValueError("the verb or the run is none")
    if deadline.tzinfo is None or isinstance(epoch, bool) or not isinstance(epoch, int) or epoch < 0:
        raise ValueError("deadline or epoch")
    peer = {key: asked.get(key) for key in ("peer_host", "peer_port")}
    return {**order, "epoch": epoch, "deadline": deadline, **peer}


def answer(path: Path, line: bytes) -> dict[str, Any]:
    """What is sent back. Raises Unsettled."""
    try:
        asked = json.loads(line)
        found = keeper(path, asked)
        if asked["ask"] == "state":
            found.journal.load()
            return {"state": found.state()}
        return found.carry_out(order_of(asked))
    except Refused as error:
        return {"code": error.code, "error": str(error)}
    except (ValueError, KeyError, TypeError, AttributeError, configparser.Error) as error:
        return {"code": "precondition", "error": f"This is no order for this host: {type(error).__name__} {error}."}


def _word(asked: dict[str, Any], key: str) -> str:
    value = asked[key]
    if not isinstance(value, str) or not 0 < len(value) <= 200 or not value.isprintable():
        raise ValueError(f"{key} is no plain word")
    return value


def _line() -> bytes:
    """One line from the other side, bounded in size and time."""
    text, until = b"", time.monotonic() + READ_S
    while not text.endswith(b"\n") and len(text) < MOST_BYTES:
        ready, _, _ = select.select([0], [], [], max(0.0, until - time.monotonic()))
        part = os.read(0, 4096) if ready else b""
        if not part:
            return b""
        text += part
    return text


def main() -> int:
    """Say hello, read one order, answer it."""
    # The connection may end; an order that was begun goes on, and its outcome is kept for who asks again.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    os.umask(0o077)
    try:
        os.write(1, json.dumps(HELLO).encode() + b"\n")
        line = _line()
        if line:
            os.write(1, json.dumps(answer(Path((sys.argv[1:] or [CONFIGURATION])[0]), line)).encode() + b"\n")
    except (BrokenPipeError, Unsettled):
        return 1
    return 0
