"""A pack of a request that ended: whole, signed, verified by bare Python; whatever is changed in it is found and named."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bc_lib.services.evidence.make import make_pack
from bc_lib.services.evidence.standalone_pack import unpack, verify_files
from bc_lib.services.evidence.take import take
from tests.fixtures.evidence import PUBLISHED, Packs, every_change_is_named, troubles
from tests.fixtures.requests import together
from tests.fixtures.running import Running, refused

FILES = {
    "manifest.json",
    "signature.json",
    "report.html",
    "report.pdf",
    "pack.json",
    "timeline.csv",
    "audit.json",
    "verify_pack.py",
}


def test_whole_signed_and_verified_on_a_machine_without_the_project(running: Running, packs: Packs) -> None:
    """Issue 5, TC-050: all files, the key from outside; then every kind of change to it is found and named."""
    request = running.ready()
    running.go(request)
    assert packs.make() == "1 evidence packs and 0 addenda made"
    assert refused(take, packs.taking, running.world.actor("vera"), request.id) == "PACK_UNSIGNED"
    packs.sign()
    pack = take(packs.taking, running.world.actor("vera"), request.id).content
    files, wrong = unpack(pack)
    assert (wrong, set(files)) == ([], FILES)
    _alone(packs, pack, files)
    every_change_is_named(pack, packs.key.public)
    assert troubles(pack + b"\n", packs.key.public)
    assert troubles(pack[:-1], packs.key.public)
    _files(packs, files)
    assert PUBLISHED in files["report.html"].decode()
    assert json.loads(files["pack.json"])["verdict"]["state"] == "Succeeded"
    assert packs.make() == "0 evidence packs and 0 addenda made"
    taken = [each for each in running.world.audit.entries if each.verb == "evidence.made"]
    assert len(taken) == 1
    sql = running.world.database.sql
    assert sql("bc_ui", "SELECT count(*) FROM bc_audit.record WHERE body LIKE '%evidence.take%'") == [(1,)]


def _alone(packs: Packs, pack: bytes, files: dict[str, bytes]) -> None:
    """Bare Python in an empty folder; zip and folder alike; only the key from outside makes it sound."""
    code, said = packs.verify(pack, "--key", packs.key.public)
    assert (code, said.splitlines()[-1]) == (0, "8 files: sound")
    mark = hashlib.sha256(bytes.fromhex(packs.key.public)).hexdigest()
    assert mark in packs.verify(pack)[1]
    folder = packs.folder / "unzipped"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    assert packs.verify(folder, "--fingerprint", mark)[0] == 0
    (folder / "notes.txt").write_text("mine")
    code, said = packs.verify(folder, "--key", packs.key.public)
    assert code == 1
    assert "notes.txt was added" in said
    code, said = packs.verify(pack, "--key", "ab" * 32)
    assert code == 1
    assert "signed with another key" in said
    broken = bytearray(pack)
    broken[pack.index(b"%PDF-") + 100] ^= 1
    code, said = packs.verify(bytes(broken), "--key", packs.key.public)
    assert code == 1
    assert "WRONG: report.pdf was changed" in said


def _files(packs: Packs, files: dict[str, bytes]) -> None:
    """Missing, added, a manifest that was made to fit, a signature that is of something else."""
    for name in FILES:
        found = verify_files({one: files[one] for one in files if one != name}, packs.key.public)[0]
        assert any(name in each and ("missing" in each or "not signed" in each.lower()) for each in found), name
    assert verify_files({**files, "more.txt": b""}, packs.key.public)[0] == [
        "more.txt was added: the manifest does not name it."
    ]
    manifest = json.loads(files["manifest.json"])
    manifest["files"]["report.html"] = hashlib.sha256(b"forged").hexdigest()
    forged = json.dumps(manifest, sort_keys=True, separators=(",", ":")).encode()
    found = verify_files({**files, "report.html": b"forged", "manifest.json": forged}, packs.key.public)[0]
    assert found == ["manifest.json was changed, or signature.json is that of another pack."]


def test_a_signature_of_another_pack_is_none(running: Running, packs: Packs) -> None:
    """Two requests; each pack's signature in the other one."""
    first, second = running.ready(scope="orders-db"), running.ready(scope="billing-db")
    running.go(first)
    running.go(second)
    ones, others = unpack(packs.take(first))[0], unpack(packs.take(second))[0]
    assert verify_files(ones, packs.key.public)[0] == []
    found = verify_files({**ones, "signature.json": others["signature.json"]}, packs.key.public)[0]
    assert found == ["manifest.json was changed, or signature.json is that of another pack."]


def test_made_once_whoever_makes_it_and_whatever_interrupts(running: Running, packs: Packs) -> None:
    """Killed before it is stored: nothing is there, and the next pass makes it whole; six at once: one pack, one record."""
    request = running.ready()
    running.go(request)
    real, calls = packs.documents.pdf, []

    def dies(document: object) -> bytes:
        calls.append(document)
        raise MemoryError

    packs.documents.pdf = dies  # type: ignore[method-assign,assignment]
    assert "1 COULD NOT BE MADE" in packs.make()
    assert packs.store.read.stored(request.id) == []
    packs.documents.pdf = real  # type: ignore[method-assign]
    assert sorted(together(4, lambda _: make_pack(packs.maker, request.id))) == [False, False, False, True]
    assert len(packs.store.read.stored(request.id)) == 1
    made = "SELECT count(*) FROM bc_audit.record WHERE body::jsonb->>'verb' = 'evidence.made'"
    assert running.world.database.sql("bc_ui", made) == [(1,)]


@pytest.mark.parametrize("role", ["bc_ui", "bc_runner", "bc_keeper", "bc_poller", "bc_reader"])
def test_nobody_changes_a_pack_and_only_the_keeper_makes_one(running: Running, packs: Packs, role: str) -> None:
    """SEC-003, A16: over SQL, with whatever role; also not for a request that goes on."""
    request = running.ready()
    said = Refusals(running, role)
    insert = (
        "INSERT INTO bc.evidence (request, number, manifest, digest, files, tells) VALUES "
        "(:id, 0, 'x', encode(sha256('x'), 'hex'), '', 0)"
    )
    assert said(insert, id=request.id) in {"InsufficientPrivilege", "WRONG_STATE", "ReadOnlySqlTransaction"}
    running.go(request)
    packs.make()
    for change in (
        "UPDATE bc.evidence SET files = ''",
        "DELETE FROM bc.evidence",
        "DELETE FROM bc.finding",
        "UPDATE bc.evidence_signoff SET answer = 'accepted'",
    ):
        assert said(change) in {"InsufficientPrivilege", "ReadOnlySqlTransaction"}


class Refusals:
    """How the database refuses a statement of a role."""

    def __init__(self, running: Running, role: str) -> None:
        self.sql: Callable[..., object] = running.world.database.sql
        self.role = role

    def __call__(self, statement: str, **values: object) -> str:
        with pytest.raises(Exception) as found:
            self.sql(self.role, statement, **values)
        cause = getattr(found.value, "orig", found.value)
        return getattr(getattr(cause, "diag", None), "constraint_name", None) or type(cause).__name__


def keep_for_looking(packs: Packs, pack: bytes, name: str) -> None:
    """BC_KEEP_PACKS=FOLDER leaves packs there, for a person who wants to look at their pages."""
    if folder := os.environ.get("BC_KEEP_PACKS"):
        Path(folder, f"{name}.zip").write_bytes(pack)
