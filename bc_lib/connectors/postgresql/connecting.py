"""Connecting so that a refusal carries its SQLSTATE: a server's messages may be in any language.

libpq tells no code while connecting, but puts it into its message where it is asked to be verbose, which the driver
does not offer. So the connection is begun here, step by step as the driver does it, with that one call between.
"""

from __future__ import annotations

import ctypes
import re
import sys
from functools import cache
from typing import Any

import psycopg
from psycopg import pq
from psycopg.abc import PQGenConn
from psycopg.pq.abc import PGconn
from psycopg.waiting import Wait

DEFAULT, VERBOSE = 1, 2
_STATE = re.compile(r":  ([0-9A-Z]{5}): ")
_PLACE = re.compile(r"^LOCATION: .*$", re.MULTILINE)


class ConnectFailed(psycopg.OperationalError):
    """The server answered and refused; subclasses carry its code as `sqlstate`."""


@cache
def refused(state: str) -> type[ConnectFailed]:
    """The class of refusals with this SQLSTATE: the driver makes new ones of a class, from a text alone."""
    return type(f"ConnectFailed{state}", (ConnectFailed,), {"sqlstate": state})


def connect(conninfo: str) -> PQGenConn[PGconn]:
    """As psycopg's own. Raises ConnectFailed, and psycopg.OperationalError where no server said anything."""
    conn = pq.PGconn.connect_start(conninfo.encode())
    _verbosity(conn, VERBOSE)
    while True:
        if conn.status == pq.ConnStatus.BAD:
            raise _failed(conn)
        status = conn.connect_poll()
        if status in {pq.PollingStatus.READING, pq.PollingStatus.WRITING}:
            wait = Wait.R if status == pq.PollingStatus.READING else Wait.W
            while not (yield conn.socket, wait):
                pass
        elif status == pq.PollingStatus.OK:
            break
        else:
            raise _failed(conn)
    _verbosity(conn, DEFAULT)
    conn.nonblocking = 1
    return conn


def _failed(conn: PGconn) -> psycopg.OperationalError:
    text = f"connection failed: {conn.get_error_message('utf-8')}"
    conn.finish()
    states = _STATE.findall(text)
    if not states:
        return psycopg.OperationalError(text)
    # Of several addresses the last one's answer; what people may read is the message without code and place.
    return refused(states[-1])(_PLACE.sub("", _STATE.sub(":  ", text)).strip())


def _verbosity(conn: PGconn, level: int) -> None:
    """Without libpq's function, as in another build of the driver, the text comes without a code: an error as such."""
    pointer = getattr(conn, "pgconn_ptr", None)
    if _SET is not None and pointer:
        _SET(pointer, level)


def _setter() -> Any:
    try:
        module = sys.modules[pq.PGconn.__module__]
        found = ctypes.CDLL(str(module.__file__)).PQsetErrorVerbosity
    except (OSError, AttributeError, KeyError):
        return None
    found.argtypes, found.restype = [ctypes.c_void_p, ctypes.c_int], ctypes.c_int
    return found


_SET = _setter()
