"""`bcctl policy`: plan, propose, agree, reject, list, show; exit 3 and the denial's code for every refusal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bc_lib import bootstrap
from tests.fixtures.policies import FILE
from tests.fixtures.requests import World

PLAN = """~ rule Tier 1 changed
    needs: 1 approver-it and 1 approver-business -> 2 approver-it and 1 approver-business
    confirm within: 4h -> 2h
Made from version 1 of the policy.
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A policy file."""
    path = tmp_path / "policy.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


def test_from_file_to_policy(commands: Any, file: Path) -> None:
    """FR-031, S5: ada proposes, cannot agree; alan does; the requests job applies."""
    assert commands("policy", "plan", str(file)) == (0, PLAN, None)
    code, _, made = commands("policy", "propose", str(file), "--base", "1", "--as", "ada", "--json")
    assert (code, made["id"], made["state"], made["proven"]) == (0, 1, "open", True)
    assert made["changes"][0] == "~ rule Tier 1 changed"
    code, said, refused = commands("policy", "agree", "1", "--as", "ada", "--json")
    assert (code, refused["denied"]["code"]) == (3, "PROPOSER_EXCLUDED")
    assert said == "You proposed policy change 1, so another administrator must agree. [PROPOSER_EXCLUDED]\n"
    assert (
        commands("policy", "agree", "1", "--digest", made["digest"], "--as", "alan", "--json")[2]["state"] == "agreed"
    )
    assert "1 proposals ended" in bootstrap.request_upkeep()
    assert commands("policy", "show", "--json")[2]["version"] == 2
    assert "1    applied   from version 1: proposed by Ada; agree by Alan; version 2" in commands("policy", "list")[1]
    shown = commands("policy", "show", "1", "--json")[2]
    assert (shown["version"], [each["says"] for each in shown["words"]]) == (2, ["propose", "agree"])
    assert commands("policy", "plan", str(file))[1] == "No change.\n"


def test_the_rules_of_now_as_a_file(commands: Any, tmp_path: Path) -> None:
    """What is shown as YAML is no change."""
    path = tmp_path / "now.yaml"
    path.write_text(commands("policy", "show", "--yaml")[1], encoding="utf-8")
    assert commands("policy", "plan", str(path))[:2] == (0, "No change.\n")
    assert commands("policy", "propose", str(path), "--as", "ada")[0] == 3


def test_rejecting(commands: Any, file: Path) -> None:
    """With a reason that is shown."""
    assert "No proposals" in commands("policy", "list")[1]
    commands("policy", "propose", str(file), "--as", "ada")
    assert commands("policy", "reject", "1", "--as", "alan")[0] == 2
    assert "reject by Alan (Too slow)" in commands("policy", "reject", "1", "--reason", "Too slow", "--as", "alan")[1]
    assert commands("policy", "list", "--json")[2]["proposals"][0]["state"] == "rejected"


@pytest.mark.parametrize(
    ("words", "code", "denial"),
    [
        (["propose", "FILE", "--as", "olga"], 3, "ROLE_MISSING"),
        (["propose", "FILE", "--as", "nobody"], 3, "SIGN_ON_REFUSED"),
        (["propose", "FILE"], 3, "SIGN_ON_REFUSED"),
        (["propose", "FILE", "--base", "9", "--as", "ada"], 3, "PROPOSAL_STALE"),
        (["agree", "7", "--as", "ada"], 3, "UNKNOWN_PROPOSAL"),
        (["show", "7"], 3, "UNKNOWN_PROPOSAL"),
        (["agree", "x", "--as", "ada"], 2, ""),
        (["plan", "/nowhere/policy.yaml"], 2, ""),
    ],
)
def test_refusals(commands: Any, file: Path, words: list[str], code: int, denial: str) -> None:
    """Exit code 3 and the code at the end of the sentence."""
    found, said, _ = commands("policy", *(str(file) if word == "FILE" else word for word in words))
    assert (found, denial in said) == (code, True), said


def test_what_is_wrong_with_a_file(commands: Any, file: Path) -> None:
    """File and line, exit 1, nothing proposed."""
    file.write_text(FILE.replace("approver-it: 2, approver-business: 1", "approver-it: 1"), encoding="utf-8")
    for verb in ("plan", "propose"):
        words = ("policy", verb, str(file), *(("--as", "ada") if verb == "propose" else ()))
        code, said, _ = commands(*words)
        assert code == 1
        assert said.startswith("policy.yaml:5: rule 1: needs: a failover of tier 1 in prod would need fewer than two")
    assert "No proposals" in commands("policy", "list")[1]


def test_prod_refuses_every_writing_command(commands: Any, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In prod bcctl has no sign-in; reading goes on."""
    commands("policy", "propose", str(file), "--as", "ada")
    monkeypatch.setenv("BC_ENV", "prod")
    for words in (["propose", str(file)], ["agree", "1"], ["reject", "1", "--reason", "x"]):
        for who in (["--as", "alan"], []):
            assert commands("policy", *words, *who)[0] == 3
    assert commands("policy", "show", "1", "--json")[2]["state"] == "open"


def test_the_audit_holds_before_and_after(commands: Any, file: Path, world: World) -> None:
    """FR-040: a configuration change with both."""
    commands("policy", "propose", str(file), "--as", "ada")
    commands("policy", "agree", "1", "--as", "alan")
    bootstrap.request_upkeep()
    found = world.database.sql(
        "bc_reader",
        "SELECT body::jsonb->'payload'->'before'->0->'approved_s', body::jsonb->'payload'->'after'->0->'approved_s', "
        "body::jsonb->>'db_role' FROM bc_audit.record WHERE body::jsonb->>'verb' = 'policy.apply'",
    )
    assert found == [(14400.0, 7200.0, "bc_runner")]
