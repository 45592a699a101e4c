"""The demo's inbox: a mail sent by the configured URL arrives and can be read (FR-020)."""

from __future__ import annotations

import json
import smtplib
from collections.abc import Iterator

import apprise
import pytest
from typer.testing import CliRunner

from bc_lib.cli.demo import app
from demo.inbox import KEEP, Inbox


@pytest.fixture
def run(demo, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """`bcctl demo ...` against this estate."""
    monkeypatch.setenv("BC_DATA_DIR", str(demo.data))
    return lambda *words: CliRunner().invoke(app, list(words))


def test_a_mail_through_apprise_arrives(demo, run) -> None:
    """The URL in demo.env really delivers; list and single mail show it."""
    sender = apprise.Apprise()
    assert sender.add(demo.environment()["BC_DEMO_MAIL_URL"])
    assert sender.notify(title="orders-db is red: Größe", body="Replay is paused.")
    listed = run("inbox")
    assert "orders-db is red: Größe" in listed.output
    assert "ops@demo.example" in listed.output
    mails = json.loads(run("inbox", "--json").output)["mails"]
    assert mails[0]["subject"] == "orders-db is red: Größe"
    shown = run("inbox", str(mails[0]["number"]))
    assert "Replay is paused." in shown.output


def test_newest_first_and_no_control_characters(demo, run) -> None:
    """The list is newest first; a mail cannot steer the reader's terminal."""
    port = demo.call("GET", "/state")[1]["smtp_port"]
    for subject in ("first", "second \x1b[31m"):
        with smtplib.SMTP("127.0.0.1", port, timeout=5) as smtp:
            smtp.sendmail("a@demo.example", ["b@demo.example"], f"Subject: {subject}\r\n\r\nbody \x1b[2J".encode())
    output = run("inbox").output
    assert output.index("second") < output.index("first")
    assert "\x1b" not in output + run("inbox", output.split()[0]).output


def test_no_such_mail(run) -> None:
    result = run("inbox", "999999")
    assert (result.exit_code, "There is no mail 999999" in result.output) == (1, True)


def test_commands_break_state_modes_heal(run) -> None:
    """Every command with and without --json; wrong names and modes name the right ones."""
    assert "heal it with" in run("break", "billing-db", "heartbeat-stopped").output.lower()
    assert "heartbeat-stopped" in run("state").output
    assert json.loads(run("state", "--json").output)["ready"] is True
    assert "is back" in json.loads(run("heal", "billing-db", "--json").output)["text"]
    assert len(json.loads(run("modes", "--json").output)["modes"]) == 6
    assert "orders-db, billing-db" in run("break", "nope", "slow").output
    wrong = run("break", "orders-db", "nope")
    assert (wrong.exit_code, "primary-unreachable" in wrong.output) == (1, True)


def test_help_lists_the_modes(run) -> None:
    output = run("break", "--help").output
    for mode in ("replica-paused", "dr-down", "primary-down", "primary-unreachable", "heartbeat-stopped", "slow"):
        assert mode in output


def test_without_a_demo_it_says_so(run, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not running: one sentence and exit code 1; a leftover agent.json changes nothing."""
    monkeypatch.setenv("BC_DATA_DIR", str(tmp_path))
    assert (run("state").exit_code, run("state").output) == (1, "The demo is not running; start it with make demo.\n")
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "agent.json").write_text('{"port": 1, "token": "x"}')
    assert "not running" in run("heal", "orders-db").output


def test_the_inbox_is_bounded(tmp_path) -> None:
    """Old mails go; numbers go on, also after a restart."""
    inbox = Inbox(tmp_path)
    for _ in range(KEEP + 3):
        inbox.keep(b"Subject: x\r\n\r\n")
    assert len(list(tmp_path.iterdir())) == KEEP
    assert inbox.get(3) is None
    assert Inbox(tmp_path).keep(b"Subject: y\r\n\r\n") == KEEP + 4
