"""What waits is listed exactly for those whose act the service would accept: every verb, every person (SEC-002, S2)."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from bc_lib.domain.actor import Role
from bc_lib.domain.authorization import Verb
from bc_lib.domain.denial import Denial
from bc_lib.domain.evidence.values import Answer, Side
from bc_lib.domain.execution.acts import RULES
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.requests.states import RequestType
from bc_lib.domain.requests.waiting import Do, Wait
from bc_lib.domain.requests.waiting_words import asks, path, whom
from bc_lib.services.breakglass.review import review
from bc_lib.services.changes.decide import agree
from bc_lib.services.evidence.sign_off import sign_off
from bc_lib.services.execution.acknowledge import acknowledge
from bc_lib.services.execution.allow import allow
from bc_lib.services.execution.attest import attest
from bc_lib.services.execution.consent import consent
from bc_lib.services.execution.end_hold import end_hold
from bc_lib.services.execution.override import override
from bc_lib.services.execution.resolve import resolve
from bc_lib.services.execution.thaw import thaw
from bc_lib.services.execution.waive import waive
from bc_lib.services.gate import Gate
from bc_lib.services.policy.topic import POLICY
from bc_lib.services.requests.approve import approve
from bc_lib.services.requests.confirm import confirm
from bc_lib.services.requests.inbox import open_waits
from bc_lib.services.requests.listing import waiting_on
from tests.fixtures.evidence import Packs, packs
from tests.fixtures.requests import World
from tests.fixtures.running import running
from tests.fixtures.runs import Runs, runs
from tests.fixtures.waiting import SITUATIONS, Made, held, owed

__all__ = ["packs", "running", "runs"]
OTHERS = {
    Do.APPROVE: Verb.APPROVE,
    Do.CONFIRM: Verb.CONFIRM,
    Do.THAW: Verb.THAW,
    Do.REVIEW: Verb.REVIEW,
    Do.AGREE: Verb.CHANGE_POLICY,
    Do.SIGN_OFF: Verb.SIGN_OFF,
}
NEVER_WAITED_FOR = {
    Verb.CREATE: "nobody is waited for who wants nothing",
    Verb.WITHDRAW: "a right of the requester",
    Verb.DENY: "the other answer to an approval",
    Verb.STOP: "a right, never a duty",
    Verb.FREEZE: "a right, never a duty",
    Verb.GRANT: "the emergency is the holder's own",
    Verb.CHANGE_INVENTORY: "tested with the policy: one rule for every topic of proposals",
    Verb.CHANGE_THRESHOLDS: "needs no second person",
    Verb.CHANGE_SCHEDULE: "needs no second person",
    Verb.CALENDAR_FEED: "one's own",
    Verb.RAISE_FINDING: "a right",
    Verb.CLOSE_FINDING: "findings have an owner and a list of their own",
    Verb.EXPORT: "reads",
    Verb.READ: "reads",
}


class _Undo(Exception):
    pass


class Undone:
    """A store whose units of work are taken back: an act is judged by service and database, and leaves nothing."""

    def __init__(self, store: Any) -> None:
        self._store = store

    @property
    def read(self) -> Any:
        return self._store.read

    @contextlib.contextmanager
    def work(self) -> Iterator[Any]:
        with contextlib.suppress(_Undo), self._store.work() as work:
            yield work
            raise _Undo


Act = Callable[[Gate, Any, World, Packs, Wait, Role], object]
ACTS: dict[Do, Act] = {
    Do.APPROVE: lambda gate, who, w, p, x, role: approve(gate, who, x.about, role),
    Do.CONFIRM: lambda gate, who, w, p, x, role: confirm(gate, who, x.about, w.gate.store.read.get(x.about).phrase),
    Do.CONSENT: lambda gate, who, w, p, x, role: consent(gate, who, x.about, x.value),
    Do.WAIVE: lambda gate, who, w, p, x, role: waive(gate, who, x.about, note="the site is dark"),
    Do.OVERRIDE: lambda gate, who, w, p, x, role: override(gate, who, x.about, x.value, note="it catches up"),
    Do.ACKNOWLEDGE: lambda gate, who, w, p, x, role: acknowledge(gate, who, x.about, note="the site burns"),
    Do.ALLOW: lambda gate, who, w, p, x, role: allow(gate, who, x.about, x.step),
    Do.ATTEST: lambda gate, who, w, p, x, role: attest(gate, who, x.about, x.step, note="seen"),
    Do.RESOLVE: lambda gate, who, w, p, x, role: resolve(gate, who, x.about, x.step, another_word(w, who, x)),
    Do.END_HOLD: lambda gate, who, w, p, x, role: end_hold(gate, who, x.about, x.step),
    Do.THAW: lambda gate, who, w, p, x, role: thaw(gate, who, "it is over"),
    Do.REVIEW: lambda gate, who, w, p, x, role: review(gate, who, int(x.about), "Rightly used."),
    Do.AGREE: lambda gate, who, w, p, x, role: agree(gate, who, POLICY, int(x.about)),
    Do.SIGN_OFF: lambda gate, who, w, p, x, role: sign_off(
        gate, Undone(p.store), who, x.about, Side(x.value), Answer.ACCEPTED
    ),
}


def another_word(world: World, who: Any, wait: Wait) -> str:
    """Where two contradict each other each of them may give in; else everybody says that it was done."""
    said = {act.person: act.value for act in world.gate.store.read.acts(wait.about) if act.step == wait.step}
    mine = said.get(world.gate.store.read.person(who.issuer, who.subject).id)
    return "not-done" if mine == "done" and len(set(said.values())) > 1 else "done"


@pytest.mark.parametrize("name", SITUATIONS)
def test_listed_exactly_where_the_service_would_accept(name: str, world: World, runs: Runs, packs: Packs) -> None:
    make, wanted = SITUATIONS[name]
    make(Made(world=world, runs=runs, packs=packs))
    found = [wait for item in open_waits(world.gate).items for wait in item.waits]
    assert {wait.do for wait in found} == wanted
    gate = replace(world.gate, store=Undone(world.gate.store))
    table = {}
    for who in world.roles:
        listed = {
            (each.do, each.value) for item in waiting_on(world.gate, world.actor(who)).items for each in item.waits
        }
        for wait in found:
            accepted = any(accepts(gate, world, packs, who, wait, role) for role in sorted(wait.roles))
            table[who, wait.do.value, wait.value] = (accepted, (wait.do, wait.value) in listed)
    wrong = {key: each for key, each in table.items() if each[0] is not each[1]}
    assert wrong == {}, "accepted by the service, listed"
    assert not wanted or any(accepted for accepted, _ in table.values()), "somebody can do it"
    assert not wanted or not all(accepted for accepted, _ in table.values()), "not everybody may"
    for wait in found:
        assert whom(wait.roles)
        assert asks(wait)
        assert path(wait).startswith("/")


def accepts(gate: Gate, world: World, packs: Packs, who: str, wait: Wait, role: Role) -> bool:
    try:
        ACTS[wait.do](gate, world.actor(who), world, packs, wait, role)
    except Denial:
        return False
    return True


def test_every_verb_is_waited_for_or_has_a_reason_why_not() -> None:
    met = set[Do]().union(*(wanted for _, wanted in SITUATIONS.values()))
    assert met == set(Do), "every act that can be waited for is in the table"
    runs_ = {Do(kind.value): rule.verb for kind, rule in RULES.items() if kind.value in set(Do)}
    waited = {runs_.get(each) or OTHERS[each] for each in Do}
    assert waited.isdisjoint(NEVER_WAITED_FOR)
    assert waited | set(NEVER_WAITED_FOR) == set(Verb)


def test_the_same_word_counts_once_and_says_so(world: World, runs: Runs) -> None:
    request = held(runs, "orders-db/move", StepState.UNKNOWN)
    resolve(world.gate, world.actor("ian"), request, "orders-db/move", "done")
    with pytest.raises(Denial, match="it counts once"):
        resolve(world.gate, world.actor("ian"), request, "orders-db/move", "done")
    assert len(runs.ui.read.acts(request)) == 1
    resolve(world.gate, world.actor("ian"), request, "orders-db/move", "not-done")
    assert [act.value for act in runs.ui.read.acts(request)] == ["done", "not-done"]


def test_a_decision_that_the_runner_contradicted_waits_again(world: World, runs: Runs) -> None:
    request = held(runs, "orders-db/move", StepState.UNKNOWN)
    for who in ("ian", "olga"):
        resolve(world.gate, world.actor(who), request, "orders-db/move", "done")
    assert open_waits(world.gate).items == ()
    runs.expire(31)
    assert [each.do for item in open_waits(world.gate).items for each in item.waits] == [Do.RESOLVE]


def test_what_leaves_a_database_unprotected_stands_first(world: World, runs: Runs) -> None:
    world.ask(scope="billing-db", kind=RequestType.SWITCHOVER)
    request = owed(runs)
    items = waiting_on(world.gate, world.actor("pat")).items
    assert [item.request.id for item in items if item.request] == [request, "r-1"]
    assert items[0].unprotected_since is not None
    assert [each.do for each in items[0].waits] == [Do.ALLOW]


def test_a_forged_decision_neither_counts_nor_hides_the_wait(world: World, runs: Runs) -> None:
    """A row without a proof, written as the web process could: the others are still asked."""
    request = owed(runs)
    world.database.sql(
        "bc_ui",
        "INSERT INTO bc.run_act (request, kind, step, value, note, issuer, subject, role, plan_revision, plan_digest, "
        "channel, signed_in_how, signed_in_at, proof) SELECT p.request, 'allow', 'orders-db/reprotect', '', '', 'demo', "
        "'bea', 'approver-business', p.revision, p.digest, 'ui', 'demo', bc.now(), "
        "jsonb_build_object('method', 'demo', 'key_id', 'x', 'signature', '00') "
        "FROM bc.request_plan p WHERE p.request = :id",
        id=request,
    )
    assert len(runs.ui.read.acts(request)) == 1
    assert [each.do for item in open_waits(world.gate).items for each in item.waits] == [Do.ALLOW]
