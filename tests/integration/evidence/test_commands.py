"""`bcctl evidence`: every command with its refusals, exit codes, files and JSON (issue 5, ux.md "Conventions")."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bc_lib.services.evidence.standalone_pack import unpack
from bc_lib.services.requests.withdraw import withdraw
from tests.fixtures.commands import close_engines, commands
from tests.fixtures.evidence import Packs
from tests.fixtures.requests import World

__all__ = ["commands"]

SOON = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()


@pytest.fixture
def packs(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packs:
    """Not over the world of runs: these requests are withdrawn. The commands find the signer's checkpoints."""
    made = Packs(world, tmp_path / "evidence")
    monkeypatch.setenv("BC_AUDIT_CHECKPOINTS", str(made.folder / "checkpoints"))
    return made


@pytest.fixture
def ended(world: World, packs: Packs) -> str:
    """r-1, withdrawn, without a pack so far."""
    return withdraw(world.gate, world.actor("olga"), world.ask().id).id


def test_from_the_end_to_a_verified_file(commands: Any, packs: Packs, ended: str, tmp_path: Path) -> None:
    """`make`, then `-o`: refused with a sentence until it is made and signed; what is written verifies on its own."""
    file = tmp_path / "pack.zip"
    take = ("evidence", ended, "-o", str(file), "--as", "vera")
    assert commands("evidence", "show", ended)[1] == "There is no pack of r-1 yet.\n"
    assert commands(*take, "--json")[::2] == (3, _denied(commands, take))
    assert commands("evidence", "key")[1] == "No key is known yet: nothing was signed.\n"
    code, _, made = commands("evidence", "make", "--json")
    assert (code, made["done"]) == (0, "1 evidence packs and 0 addenda made")
    assert commands("evidence", "make")[1] == "0 evidence packs and 0 addenda made.\n"
    code, said, _ = commands(*take)
    assert (code, "[PACK_UNSIGNED]" in said, file.exists()) == (3, True, False)
    packs.sign()
    code, said, body = commands(*take, "--json")
    assert (code, body) == (0, {"schema_version": 1, "id": ended, "addenda": 0, "not_signed_yet": 0})
    assert unpack(file.read_bytes())[1] == []
    shown = commands("evidence", "key", "--json")[2]["keys"]
    assert shown == [
        {"key": packs.key.public, "fingerprint": hashlib.sha256(bytes.fromhex(packs.key.public)).hexdigest()}
    ]
    assert packs.verify(file, "--fingerprint", shown[0]["fingerprint"])[0] == 0
    code, said, _ = commands(*take)
    assert (code, said) == (2, f"{file} exists; name a new file. Nothing was written.\n")
    other = ("evidence", "take", ended, "-o", str(tmp_path / "nowhere" / "pack.zip"), "--as", "vera")
    code, said, _ = commands(*other)
    assert (code, "cannot be written: No such file or directory" in said) == (1, True)
    code, said, _ = commands("evidence", "--as", "vera", "-o", str(tmp_path / "second.zip"), ended)
    assert (code, "pack with 0 addenda." in said) == (0, True), "options may come first"


def _denied(commands: Any, take: tuple[str, ...]) -> dict[str, Any]:
    sentence = commands(*take)[1].removesuffix(" [NO_PACK]\n")
    assert sentence.startswith("There is no evidence pack of r-1 yet")
    return {"schema_version": 1, "denied": {"code": "NO_PACK", "sentence": sentence}}


def test_sides_and_findings(commands: Any, packs: Packs, ended: str, tmp_path: Path) -> None:
    """Both sides, a finding from its first day to its closing, and the addendum with all of it."""
    packs.make()
    code, _, said = commands("evidence", "signoff", ended, "--side", "it", "--note", "Read", "--as", "ian", "--json")
    assert (code, said) == (
        0, {"schema_version": 1, "id": ended, "side": "it", "answer": "accepted", "by": "Ian"})  # fmt: skip
    assert commands("evidence", "signoff", ended, "rejected", "--side", "business", "--as", "bea")[1] == (
        "r-1: rejected for the business side by Bea.\n"
    )
    assert commands("evidence", "findings")[1] == "No finding is open.\n"
    note = ("evidence", "finding", ended, "Shorten the TTL", "--owner", "Network team", "--due", SOON, "--as", "ian")
    code, _, found = commands(*note, "--json")
    assert (code, found["number"], found["due"], found["closed_at"]) == (0, 1, SOON, None)
    open_ = f"finding 1 (r-1, orders-db): Shorten the TTL [Network team; open, due {SOON}]\n"
    assert commands("evidence", "findings")[1] == open_
    shown = commands("evidence", "show", ended)[1]
    assert "sign-off it: accepted by Ian\nsign-off business: rejected by Bea\n" + open_ in shown
    assert commands("evidence", "close", "1", "--note", "It is 60 s now", "--as", "ian")[1].endswith(
        "closed by Ian: It is 60 s now]\n"
    )
    assert commands("evidence", "findings", "--json")[2]["findings"] == []
    assert commands("evidence", "findings", "--all", "--json")[2]["findings"][0]["closing"] == "It is 60 s now"
    assert commands("evidence", "make")[1] == "0 evidence packs and 1 addenda made.\n"
    packs.sign()
    file = tmp_path / "with-addendum.zip"
    assert commands("evidence", ended, "-o", str(file), "--as", "vera", "--json")[2]["addenda"] == 1
    assert "addenda/1/addendum.json" in unpack(file.read_bytes())[0]
    packs_shown = commands("evidence", "show", ended, "--json")[2]["packs"]
    assert [each["number"] for each in packs_shown] == [0, 1]


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        (["r-9", "-o", "x.zip", "--as", "vera"], 3, "UNKNOWN_REQUEST"),
        (["r-1", "-o", "x.zip"], 3, "SIGN_ON_REFUSED"),
        (["r-1", "--as", "vera"], 2, "Missing option"),
        (["show", "r-9"], 3, "UNKNOWN_REQUEST"),
        (["signoff", "r-1", "--side", "it", "--as", "olga"], 3, "ROLE_MISSING"),
        (["signoff", "r-1", "--side", "it", "--as", "bea"], 3, "ROLE_MISSING"),
        (["signoff", "r-1", "--side", "legal", "--as", "bea"], 2, "'legal' is not one of"),
        (["signoff", "r-1", "perhaps", "--side", "it", "--as", "ian"], 2, "'perhaps' is not one of"),
        (["signoff", "r-1", "--side", "it", "--note", "a\nb", "--as", "ian"], 3, "TEXT_INVALID"),
        (["finding", "r-1", "x", "--owner", "Ops", "--due", SOON, "--as", "vera"], 3, "ROLE_MISSING"),
        (["finding", "r-1", "x", "--owner", "Ops", "--due", "2020-01-01", "--as", "ian"], 3, "DUE_INVALID"),
        (["finding", "r-1", "x", "--owner", "Ops", "--due", "soon", "--as", "ian"], 2, "'soon' does not match"),
        (["close", "7", "--note", "x", "--as", "ian"], 3, "UNKNOWN_FINDING"),
    ],
)
def test_refusals(commands: Any, packs: Packs, ended: str, words: list[str], code: int, reason: str) -> None:
    """Exit 3 with the denial's code where a rule says no, exit 2 where the words are wrong; nothing is written."""
    packs.make()
    found, said, _ = commands("evidence", *words)
    assert (found, reason in said) == (code, True), said
    assert not Path("x.zip").exists()
    assert packs.store.read.signoffs(ended) == []
    assert packs.store.read.remarks() == []


def test_the_database_away(commands: Any, packs: Packs, ended: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 4 and one sentence for each command, never a trace."""
    for role in ("UI", "READER", "KEEPER"):
        monkeypatch.setenv(f"BC_DATABASE_URL_{role}", "postgresql+psycopg://nobody:x@127.0.0.1:1/none")
    close_engines()
    for words in (["show", ended], ["findings"], ["make"], ["signoff", ended, "--side", "it", "--as", "ian"]):
        code, said, _ = commands("evidence", *words)
        assert (code, said.startswith("The shared database does not answer")) == (4, True), (words, said)
