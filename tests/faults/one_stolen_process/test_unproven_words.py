"""W: words of others by SQL as bc_ui. Each leaves a record, security hears of each, none counts, none keeps anybody silent."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import DBAPIError

from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request
from bc_lib.services.breakglass.grant import grant
from bc_lib.services.breakglass.listing import list_grants
from bc_lib.services.breakglass.review import review
from bc_lib.services.breakglass.use import use
from bc_lib.services.execution.freeze import freeze
from bc_lib.services.execution.thaw import thaw
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.withdraw import withdraw
from bc_lib.services.requests.words import look_at_words
from tests.faults.one_stolen_process.test_words_once import GRANT, SCOPE, SPEND, USE
from tests.fixtures.requests import IT, World, refused

VOTE = """
INSERT INTO bc.vote (request, plan_revision, plan_digest, person, issuer, subject, role, decision, channel, signed_in_how,
    signed_in_at, proof)
SELECT request, revision, digest, 0, 'demo', 'ian', 'approver-it', :decision, 'ui', 'demo', bc.now(), '{}'
FROM bc.request_plan WHERE request = :id ORDER BY revision DESC LIMIT 1
"""
ACT = """
INSERT INTO bc.run_act (request, plan_revision, plan_digest, kind, step, value, note, issuer, subject, role, channel,
    signed_in_how, signed_in_at, proof)
SELECT request, revision, digest, 'waive', '', '', 'forged', 'demo', 'ian', 'approver-it', 'ui', 'demo', bc.now(), '{}'
FROM bc.request_plan WHERE request = :id ORDER BY revision DESC LIMIT 1
"""
REVIEW = "INSERT INTO bc.breakglass_review (grant_id, issuer, subject, findings) VALUES (1, 'demo', 'bea', 'all fine')"
WITHDRAWAL = """
INSERT INTO bc.withdrawal (request, plan_revision, plan_digest, issuer, subject, proof)
SELECT request, revision, digest, 'demo', 'olga', '{}' FROM bc.request_plan WHERE request = :id
"""
THAW = """
UPDATE bc.freeze SET thawed_at = bc.now(), thawed_issuer = 'demo', thawed_subject = 'ada', thaw_reason = 'x'
"""
END = "UPDATE bc.request SET state = :state, last_event = :event, version = version + 1 WHERE id = :id"


def forge(world: World, kind: str) -> None:
    """Store one word that nobody signed."""
    request, sql = world.ask(), world.database.sql
    if kind in {"breakglass_grant", "breakglass_use", "breakglass_review"}:
        grant(world.gate, world.actor("olga"), SCOPE, "INC-1", "Site dark", 60)
    if kind == "freeze":
        freeze(world.gate, world.actor("olga"), "stop everything")
    look_at_words(world.runner)
    {
        "vote": lambda: sql("bc_ui", VOTE, id=request.id, decision="deny"),
        "run_act": lambda: sql("bc_ui", ACT, id=request.id),
        "breakglass_grant": lambda: sql("bc_ui", GRANT, proof="{}"),
        "breakglass_use": lambda: sql("bc_ui", USE, given=1, id=request.id, who="olga", proof="{}"),
        "breakglass_review": lambda: sql("bc_ui", REVIEW),
        "withdrawal": lambda: sql("bc_ui", WITHDRAWAL, id=request.id),
        "freeze": lambda: sql("bc_ui", THAW),
    }[kind]()


KINDS = ["vote", "run_act", "breakglass_grant", "breakglass_use", "breakglass_review", "withdrawal", "freeze"]


def records(world: World, verb: str) -> list[tuple[str, str]]:
    """Table and login role of each audit record of a verb."""
    found = world.database.sql(
        "postgres",
        "SELECT body::jsonb->'payload'->>'table', body::jsonb->>'db_role' FROM bc_audit.record "
        "WHERE body::jsonb->>'verb' = :verb ORDER BY seq",
        verb=verb,
    )
    return [(str(table), str(role)) for table, role in found]


@pytest.mark.parametrize("kind", KINDS)
def test_each_leaves_a_record_and_security_hears(world: World, kind: str) -> None:
    """The record is made where the row is stored; the runner finds that it is not proven, once, and tells two addresses."""
    forge(world, kind)
    assert records(world, "word.stored")[-1] == (kind, "bc_ui")
    assert records(world, "word.unproven") == []
    assert look_at_words(world.runner) == 1
    assert look_at_words(world.runner) == 0
    assert records(world, "word.unproven") == [(kind, "bc_runner")]
    told = world.database.sql(
        "postgres", "SELECT channel FROM bc.outbox WHERE dedup_key LIKE 'word/%/unproven' ORDER BY channel"
    )
    assert told == [("security-1",), ("security-2",)]


def test_what_is_proven_is_told_to_nobody(world: World) -> None:
    """Every word that a person really said: looked at, found good, silent."""
    request = world.ready()
    withdraw(world.gate, world.actor("olga"), request.id)
    grant(world.gate, world.actor("olga"), SCOPE, "INC-1", "Site dark", 60)
    second = world.ask()
    use(world.gate, world.actor("olga"), 1, second.id)
    review(world.gate, world.actor("bea"), 1, "rightly used")
    freeze(world.gate, world.actor("olga"), "stop")
    thaw(world.gate, world.actor("ada"), "go on")
    assert look_at_words(world.runner) == 0
    found = world.database.sql("bc_reader", "SELECT kind, holds FROM bc.proof ORDER BY id")
    assert found == [
        (kind, True)
        for kind in (
            "vote",
            "vote",
            "confirmation",
            "withdrawal",
            "breakglass_grant",
            "breakglass_use",
            "breakglass_review",
            "freeze",
        )
    ]


def test_a_forged_thaw_frees_nothing_and_keeps_nobody_from_thawing(world: World) -> None:
    """For the runner never, for pages until it was looked at; then a real administrator thaws."""
    freeze(world.gate, world.actor("olga"), "stop everything")
    world.database.sql("bc_ui", THAW)
    assert world.runner.store.read.frozen() is not None
    look_at_words(world.runner)
    assert world.gate.store.read.frozen() is not None
    assert refused(freeze, world.gate, world.actor("olga"), "again") == "ALREADY_FROZEN"
    thaw(world.gate, world.actor("ada"), "really")
    assert look_at_words(world.runner) == 0
    assert (world.gate.store.read.frozen(), world.runner.store.read.frozen()) == (None, None)


def test_a_forged_review_pays_nothing_and_keeps_nobody_from_reviewing(world: World) -> None:
    """The grant stays open until somebody reviews it who signs."""
    request = world.ask()
    made = grant(world.gate, world.actor("olga"), SCOPE, "INC-1", "Site dark", 60)
    use(world.gate, world.actor("olga"), made.id, request.id)
    world.database.sql("bc_ui", REVIEW)
    assert world.runner.store.read.grant(made.id).open
    look_at_words(world.runner)
    assert world.gate.store.read.grant(made.id).open
    assert review(world.gate, world.actor("bea"), made.id, "rightly used").findings == "rightly used"
    look_at_words(world.runner)
    assert not world.runner.store.read.grant(made.id).open


def test_a_forged_vote_does_not_silence_its_victim(world: World) -> None:
    """Ian's own try finds it and voids it; then he decides."""
    request = world.ask()
    world.database.sql("bc_ui", VOTE, id=request.id, decision="approve")
    assert refused(approve, world.gate, world.actor("ian"), request.id, IT) == "PROOF_INVALID"
    approve(world.gate, world.actor("ian"), request.id, IT)
    assert world.state(request) is State.PENDING_APPROVAL


def test_nobody_ends_a_request_without_a_word(world: World) -> None:
    """Neither denied without a denial nor withdrawn without a withdrawal."""
    request: Request = world.ask()
    for state, event in (("Rejected", "deny"), ("Cancelled", "withdraw")):
        with pytest.raises(DBAPIError, match="cannot|is not"):
            world.database.sql("bc_ui", END, id=request.id, state=state, event=event)
    assert world.state(request) is State.PENDING_APPROVAL


def test_a_voided_grant_is_listed_as_voided(world: World) -> None:
    """Nobody owes a review of it, and it blocks no other grant."""
    grant(world.gate, world.actor("olga"), SCOPE, "INC-1", "Site dark", 60)
    world.database.sql("bc_ui", GRANT, proof="{}")
    look_at_words(world.runner)
    found = {each.grant.id: each.grant for each in list_grants(world.gate)}
    assert [(each.voided, each.open) for _, each in sorted(found.items())] == [(False, True), (True, False)]


@pytest.mark.parametrize("role", ["bc_ui", "bc_keeper", "bc_poller", "bc_reader"])
def test_only_the_runner_says_what_is_proven(world: World, role: str) -> None:
    """Nobody else writes what was found, and what was found stays."""
    forge(world, "vote")
    for statement in (
        "UPDATE bc.proof SET holds = true",
        "DELETE FROM bc.proof",
        "INSERT INTO bc.proof (kind, ref) VALUES ('vote', '1')",
    ):
        with pytest.raises(DBAPIError, match="permission denied|read-only"):
            world.database.sql(role, statement)
    look_at_words(world.runner)
    with pytest.raises(DBAPIError, match="never changed"):
        world.database.sql("bc_runner", "UPDATE bc.proof SET holds = true")


def test_spending_by_sql_needs_the_use(world: World) -> None:
    """As in the break-glass that was tried: a grant and no use."""
    request = world.ask()
    grant(world.gate, world.actor("olga"), SCOPE, "INC-1", "Site dark", 60)
    with pytest.raises(DBAPIError, match="cannot be used"):
        world.database.sql("bc_ui", SPEND, given=1, id=request.id)
