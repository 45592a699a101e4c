"""A pack of a request that ended: whole, signed, verified by bare Python; a changed byte is found and named."""

from __future__ import annotations

import hashlib
import json

from bc_lib.services.evidence.standalone_pack import unpack
from bc_lib.services.evidence.take import take
from tests.fixtures.evidence import PUBLISHED, Packs
from tests.fixtures.running import Running, refused


def test_a_pack_is_made_signed_and_verifies_on_a_machine_without_the_project(running: Running, packs: Packs) -> None:
    """Issue 5: HTML, PDF, JSON, CSV, audit slice, manifest, signature, verifier; the key from outside counts."""
    request = running.ready()
    running.go(request)
    assert packs.make() == "1 evidence packs and 0 addenda made"
    assert refused(take, packs.taking, running.world.actor("vera"), request.id) == "PACK_UNSIGNED"
    packs.sign()
    pack = take(packs.taking, running.world.actor("vera"), request.id).content
    files, troubles = unpack(pack)
    assert troubles == []
    assert set(files) == {
        "manifest.json",
        "signature.json",
        "report.html",
        "report.pdf",
        "pack.json",
        "timeline.csv",
        "audit.json",
        "verify_pack.py",
    }
    code, said = packs.verify(pack, "--key", packs.key.public)
    assert (code, said.splitlines()[-1]) == (0, "8 files: sound")
    mark = hashlib.sha256(bytes.fromhex(packs.key.public)).hexdigest()
    assert packs.verify(pack, "--fingerprint", mark)[0] == 0
    assert mark in packs.verify(pack)[1]
    other = packs.verify(pack, "--key", "ab" * 32)
    assert other[0] == 1
    assert "signed with another key" in other[1]
    body = json.loads(files["pack.json"])
    assert body["verdict"]["state"] == "Succeeded"
    assert PUBLISHED in files["report.html"].decode()
    assert packs.make() == "0 evidence packs and 0 addenda made"
