"""The one place where psycopg's errors become Reach and a sentence. Nothing of a connection string gets through."""

from __future__ import annotations

import re

import psycopg

from bc_lib.connectors.postgresql.connecting import ConnectFailed
from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.observation import Reach
from bc_lib.ports.secrets import Credential

STARTING_STATES = {"57P01", "57P02", "57P03"}
NO_RIGHT = "42501"
GRANTS = "sql/grants/postgresql_monitor.sql and sql/grants/postgresql_execution.sql"
MAX_DETAIL = 200

# What libpq itself says, in its own words: no server answered, or we refused it. A server's words are never looked at.
BY_TEXT: tuple[tuple[re.Pattern[str], Reach, str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), reach, sentence)
    for pattern, reach, sentence in (
        (r"connection refused", Reach.REFUSED, "Nobody listens at {where}; is the server stopped?"),
        (
            r"no route to host|network is unreachable|host is down|timed? ?out|timeout expired",
            Reach.UNREACHABLE,
            "There is no way to {where} from here; check network and firewall.",
        ),
        (
            r"no password supplied",
            Reach.CREDENTIAL,
            "The server at {where} refused our user name or password; check the secret, or who listens there.",
        ),
        (
            r"authentication method requirement|server requested .* authentication",
            Reach.CREDENTIAL,
            "The server at {where} asked for a way of signing in that we refuse; use scram-sha-256.",
        ),
        (
            r"certificate|ssl|tls",
            Reach.ERROR,
            "No trusted TLS connection to {where}; check its certificate and ca_file.",
        ),
        (
            r"closed the connection unexpectedly|connection reset|broken pipe|eof detected",
            Reach.UNREACHABLE,
            "The connection to {where} was closed before the server answered.",
        ),
    )
)
STARTING = (Reach.STARTING, "The server at {where} is starting or stopping and takes no queries yet.")
REFUSED_BY_STATE: dict[str, tuple[Reach, str]] = {
    "28P01": (
        Reach.CREDENTIAL,
        "The server at {where} refused our user name or password; check the secret, or who listens there.",
    ),
    "28000": (
        Reach.CREDENTIAL,
        "The server at {where} does not let our account in from here; check that pg_hba.conf has a line for it, and "
        "run sql/grants/postgresql_monitor.sql there, or who listens there.",
    ),
    NO_RIGHT: (
        Reach.CREDENTIAL,
        "The account may not log in at {where}; run sql/grants/postgresql_monitor.sql there.",
    ),
    "3D000": (Reach.ERROR, "The database named in the endpoint does not exist at {where}."),
    "53300": (Reach.ERROR, "The server at {where} has no free connection left for us."),
    **dict.fromkeys(("57P01", "57P02", "57P03"), STARTING),
}
"""What a refused connection means."""


def to_trouble(error: Exception, where: str, credential: Credential | None = None) -> Trouble:
    """What `error` means. `where` is host and port for people; the password is cut out of any text."""
    state = error.sqlstate if isinstance(error, psycopg.Error) else None
    if isinstance(error, ConnectFailed) and state in REFUSED_BY_STATE:
        reach, sentence = REFUSED_BY_STATE[state]
        return Trouble(reach, sentence.format(where=where))
    if state is not None:
        return _by_state(state, error, where, credential)
    text = str(error)
    for pattern, reach, sentence in BY_TEXT:
        if pattern.search(text):
            return Trouble(reach, sentence.format(where=where))
    return Trouble(
        Reach.ERROR, f"The server at {where} answered with something unexpected: {_detail(text, credential)}"
    )


def is_lost_connection(error: Exception) -> bool:
    """True where the kept connection ended (not the statement): a fresh one may work at once."""
    if not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return False
    return error.sqlstate is None or error.sqlstate.startswith(("57P", "08"))


def is_section_trouble(error: psycopg.Error) -> bool:
    """True where the trouble is with what was asked (rights, a missing table), so that other sections may work."""
    return error.sqlstate is not None and error.sqlstate[:2] not in {"08", "53", "57", "58", "XX"}


def is_lasting(error: psycopg.Error) -> bool:
    """True where asking again soon is pointless: a right or an object is missing."""
    return error.sqlstate is not None and error.sqlstate.startswith("42")


def _by_state(state: str, error: Exception, where: str, credential: Credential | None) -> Trouble:
    if state in STARTING_STATES:
        return Trouble(STARTING[0], STARTING[1].format(where=where))
    if state.startswith("28"):
        return Trouble(
            Reach.CREDENTIAL,
            f"The server at {where} refused our account; check the secret, pg_hba.conf and who listens there.",
        )
    if state == "57014":
        return Trouble(Reach.ERROR, f"The server at {where} did not finish our statement in time and cancelled it.")
    if state.startswith("53"):
        return Trouble(Reach.ERROR, f"The server at {where} is out of connections, memory or disk for us.")
    if state == NO_RIGHT:
        return Trouble(
            Reach.ERROR,
            f"Our account lacks a right at {where}: {_detail(str(error), credential)} As a superuser run "
            f"{GRANTS} there again, in the database of the endpoint, or grant that by hand.",
        )
    return Trouble(Reach.ERROR, f"The server at {where} answered with error {state}: {_detail(str(error), credential)}")


def _detail(text: str, credential: Credential | None) -> str:
    """The last line's last part of a driver's or server's text, as the end of a sentence."""
    line = text.strip().splitlines()[-1] if text.strip() else "no text"
    line = line.rpartition(" failed: ")[2] or line
    if credential is not None:
        line = line.replace(credential.password, "***")
    line = "".join(char if char.isprintable() else "?" for char in line)[:MAX_DETAIL]
    return line.rstrip(".") + "."
