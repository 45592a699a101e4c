"""`bcctl audit` with several places, as processes of their own (decision 9, FR-041)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import SQLAlchemyError

from bc_lib.integrations.checkpoints.keys import new_key
from bc_lib.services.audit.signing import one_round, seal_trouble
from bc_lib.store.audit_signer import SignerBeat
from tests.fixtures.audit_log import AuditLogUnderTest, make_log
from tests.fixtures.checkpoint_places import SECRET, Receiver, S3Server, s3_server
from tests.fixtures.database import Database

__all__ = ["s3_server"]
KEY = new_key()


@pytest.fixture
def log(database: Database, tmp_path: Path) -> AuditLogUnderTest:
    """Thirty records."""
    return make_log(database, tmp_path)


def bcctl(log: AuditLogUnderTest, places: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`bcctl audit ...` with BC_CHECKPOINTS."""
    given = {
        "BC_DATA_DIR": str(log.folder / "data"),
        "BC_ENV": "test",
        "BC_AUDIT_SIGNING_KEY": KEY,
        "BC_CHECKPOINTS": places,
        "OBJECTS": SECRET,
        **{
            f"BC_DATABASE_URL_{role.upper()}": log.database.url(f"bc_{role}")
            for role in ("ui", "reader", "keeper", "signer")
        },
    }
    return subprocess.run(
        [sys.executable, "-c", "from bc_lib.cli.audit import app; app()", *arguments],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_signed_to_three_places_and_verified_from_each(log: AuditLogUnderTest, s3_server: S3Server) -> None:
    """Folder, object store and syslog; a tampered log is found from whichever is left (A17)."""
    target = s3_server.target()
    objects = f"s3://{target.bucket}/bc/audit?endpoint={target.endpoint}&credential=env:OBJECTS&retention_days=30"
    with Receiver(mode="reset") as receiver:
        places = f"directory:{log.folder}/places, {objects}, syslog+tcp://127.0.0.1:{receiver.port}"
        done = bcctl(log, places, "sign")
        assert (done.returncode, "syslog+tcp://127.0.0.1" in done.stderr) == (1, True), done.stderr
        state = SignerBeat(log.database.engine("bc_reader")).state()
        assert (state.signed_to, state.refused) == (0, None)
        assert "does not take checkpoints" in str(state.missed)
        receiver.mode = "take"
        log.fill(2)
        done = bcctl(log, places, "sign")
        assert (done.returncode, "Sealed to record 32" in done.stdout) == (0, True), done.stderr
        lines = receiver.write(log.folder / "messages")
    for arguments in (
        (),
        ("--checkpoints", objects),
        ("--checkpoints", str(lines)),
        ("--checkpoints", "directory:" + str(log.folder / "places")),
    ):
        done = bcctl(log, places, "verify", "--json", *arguments)
        said = json.loads(done.stdout)
        assert (done.returncode, said["sound"], said["signed_to"]) == (0, True, 32), (arguments, done.stdout)
    assert len(json.loads(bcctl(log, places, "checkpoints", "--json").stdout)["checkpoints"]) == 2
    log.tamper("UPDATE bc_audit.record SET body = replace(body, 'Olga', 'Anna'), hash = sha256(hash) WHERE seq = 12")
    (log.folder / "places" / "checkpoint-000000000000032.json").unlink()
    done = bcctl(log, places, "verify")
    assert "Record 12" in done.stdout
    assert "ends at record 30" in done.stdout
    assert "Record 12" in bcctl(log, places, "verify", "--checkpoints", str(lines)).stdout
    assert "very-secret-key" not in done.stdout + done.stderr


@pytest.mark.parametrize("places", ["syslog+unix:///dev/log", "nowhere", "directory:/x,s3://b?credential=hunter2"])
def test_a_setting_that_cannot_be_meant_is_one_sentence(log: AuditLogUnderTest, places: str) -> None:
    for command in ("sign", "verify"):
        done = bcctl(log, places, command)
        assert done.returncode != 0
        assert "Traceback" not in done.stderr
        assert "hunter2" not in done.stderr


def test_a_place_that_is_away_is_told_when_it_lasts(log: AuditLogUnderTest) -> None:
    """Health at once, security after a minute; a refusal is told at once (decision 9)."""
    from dataclasses import replace

    from bc_lib.services.audit.checkpoint import Delivered

    beat = SignerBeat(log.database.engine("bc_signer"))
    signer = replace(
        log.signer(), deliver=lambda: Delivered(to=20, missed="syslog does not take checkpoints: refused.")
    )
    done = one_round(signer, beat, SQLAlchemyError)
    assert (done.signed_to, done.trouble) == (20, "syslog does not take checkpoints: refused.")
    state = beat.state()
    assert (state.signed_to, state.refused, state.missed) == (20, None, done.trouble)
    assert seal_trouble(state) is None
    later = seal_trouble(replace(state, now=state.now + timedelta(minutes=5)))
    assert "21 to 30 have not been sealed at every place" in str(later)
    assert "syslog does not take" in str(later)
    details = log.database.sql("postgres", "SELECT details->>'last_error' FROM bc.component_beat")
    assert details[0][0] == done.trouble
    one_round(
        replace(signer, deliver=lambda: Delivered(to=20, refused="folder: some were removed.")), beat, SQLAlchemyError
    )
    assert "some were removed" in str(seal_trouble(beat.state()))
