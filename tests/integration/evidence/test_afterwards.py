"""What is said about a pack after the end: two sides, two persons, with proof; findings until closed; signed addenda."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from bc_lib.domain.actor import Role
from bc_lib.domain.evidence.values import Answer, Side
from bc_lib.domain.requests.values import Request
from bc_lib.services.evidence.findings import close_finding, raise_finding
from bc_lib.services.evidence.owed import tell_owed
from bc_lib.services.evidence.sign_off import sign_off
from bc_lib.services.evidence.standalone_pack import unpack, verify_files
from bc_lib.services.requests.withdraw import withdraw
from bc_lib.services.schedules.edit import change
from bc_lib.store.audit import TransactionAuditLog
from bc_lib.store.evidence import EvidenceStore
from tests.fixtures.evidence import Packs
from tests.fixtures.requests import World
from tests.fixtures.running import Running, refused
from tests.fixtures.schedules import CALENDAR, NOON, at, look, minutes, scheduled, spec

TOMORROW = (datetime.now(UTC) + timedelta(days=1)).date()
FORGED = """
INSERT INTO bc.evidence_signoff (request, side, answer, digest, issuer, subject, role, channel, signed_in_how, signed_in_at,
    proof) SELECT request, 'business', 'accepted', digest, 'demo', 'bea', 'approver-business', 'ui', 'demo', bc.now(), '{}'
FROM bc.evidence WHERE number = 0
"""


@pytest.fixture
def ended(running: Running, packs: Packs) -> Request:
    """A request that was withdrawn, with its pack."""
    request = running.world.ask()
    assert refused(_sign, packs, running, "ian", request, Side.IT) == "NO_PACK"
    withdraw(running.world.gate, running.world.actor("olga"), request.id)
    packs.make()
    return request


def _sign(packs: Packs, running: Running, who: str, request: Request, side: Side, **more: object) -> object:
    world = running.world
    return sign_off(world.gate, packs.store, world.actor(who), request.id, side, Answer.ACCEPTED, **more)  # type: ignore[arg-type]


def test_two_persons_of_two_sides_sign_the_pack_that_they_saw(running: Running, packs: Packs, ended: Request) -> None:
    """Issue 5, SEC-002, SEC-007: refusals of the services; the addendum is signed and hangs on the pack."""
    world = running.world
    world.set_roles("olga", Role.OPERATOR, Role.APPROVER_IT)
    assert refused(_sign, packs, running, "olga", ended, Side.IT) == "REQUESTER_EXCLUDED"
    assert refused(_sign, packs, running, "bea", ended, Side.IT) == "ROLE_MISSING"
    assert refused(_sign, packs, running, "vera", ended, Side.IT) == "ROLE_MISSING"
    assert refused(_sign, packs, running, "pat", ended, Side.IT, digest="0" * 64) == "STALE_VERSION"
    _sign(packs, running, "pat", ended, Side.IT, note="Looked at every page")
    assert refused(_sign, packs, running, "pat", ended, Side.BUSINESS) == "SIDES_EXCLUDED"
    assert refused(_sign, packs, running, "ian", ended, Side.IT) == "SIGNED_OFF"
    before = packs.store.read.files(ended.id, 0)
    assert packs.make() == "0 evidence packs and 1 addenda made"
    _sign(packs, running, "bea", ended, Side.BUSINESS)
    assert packs.make() == "0 evidence packs and 1 addenda made"
    assert packs.make() == "0 evidence packs and 0 addenda made"
    assert packs.store.read.files(ended.id, 0) == before, "the pack itself is never changed"
    pack = packs.take(ended)
    code, said = packs.verify(pack, "--key", packs.key.public)
    assert code == 0, said
    files = unpack(pack)[0]
    last = json.loads(files["addenda/2/addendum.json"])
    assert [(each["side"], each["answer"], each["name"]) for each in last["sign_off"]] == [
        ("it", "accepted", "Pat"),
        ("business", "accepted", "Bea"),
    ]
    without = {name: content for name, content in files.items() if not name.startswith("addenda/1/")}
    assert any("does not follow" in each for each in verify_files(without, packs.key.public)[0])
    other = {**files, "addenda/2/signature.json": files["addenda/1/signature.json"]}
    assert any("addenda/2/manifest.json" in each for each in verify_files(other, packs.key.public)[0])
    verbs = [each.verb for each in world.audit.entries if each.verb.startswith("evidence.")]
    assert verbs.count("evidence.sign-off") == 2
    assert verbs.count("evidence.made") == 3


def test_who_edited_the_schedule_counts_as_requester(world: World, tmp_path: Path) -> None:
    """S5: olga asked through the schedule that sam edited before; neither signs off, by the service or by SQL."""
    packs = Packs(world, tmp_path / "evidence")
    at(world, NOON)
    made = scheduled(world, who="sam")
    change(world.gate, CALENDAR, world.actor("olga"), made.id, 1, spec(title="Other"), "change")
    at(world, NOON + minutes(10))
    assert look(world).requested == 1
    withdraw(world.gate, world.actor("olga"), "r-1")
    packs.make()
    world.set_roles("olga", Role.OPERATOR, Role.APPROVER_IT)
    for who, code, sentence in (
        ("sam", "EDITOR_EXCLUDED", "You edited schedule s-1, which asked for r-1, so another person must decide."),
        ("olga", "REQUESTER_EXCLUDED", "You asked for r-1, so another person must decide on it."),
    ):
        assert refused(sign_off, world.gate, packs.store, world.actor(who), "r-1", Side.IT, Answer.ACCEPTED) == code
        with pytest.raises(DBAPIError, match=sentence):
            world.database.sql("bc_ui", FORGED.replace("business", "it").replace("bea", who))
    assert sign_off(world.gate, packs.store, world.actor("ian"), "r-1", Side.IT, Answer.ACCEPTED).name == "Ian"


def test_a_sign_off_without_a_proof_does_not_count(running: Running, packs: Packs, ended: Request) -> None:
    """F33: a row that was written over SQL as bc_ui is shown in the addendum as what it is."""
    running.world.database.sql("bc_ui", FORGED)
    packs.make()
    said = json.loads(unpack(packs.take(ended))[0]["addenda/1/addendum.json"])
    assert said["sign_off"][1]["answer"] is None
    assert "no valid proof" in said["sign_off"][1]["sentence"]


def test_findings_stay_until_somebody_closes_them(running: Running, packs: Packs, ended: Request) -> None:
    """Owner and due date; the second press; bad input; who may; overdue is said."""
    world, store = running.world, packs.store
    gate, olga, ian = world.gate, world.actor("olga"), world.actor("ian")

    def note(what: str = "Shorten the DNS TTL", due: object = TOMORROW, who: object = olga, key: str = "k") -> int:
        return raise_finding(gate, store, who, ended.id, what, "Network team", due, key=key).id  # type: ignore[arg-type]

    first = note()
    assert note() == first
    assert refused(note, "a\u202eb", key="x") == "TEXT_INVALID"
    assert refused(note, "x", TOMORROW - timedelta(days=9), key="x") == "DUE_INVALID"
    assert refused(note, "x", key="x", who=world.actor("vera")) == "ROLE_MISSING"
    assert refused(close_finding, gate, store, olga, first, "done") == "ROLE_MISSING"
    assert refused(close_finding, gate, store, ian, 999, "done") == "UNKNOWN_FINDING"
    assert [each.id for each in store.read.remarks(only_open=True)] == [first]
    running.later(timedelta(days=3).total_seconds())
    world.bring()
    assert store.read.remarks()[0].overdue(store.read.now())
    packs.make()
    assert close_finding(gate, store, ian, first, "TTL is 60 s now").closed_by == "Ian"
    assert refused(close_finding, gate, store, ian, first, "again") == "FINDING_CLOSED"
    assert store.read.remarks(only_open=True) == []
    packs.make()
    files = unpack(packs.take(ended))[0]
    states = [json.loads(files[f"addenda/{n}/addendum.json"])["findings"][0]["state"] for n in (1, 2)]
    assert states == ["OVERDUE", "closed"]
    raised = [each for each in world.audit.entries if each.verb == "evidence.finding"]
    assert len(raised) == 1, "the second press is no second record"


def test_a_pack_that_cannot_be_made_is_told_once_and_made_later(world: World, tmp_path: Path) -> None:
    """Issue 5: after five minutes operations and security hear of it; the tries go on, and with the pack nothing is owed."""
    packs = Packs(world, tmp_path / "evidence")
    runner = EvidenceStore(world.database.engine("bc_runner"), TransactionAuditLog)
    at(world, NOON)
    request = withdraw(world.gate, world.actor("olga"), world.ask().id)
    real, packs.documents.pdf = packs.documents.pdf, None  # type: ignore[method-assign,assignment]
    assert packs.make() == "0 evidence packs and 0 addenda made, 1 COULD NOT BE MADE (see the log)"
    assert (runner.read.owed().count, tell_owed(world.runner, runner)) == (1, 0), "not late yet"
    at(world, NOON + minutes(6))
    packs.make()
    before = set(world.outbox())
    assert tell_owed(world.runner, runner) == 3, "ops-mail and both of security"
    tell_owed(world.runner, runner)
    told = world.database.sql("postgres", "SELECT notification FROM bc.outbox WHERE dedup_key LIKE 'evidence/owed/%'")
    assert len(told) == 3
    assert set(world.outbox()) - before == {f"evidence/owed/{request.id}"}
    notice = told[0][0]
    assert isinstance(notice, dict)
    assert "1 evidence pack is owed; r-1 ended first, at 2027-03-01 12:00:00 UTC, 6 min ago." in notice["body"]
    packs.documents.pdf = real  # type: ignore[method-assign]
    assert packs.make() == "1 evidence packs and 0 addenda made"
    assert runner.read.owed().sentence == "No evidence pack is owed."
    assert tell_owed(world.runner, runner) == 0
