"""Which errors are a database that is away, and what is said of the others."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bc_lib.config import ConfigError
from streamlit_app import deps
from streamlit_app.troubles import AWAY

CAUSE = Exception("cause")


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("SELECT", {}, CAUSE),
        InterfaceError("SELECT", {}, CAUSE),
        PoolTimeout("no connection was free"),
        ConnectionRefusedError(),
    ],
)
def test_what_is_a_database_that_is_away(error: Exception) -> None:
    assert deps.trouble(error) == AWAY


@pytest.mark.parametrize(
    "error",
    [
        StopIteration(),
        KeyError("x"),
        ProgrammingError("SELECT", {}, CAUSE),
        DatabaseError("SELECT", {}, CAUSE),
        RuntimeError(),
    ],
)
def test_what_is_not(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    """It is told with its name, and the log has all of it."""
    name = type(error).__name__
    assert deps.trouble(error) == f"Something in this program went wrong ({name}; its log says more)"
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert caplog.records[0].exc_info


def test_a_setting_that_is_missing_says_what_to_do() -> None:
    assert deps.trouble(ConfigError("BC_DATABASE_URL is missing.")) == "BC_DATABASE_URL is missing"
