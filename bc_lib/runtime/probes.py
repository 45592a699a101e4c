"""Does a local process answer? Short time-outs, never an exception."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bc_lib.runtime.jsonfile import BrokenFile, read_object

HOST = "127.0.0.1"
TIMEOUT_S = 2.0
SERVER_ERROR = 500


def get(port: int, path: str) -> tuple[int, bytes] | None:
    """Status and body of a GET on loopback, None where nobody answers."""
    connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


def http_ok(port: int, path: str) -> Callable[[float], bool]:
    """Ready once GET `path` answers 200."""
    return lambda _started: (get(port, path) or (0, b""))[0] == http.client.OK


def pages_ok(port: int) -> Callable[[float], bool]:
    """Ready once Streamlit says it is well and the first page is not an error."""

    def ready(_started: float) -> bool:
        health, page = get(port, "/_stcore/health"), get(port, "/")
        return health is not None and health[0] == http.client.OK and page is not None and page[0] < SERVER_ERROR

    return ready


def listens(port: int) -> bool:
    """True where somebody accepts connections on loopback."""
    try:
        socket.create_connection((HOST, port), TIMEOUT_S).close()
    except OSError:
        return False
    return True


def airflow_part(port: int, part: str) -> Callable[[float], bool]:
    """Ready once Airflow's health page shows a heartbeat of `part` newer than its start.

    The heartbeat of an earlier run stays in the database for a while and looks healthy.
    """

    def ready(started: float) -> bool:
        answer = get(port, "/api/v2/monitor/health")
        if answer is None or answer[0] != http.client.OK:
            return False
        return heartbeat_after(answer[1], part, started)

    return ready


def heartbeat_after(body: bytes, part: str, started: float) -> bool:
    """True where the health page `body` says that `part` is healthy and beat after `started`."""
    try:
        section: dict[str, Any] = json.loads(body)[part]
        beat = datetime.fromisoformat(str(section[f"latest_{part}_heartbeat"]))
    except (ValueError, KeyError, TypeError):
        return False
    return section.get("status") == "healthy" and beat >= datetime.fromtimestamp(started, UTC)


def airflow_alive(port: int, part: str) -> Callable[[], bool | None]:
    """Whether Airflow itself calls `part` healthy; None where it cannot be asked, or cannot ask its database."""

    def alive() -> bool | None:
        answer = get(port, "/api/v2/monitor/health")
        return part_alive(answer[1], part) if answer is not None and answer[0] == http.client.OK else None

    return alive


def part_alive(body: bytes, part: str) -> bool | None:
    """What the health page `body` says of `part`. With a database that does not answer it would call all unhealthy."""
    try:
        page: dict[str, Any] = json.loads(body)
        known, status = page["metadatabase"]["status"] == "healthy", page[part]["status"]
    except (ValueError, KeyError, TypeError):
        return None
    return {"healthy": True, "unhealthy": False}.get(str(status)) if known else None


def agent(file: Path) -> Callable[[float], bool]:
    """Ready once the demo's host agent has written where it listens, after its start, and accepts there."""

    def ready(started: float) -> bool:
        try:
            if file.stat().st_mtime < started - 1:
                return False
            found = read_object(file)
            return found is not None and found.get("ready") is True and listens(int(found["port"]))
        except (BrokenFile, OSError, KeyError, ValueError, TypeError):
            return False

    return ready
