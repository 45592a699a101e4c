"""`bcctl request`, `breakglass` and `policy`: JSON, sentences, and exit code 3 with the denial's code."""

from __future__ import annotations

from typing import Any

import pytest

from bc_lib import bootstrap
from bc_lib.domain.inventory import Site
from tests.fixtures.commands import commands
from tests.fixtures.requests import World, later

__all__ = ["commands"]

CREATE = [
    "request",
    "create",
    "--type",
    "failover",
    "--resource",
    "orders-db",
    "--target-site",
    "ams",
    "--reason",
    "Power",
]


def test_from_asking_to_ready(commands: Any) -> None:
    """FR-030..032: sam asks, cannot approve; ian and bea do; olga confirms."""
    assert commands(*CREATE, "--as", "sam", "--json")[2]["id"] == "r-1"
    code, said, refused = commands("request", "approve", "r-1", "--role", "approver-it", "--as", "sam", "--json")
    assert (code, refused["denied"]["code"]) == (3, "REQUESTER_EXCLUDED")
    assert said == "You asked for r-1, so another person must decide on it. [REQUESTER_EXCLUDED]\n"
    assert commands("request", "approve", "r-1", "--role", "approver-it", "--as", "ian")[0] == 0
    shown = commands("request", "show", "r-1", "--json")[2]
    assert shown["missing"] == [{"role": "approver-business", "count": 1}]
    assert {
        "schema_version",
        "id",
        "type",
        "scope",
        "state",
        "approvals",
        "expires_at",
        "confirmation_phrase",
        "plan",
    } <= set(shown)
    assert [(each["person"], each["counts"]) for each in shown["approvals"]] == [("Ian", True)]
    assert commands("request", "approve", "r-1", "--role", "approver-business", "--as", "bea")[0] == 0
    assert commands("request", "confirm", "r-1", "--phrase", "yes", "--as", "olga")[0] == 3
    assert (
        commands("request", "confirm", "r-1", "--phrase", shown["confirmation_phrase"], "--as", "olga", "--json")[2][
            "state"
        ]
        == "ReadyToStart"
    )
    shown, listed = commands("request", "show", "r-1", "--json")[2], commands("request", "list", "--json")[2]
    loss, why = shown["loss_to_accept"], shown["does_not_start"]
    assert why["sentence"] == f"r-1 can lose {loss}; somebody must accept exactly that first."
    assert (why["code"], why["do"]) == ("CONSENT_MISSING", f"bcctl run consent r-1 --loss '{loss}'")
    assert listed["requests"][0]["does_not_start"] == why
    for said in (commands("request", "list")[1], commands("request", "show", "r-1")[1]):
        assert f"It does not start yet: {why['sentence']}" in said
    assert commands("run", "consent", "r-1", "--loss", loss, "--as", "olga")[0] == 0
    assert commands("request", "show", "r-1", "--json")[2]["does_not_start"] is None
    assert "r-1      Ready to start       failover of orders-db to Amsterdam" in commands("request", "list")[1]
    assert commands("request", "withdraw", "r-1", "--as", "sam", "--json")[2]["state"] == "Cancelled"


def test_the_site_is_needed_only_where_there_is_a_choice(commands: Any, world: World) -> None:
    """FR-030: one site is left by itself; where none is, the service refuses, and that is audited as every refusal."""
    plan = commands("plan", "--type", "switchover", "--resource", "orders-db", "--json")
    assert (plan[0], plan[2]["plan"]["target_site"]) == (0, "ams")
    without = [word for word in CREATE if word not in {"--target-site", "ams"}]
    assert commands(*without, "--as", "sam")[0] == 0
    assert world.gate.store.read.get("r-1").target_site == "ams"
    for kind, scope, code in (
        ("failback", "billing-db", "ALREADY_THERE"),
        ("failover", "nothing-here", "UNKNOWN_SCOPE"),
        ("failover", "orders-db", "OPEN_REQUEST"),
    ):
        words = ["request", "create", "--type", kind, "--resource", scope, "--reason", "x", "--as", "sam", "--json"]
        found = commands(*words)
        assert (found[0], found[2]["denied"]["code"]) == (3, code), found
        records = world.database.sql(
            "postgres", "SELECT 1 FROM bc_audit.record WHERE body::jsonb->>'reason_code' = :code", code=code
        )
        assert len(records) == 1, code


def test_a_site_is_said_by_its_name_or_by_the_title_that_refusals_show(commands: Any, world: World) -> None:
    """Everywhere a site can be said; what is stored is its name. Two sites of one title are told apart by name only."""
    words = ["--type", "switchover", "--resource", "orders-db", "--target-site", "amsterdam"]
    assert commands("plan", *words, "--json")[2]["plan"]["target_site"] == "ams"
    there = commands(*[word if word != "ams" else "Frankfurt" for word in CREATE], "--as", "sam")
    assert there[:2] == (3, "orders-db is already active at Frankfurt; choose the other site. [ALREADY_THERE]\n")
    assert commands(*[word if word != "ams" else "Amsterdam" for word in CREATE], "--as", "sam")[0] == 0
    when = ["--title", "Rotation", "--reason", "x", "--start", f"{later(30 * 86_400.0):%Y-%m-%d %H:%M}"]
    added = commands("schedule", "add", *words, *when, "--as", "sam", "--json")
    assert added[0] == 0, added[1]
    assert [world.gate.store.read.get("r-1").target_site, added[2]["target_site"]] == ["ams", "ams"]
    nowhere = commands("plan", *words[:-1], "Berlin")
    assert nowhere[1] == (
        "orders-db has no site 'Berlin'; its sites are fra (Frankfurt) and ams (Amsterdam). [TARGET_SITE_UNKNOWN]\n"
    )
    world.apply(sites=tuple(Site(name=name, title="Amsterdam") for name in ("fra", "ams")))
    world.observe()
    twice = commands("plan", *words)
    assert twice[:2] == (
        3,
        "orders-db has more than one site called 'amsterdam'; choose fra or ams. [SITE_AMBIGUOUS]\n",
    )
    assert commands("plan", *words[:-1], "ams")[0] == 0


def test_all_blockers_before_anybody_asks(commands: Any, world: World) -> None:
    """FR-033: every one of them, without a request; exit 3 where there is one. Here nothing can act at all."""
    words = ["plan", "--type", "failover", "--resource", "orders-db", "--check"]
    code, said, shown = commands(*words, "--json")
    assert code == 3, said
    assert len(shown["blockers"]) == 1
    assert "orders-db has no execution account" in shown["blockers"][0]
    assert world.gate.store.read.list().requests == ()
    world.ask()
    code, said, _ = commands(*words)
    assert code == 3
    text = commands(*words, "--json")[2]["blockers"]
    assert len(text) == 2
    assert text[1].startswith("orders-db is part of r-1 already")


@pytest.mark.parametrize(
    ("words", "code", "denial"),
    [
        ([*CREATE, "--as", "vera"], 3, "ROLE_MISSING"),
        ([*CREATE, "--as", "nobody"], 3, "SIGN_ON_REFUSED"),
        (CREATE, 3, "SIGN_ON_REFUSED"),
        (["request", "show", "r-9"], 3, "UNKNOWN_REQUEST"),
        (["request", "approve", "r-9", "--role", "approver-it", "--as", "ian"], 3, "UNKNOWN_REQUEST"),
        (
            ["breakglass", "grant", "--resource", "orders-db", "--incident", "-", "--reason", "x", "--as", "olga"],
            3,
            "INCIDENT_REQUIRED",
        ),
        (["breakglass", "review", "9", "--findings", "x", "--as", "ada"], 3, "UNKNOWN_GRANT"),
        (["request", "create", "--type", "failover", "--target-site", "ams", "--reason", "x"], 2, ""),
    ],
)
def test_refusals(commands: Any, words: list[str], code: int, denial: str) -> None:
    """TC-002: exit code 3 and the code at the end of the sentence."""
    found, said, _ = commands(*words)
    assert (found, denial in said) == (code, True), said


def test_break_glass_and_review(commands: Any) -> None:
    """TC-006 by command."""
    commands(*CREATE, "--as", "olga")
    given = commands(
        "breakglass", "grant", "--request", "r-1", "--incident", "INC-7", "--reason", "Dark", "--as", "olga", "--json"
    )[2]
    assert given["used_by"] == "r-1"
    assert "BREAK-GLASS by Olga, incident INC-7: Dark" in commands("request", "show", "r-1")[1]
    assert commands("breakglass", "review", str(given["id"]), "--findings", "Fine", "--as", "ada")[0] == 0
    assert commands("breakglass", "list", "--json")[2]["grants"][0]["findings"] == "Fine"


def test_policy(commands: Any) -> None:
    """FR-031: the rules in order."""
    assert commands("policy", "show", "--json")[2]["rules"][0]["needs"] == [
        {"role": "approver-it", "count": 1},
        {"role": "approver-business", "count": 1},
    ]
    assert (
        "1. Tier 1 (tier 1): 1 approver-it and 1 approver-business; approve within 1 d" in commands("policy", "show")[1]
    )


def test_prod_refuses_every_writing_command(commands: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """In prod bcctl has no sign-in; reading goes on."""
    commands(*CREATE, "--as", "olga")
    monkeypatch.setenv("BC_ENV", "prod")
    for words in (
        CREATE,
        ["request", "approve", "r-1", "--role", "approver-it"],
        ["request", "cancel", "r-1"],
        ["request", "confirm", "r-1", "--phrase", "x"],
        ["request", "deny", "r-1", "--role", "approver-it", "--reason", "x"],
        ["breakglass", "grant", "--resource", "orders-db", "--incident", "I", "--reason", "x"],
    ):
        for who in (["--as", "olga"], []):
            assert commands(*words, *who)[0] == 3
    assert commands("request", "show", "r-1", "--json")[2]["state"] == "PendingApproval"


def test_people_are_brought_and_upkeep_runs(commands: Any) -> None:
    """What the jobs call."""
    assert bootstrap.bring_people() >= 6
    assert "0 expired, 0 voided, 0 counted refusals recorded, 0 proposals ended" in bootstrap.request_upkeep()
