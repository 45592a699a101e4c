"""psycopg's errors become Reach and one sentence without secrets (F16, F24, A15)."""

from __future__ import annotations

import psycopg
import pytest

from bc_lib.connectors.postgresql.errors import is_lost_connection, to_trouble
from bc_lib.domain.observation import Reach
from bc_lib.ports.secrets import Credential

PREFIX = 'connection failed: connection to server at "10.0.0.1", port 5432 failed: '


@pytest.mark.parametrize(
    ("text", "reach"),
    [
        ("Connection refused", Reach.REFUSED),
        ("No route to host", Reach.UNREACHABLE),
        ("Network is unreachable", Reach.UNREACHABLE),
        (
            "server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally",
            Reach.UNREACHABLE,
        ),
        ("SSL error: certificate verify failed", Reach.ERROR),
        ("server does not support SSL, but SSL was required", Reach.ERROR),
        ("FATAL:  the database system is starting up", Reach.ERROR),
    ],
)
def test_failed_connections_by_text(text: str, reach: Reach) -> None:
    """Only what libpq says itself; a server's words are not looked at."""
    trouble = to_trouble(psycopg.OperationalError(PREFIX + text), "db.example:5432")
    assert trouble.reach is reach
    assert "\n" not in trouble.sentence
    assert trouble.sentence.endswith((".", "?"))


@pytest.mark.parametrize(
    ("error", "reach"),
    [
        (psycopg.errors.AdminShutdown, Reach.STARTING),
        (psycopg.errors.CrashShutdown, Reach.STARTING),
        (psycopg.errors.CannotConnectNow, Reach.STARTING),
        (psycopg.errors.InvalidPassword, Reach.CREDENTIAL),
        (psycopg.errors.QueryCanceled, Reach.ERROR),
        (psycopg.errors.TooManyConnections, Reach.ERROR),
        (psycopg.errors.UndefinedFunction, Reach.ERROR),
    ],
)
def test_by_sqlstate(error: type[psycopg.Error], reach: Reach) -> None:
    """While querying there is one."""
    assert to_trouble(error("text"), "db:5432").reach is reach


def test_the_password_is_cut_out() -> None:
    """A15: even where a server repeats it."""
    error = psycopg.OperationalError("FATAL: bad word s3cr3t-canary here")
    assert "s3cr3t-canary" not in to_trouble(error, "db:1", Credential("u", "s3cr3t-canary")).sentence


def test_lost_connections_may_be_made_again_at_once() -> None:
    """A kept connection that ended is no statement about the server; a time-out of a statement is."""
    assert is_lost_connection(psycopg.errors.AdminShutdown("x"))
    assert is_lost_connection(psycopg.errors.IdleSessionTimeout("x"))
    assert is_lost_connection(psycopg.OperationalError("server closed the connection unexpectedly"))
    assert not is_lost_connection(psycopg.errors.QueryCanceled("x"))
    assert not is_lost_connection(psycopg.errors.InsufficientPrivilege("x"))
