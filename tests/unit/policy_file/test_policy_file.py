"""The policy file: every trouble with file and line, and a text that reads back (FR-031)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given

from bc_lib.domain.requests.policy import Need, Rule
from bc_lib.domain.requests.policy_rules import problems
from bc_lib.integrations.policy_file.reader import parse, read_file
from bc_lib.integrations.policy_file.writer import to_yaml
from bc_lib.ports.inventory import InvalidInventory
from tests.fixtures.policies import BUSINESS, FILE, IT, any_rules


def errors(text: str) -> list[str]:
    """What is said about a file."""
    with pytest.raises(InvalidInventory) as found:
        parse(text.encode(), "p.yaml")
    return list(found.value.errors)


def test_a_file() -> None:
    """Order, needs, times."""
    first, second = parse(FILE.encode(), "p.yaml")
    assert first.needs == (Need(role=IT, count=2), Need(role=BUSINESS, count=1))
    assert (first.tiers, first.approved_s, first.pending_s) == ((1,), 7200.0, 86_400.0)
    assert (second.position, second.tiers, second.ready_s) == (2, (), 900.0)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "approver-it: 2",
            "approver-its: 2",
            "p.yaml:5: rule 1: needs: unknown key 'approver-its'; did you mean 'approver-it'?",
        ),
        ("approver-it: 2", "approver-it: 0", "p.yaml:5: rule 1: needs.approver-it: 0: input should be greater than"),
        ("tiers: [1]", "tiers: [1, 3]", "p.yaml:4: rule 1: tiers[2]: 3 is not one of 1 or 2"),
        ("tiers: [1]", "types: [failovr]", "p.yaml:4: rule 1: types[1]: 'failovr' is not one of 'failover'"),
        ("2h", "2", "p.yaml:6: rule 1: confirm_within: 2 has no unit"),
        ("2h", "30d", "p.yaml:6: rule 1: confirm_within: the time to confirm of rule 1 is not between 1 min and 7 d"),
        ("schema_version: 1", "schema_version: 2", "p.yaml:1: schema_version 2 is not known"),
        (
            "approver-it: 2, approver-business: 1",
            "approver-it: 1",
            "p.yaml:5: rule 1: needs: a failover of tier 1 in prod",
        ),
        ("name: Everything else", "name: Tier 1", "p.yaml:7: rule 2: name: the name 'Tier 1' is given twice"),
        ("needs: {approver-it: 1}", "needs: {}", "p.yaml:8: rule 2: needs: rule 2 asks for nobody"),
        (
            "    needs: {approver-it: 1}",
            "    tiers: [1]\n    needs: {approver-it: 2}",
            "p.yaml:2: no rule covers a failover of tier 2",
        ),
        ("rules:", "rule:", "p.yaml:2: unknown key 'rule'; did you mean 'rules'?"),
    ],
)
def test_what_is_wrong_stands_with_its_line(old: str, new: str, said: str) -> None:
    """Each error names file, line and what to do."""
    assert old in FILE
    found = errors(FILE.replace(old, new, 1))
    assert any(each.startswith(said) for each in found), found


@pytest.mark.parametrize(
    "text", ["", "[]", "rules: 3", "\x00", "a: [", "rules: [3]\nschema_version: 1", "? {a: b}\n: c"]
)
def test_no_policy_at_all(text: str, tmp_path: Path) -> None:
    """Sentences, never a traceback."""
    assert errors(text)
    with pytest.raises(InvalidInventory, match="cannot be opened"):
        read_file(tmp_path / "none.yaml")


@given(any_rules(broken=False))
def test_what_is_written_reads_back(rules: tuple[Rule, ...]) -> None:
    """Property: bcctl policy show --yaml loses nothing."""
    assume(not problems(rules))
    again = parse(to_yaml(rules).encode(), "p.yaml")
    assert again == tuple(replace(each, needs=tuple(sorted(each.needs, key=_place))) for each in rules)


def _place(need: Need) -> int:
    return (IT, BUSINESS).index(need.role)
