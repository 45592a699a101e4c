"""The one place where httpx's errors become Reach and a sentence."""

from __future__ import annotations

import errno
import ssl

import httpx

from bc_lib.connectors.trouble import Trouble
from bc_lib.domain.observation import Reach


def to_trouble(error: Exception, where: str) -> Trouble:
    """What `error` means; `where` is host and port for people."""
    causes = list(_chain(error))
    if any(isinstance(one, ssl.SSLError) for one in causes):
        return Trouble(Reach.ERROR, f"No trusted TLS connection to {where}; check its certificate and ca_file.")
    if any(_is_refusal(one) for one in causes):
        return Trouble(Reach.REFUSED, f"Nobody listens at {where}; is the application stopped?")
    if isinstance(error, httpx.TimeoutException):
        return Trouble(Reach.UNREACHABLE, f"No answer of {where} in time.")
    if isinstance(error, httpx.ConnectError):
        return Trouble(Reach.UNREACHABLE, f"There is no way to {where} from here; check network and firewall.")
    if isinstance(error, httpx.NetworkError | httpx.RemoteProtocolError):
        return Trouble(Reach.UNREACHABLE, f"The connection to {where} was closed before the application answered.")
    return Trouble(Reach.ERROR, f"{where} gave an answer that is no HTTP ({type(error).__name__}).")


def is_lost_connection(error: Exception) -> bool:
    """True where a kept connection had ended and a fresh one may work at once."""
    return isinstance(error, httpx.NetworkError | httpx.RemoteProtocolError) and not isinstance(
        error, httpx.ConnectError
    )


def _is_refusal(error: BaseException) -> bool:
    text = str(error).lower()
    return (
        isinstance(error, ConnectionRefusedError)
        or (isinstance(error, OSError) and error.errno == errno.ECONNREFUSED)
        or "connection refused" in text
    )


def _chain(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        if isinstance(error, BaseExceptionGroup):
            for inner in error.exceptions:
                found += _chain(inner)
        error = error.__cause__ or error.__context__
    return found
