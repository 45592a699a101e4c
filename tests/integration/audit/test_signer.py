"""The signer on a real database (decision 9, SEC-003)."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from bc_lib.domain.actor import Role
from bc_lib.integrations.checkpoints.directory import CheckpointFolder, SignerFile
from bc_lib.integrations.checkpoints.keys import Ed25519Key, new_key
from bc_lib.ports.audit import BrokenCheckpoints, SealState
from bc_lib.ports.people import SeenPerson
from bc_lib.services.audit.checkpoint import SigningRefused, adopt
from bc_lib.services.audit.signing import keep_signing, one_round, seal_trouble
from bc_lib.services.audit.verify import finding_lines
from bc_lib.store.audit_signer import SignerBeat
from bc_lib.store.people import PeopleDirectory
from tests.fixtures.audit_log import AuditLogUnderTest, make_log
from tests.fixtures.database import Database


@pytest.fixture
def log(database: Database, tmp_path: Path) -> AuditLogUnderTest:
    """Thirty records."""
    return make_log(database, tmp_path)


def files(log: AuditLogUnderTest) -> list[Path]:
    """The checkpoints' files in order."""
    return sorted((log.folder / "checkpoints").iterdir())


def test_seals_only_what_is_new(log: AuditLogUnderTest) -> None:
    """A round without new records makes no file; files are never written again."""
    assert log.sign() == log.sign() == 30
    log.fill(3)
    assert log.sign() == 33
    assert [path.name[-9:] for path in files(log)] == ["0030.json", "0033.json"]
    assert log.verify().signed_to == 33


def test_a_crash_between_remembering_and_publishing(log: AuditLogUnderTest) -> None:
    """The same bytes are published at the next start."""
    log.sign()
    log.fill(2)
    log.sign()
    content = files(log)[-1].read_bytes()
    files(log)[-1].unlink()
    assert log.sign() == 32
    assert files(log)[-1].read_bytes() == content


@pytest.mark.parametrize(
    "trouble",
    ["middle removed", "first removed", "all removed", "changed", "renamed", "memory lost", "memory of another"],
)
def test_tampered_checkpoints(log: AuditLogUnderTest, trouble: str) -> None:
    """The signer or the verification says so in one sentence; nothing is repaired silently."""
    for _ in range(3):
        log.fill(2)
        log.sign()
    paths, memory = files(log), log.folder / "signer" / "last.json"
    if trouble == "middle removed":
        paths[1].unlink()
        assert any("does not follow" in line for line in finding_lines(log.verify()))
        return
    if trouble == "first removed":
        paths[0].unlink()
        assert any("first checkpoints are missing" in line for line in finding_lines(log.verify()))
        return
    if trouble == "changed":
        said = json.loads(paths[1].read_text())
        paths[1].chmod(0o600)
        paths[1].write_text(json.dumps({**said, "made_at": "2001-01-01T00:00:00+00:00"}))
        assert any("signature" in line for line in finding_lines(log.verify()))
        return
    if trouble == "renamed":
        paths[-1].rename(paths[-1].with_name("checkpoint-000000000000099.json"))
        assert any("renamed" in line for line in finding_lines(log.verify()))
    elif trouble == "all removed":
        shutil.rmtree(log.folder / "checkpoints")
    elif trouble == "memory lost":
        memory.unlink()
    else:
        memory.chmod(0o600)
        memory.write_bytes(paths[0].read_bytes())
    log.fill(1)
    with pytest.raises((SigningRefused, BrokenCheckpoints)):
        log.sign()


def test_a_new_place_adopts_what_was_published(log: AuditLogUnderTest) -> None:
    """Only after the signatures were checked, and only with the same key."""
    log.sign()
    (log.folder / "signer" / "last.json").unlink()
    signer = log.signer()
    assert adopt(signer) == 30
    log.fill(1)
    assert log.sign() == 31
    log.key = Ed25519Key(new_key())
    with pytest.raises(SigningRefused):
        adopt(log.signer())
    with pytest.raises(SigningRefused):
        log.sign()


def test_another_key_is_not_trusted(log: AuditLogUnderTest) -> None:
    """An attacker with the folder and a key of their own."""
    right = log.key.public
    log.key = Ed25519Key(new_key())
    log.sign()
    log.key = type("Key", (), {"public": right})()  # type: ignore[assignment]
    assert any("untrusted key" in line for line in finding_lines(log.verify()))


def test_nothing_replaces_a_checkpoint(log: AuditLogUnderTest, tmp_path: Path) -> None:
    """Another checkpoint of the same number is refused; a folder that cannot be written is a sentence."""
    log.sign()
    first = CheckpointFolder(tmp_path / "checkpoints").last()
    assert first is not None
    from dataclasses import replace

    with pytest.raises(BrokenCheckpoints, match="another checkpoint"):
        log.checkpoints.publish(replace(first, made_at="x"))
    log.checkpoints.publish(first)
    (tmp_path / "file").touch()
    with pytest.raises(BrokenCheckpoints):
        CheckpointFolder(tmp_path / "file").publish(first)
    with pytest.raises(BrokenCheckpoints):
        SignerFile(tmp_path / "file" / "x").store(first)


def test_its_silence_and_its_refusal_are_told(log: AuditLogUnderTest) -> None:
    """Decision 9: silence raises a notice; so does a refusal."""
    beat = SignerBeat(log.database.engine("bc_signer"))
    state = SignerBeat(log.database.engine("bc_reader")).state()
    assert (state.signed_to, state.written_to, state.beat_at) == (0, 30, None)
    assert "never seen" in str(seal_trouble(late(state)))
    assert one_round(log.signer(), beat, SQLAlchemyError).trouble is None
    assert seal_trouble(late(beat.state())) is None
    log.tamper(
        "DELETE FROM bc_audit.record WHERE seq > 20; UPDATE bc_audit.head SET seq = 20, hash = "
        "(SELECT hash FROM bc_audit.record WHERE seq = 20)"
    )
    assert one_round(log.signer(), beat, SQLAlchemyError, 30).trouble is not None
    assert "cut off" in str(seal_trouble(beat.state()))


def late(state: SealState) -> SealState:
    """The same a day later."""
    from dataclasses import replace

    return replace(state, now=state.now + timedelta(days=1))


def test_goes_on_after_trouble(log: AuditLogUnderTest) -> None:
    """A database that is away and comes back; each change is told once."""
    told: list[str] = []
    rounds = iter(
        [
            lambda: log.database.sql("postgres", "ALTER TABLE bc_audit.head RENAME TO away"),
            lambda: None,
            lambda: log.database.sql("postgres", "ALTER TABLE bc_audit.away RENAME TO head"),
            lambda: log.fill(1),
            lambda: None,
        ]
    )

    def wait(_seconds: float) -> bool:
        act = next(rounds, None)
        if act:
            act()
        return act is None

    keep_signing(log.signer(), SignerBeat(log.database.engine("bc_signer")), Exception, wait, told.append)
    assert [line.split(" ")[0] for line in told] == ["Sealed", "The", "Signing", "Sealed"], told


def bcctl(log: AuditLogUnderTest, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`bcctl audit ...` as a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from bc_lib.cli.audit import app; app()", *arguments],
        env=environment(log),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def environment(log: AuditLogUnderTest) -> dict[str, str]:
    """What the process gets."""
    return {
        **os.environ,
        "BC_DATA_DIR": str(log.folder / "data"),
        "BC_ENV": "test",
        "BC_AUDIT_SIGNING_KEY": SECRET,
        **{
            f"BC_DATABASE_URL_{role.upper()}": log.database.url(f"bc_{role}")
            for role in ("ui", "reader", "keeper", "signer")
        },
    }


SECRET = new_key()


def know_vera(log: AuditLogUnderTest) -> None:
    """A viewer, who may export."""
    vera = SeenPerson(issuer="demo", subject="vera", name="Vera", roles=frozenset({Role.VIEWER}), public_key="0" * 64)
    PeopleDirectory(log.database.engine("bc_sign_on")).bring([vera])


def test_the_process_seals_within_thirty_seconds(log: AuditLogUnderTest) -> None:
    """`bcctl audit sign --watch` on its own; stops at SIGTERM; the other commands with it (TC-051, TC-052)."""
    process = subprocess.Popen(
        [sys.executable, "-c", "from bc_lib.cli.audit import app; app()", "sign", "--watch", "--interval", "1"],
        env=environment(log),
        stderr=subprocess.PIPE,
        text=True,
    )
    folder = CheckpointFolder(log.folder / "data" / "audit" / "checkpoints")
    try:
        log.fill(1)
        began = time.monotonic()
        while (found := folder.last()) is None or found.last < 31:
            assert time.monotonic() - began < 30
            assert process.poll() is None
            time.sleep(0.1)
    finally:
        process.send_signal(signal.SIGTERM)
        out = process.communicate(timeout=20)[1]
    assert process.returncode == 0, out
    assert SECRET not in out
    done = bcctl(log, "verify", "--json")
    assert (done.returncode, json.loads(done.stdout)["sound"], json.loads(done.stdout)["signed_to"]) == (0, True, 31), (
        done.stderr
    )
    target = log.folder / "x.csv"
    know_vera(log)
    assert bcctl(log, "export", "-o", str(target)).returncode == 3  # nobody said who asks
    done = bcctl(
        log,
        "export",
        "--as",
        "vera",
        "--format",
        "csv",
        "-o",
        str(target),
        "--system",
        "orders-db",
        "--to",
        "2100-01-01",
    )
    assert done.returncode == 0, done.stderr
    assert bcctl(log, "verify", "--export", str(target)).returncode == 0
    assert bcctl(log, "export", "--as", "vera", "-o", str(target)).returncode == 1  # never over a file
    for form in ("json", "csv"):  # the very file that the export wrote
        whole = str(log.folder / f"{form}.zip")
        assert bcctl(log, "export", "--as", "vera", "-o", whole, "--format", form).returncode == 0
        done = bcctl(log, "verify", "--export", whole)
        assert (done.returncode, "sound" in done.stdout) == (0, True), done.stderr
    assert bcctl(log, "export", "-o", str(log.folder / "z.csv"), "--from", "yesterday").returncode == 2
    assert bcctl(log, "checkpoints", "--json").returncode == 0
    log.tamper("UPDATE bc_audit.record SET body = replace(body, 'Olga', 'Anna') WHERE seq = 12")
    done = bcctl(log, "verify")
    assert (done.returncode, "Record 12 was changed" in done.stdout) == (1, True)
    log.database.sql("postgres", "TRUNCATE bc.component_beat")
    assert "Traceback" not in bcctl(log, "sign").stderr
