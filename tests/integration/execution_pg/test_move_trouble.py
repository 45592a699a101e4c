"""A move that goes wrong half-way: given back, gone on with, or left to a person; never two primaries (F11, F31, F32)."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bc_lib.connectors.postgresql.execution import moving, statements
from bc_lib.connectors.postgresql.execution.mechanism import PostgresMechanism
from bc_lib.domain.execution.actions import Action, MarkName
from bc_lib.ports.host_control import HostVerb, Order
from bc_lib.ports.mechanism import CredentialUnavailable, Effect, StepFailed, StepUnknown
from bc_lib.ports.secrets import Credential, SecretUnavailable
from tests.fixtures.execpair import SECRETS, Client, Driver, Pair, pair
from tests.fixtures.pgcluster import FixedSecrets, wait_for


class Died(BaseException):
    """The runner was killed here."""


def primaries(made: Pair) -> list[str]:
    found = []
    for node in ("fra", "ams"):
        process = made.cluster.servers[node].process
        if (
            process is not None
            and process.poll() is None
            and made.sql(node, "SELECT pg_is_in_recovery()") == [(False,)]
        ):
            found.append(node)
    return found


def die_at(driver: Driver, name: MarkName) -> None:
    """Act on MOVE and be killed right after the mark was noted."""
    work = driver.work(Action.MOVE)
    note = driver.mark(work.step.key)

    def mark(given: MarkName, facts: object) -> None:
        note(given, facts)  # type: ignore[arg-type]
        if given is name:
            raise Died

    with pytest.raises(Died):
        driver.mechanism.act(work, mark)


def test_a_standby_that_does_not_replay_gives_writes_back_f31() -> None:
    with pair() as made, Client(made.conninfo()) as client:
        driver = Driver(made, seconds=4)
        driver.do(Action.CHECK)
        made.hosts.before = lambda order: (
            made.sql("ams", "SELECT pg_wal_replay_pause()") if order.verb is HostVerb.STOP else None
        )
        before = len(client.acknowledged)
        with pytest.raises(StepFailed, match="did not replay") as failed:
            driver.do(Action.MOVE)
        assert failed.value.undone
        assert not failed.value.writes_stopped
        assert MarkName.UNDONE in driver.times
        assert primaries(made) == ["fra"]
        wait_for(lambda: len(client.acknowledged) > before + 20)
        made.hosts.before = None
        made.sql("ams", "SELECT pg_wal_replay_resume()")
        # The same step once more: what was recorded as stopped runs again, and is really stopped again.
        driver.marks.clear()
        driver.pair.epoch += 1
        driver.seconds = 30
        driver.do(Action.MOVE)
        assert primaries(made) == ["ams"]


def test_a_start_that_fails_says_that_writes_are_stopped() -> None:
    with pair() as made:
        driver = Driver(made, seconds=4)
        driver.do(Action.CHECK)
        made.hosts.refuse.add(HostVerb.START)
        made.hosts.before = lambda order: made.cluster.servers["ams"].stop("immediate")
        with pytest.raises(StepFailed) as failed:
            driver.do(Action.MOVE)
        assert failed.value.writes_stopped
        assert not failed.value.undone
        assert primaries(made) == []


@pytest.mark.parametrize("name", [MarkName.FENCED, MarkName.CAUGHT_UP])
def test_a_runner_killed_before_the_promotion_is_seen_and_gone_on_with(name: MarkName) -> None:
    with pair() as made:
        driver = Driver(made)
        driver.do(Action.CHECK)
        die_at(driver, name)
        driver.pair.epoch += 1
        work = driver.work(Action.MOVE)
        driver.mechanism.take_over(work)
        assert driver.mechanism.probe(work).effect is Effect.PARTLY
        driver.do(Action.MOVE)
        assert made.hosts.effects == [("fra", "stop")]
        driver.do(Action.VERIFY)
        assert primaries(made) == ["ams"]


def test_a_runner_killed_before_the_promotion_can_also_give_back() -> None:
    with pair() as made:
        driver = Driver(made)
        driver.do(Action.CHECK)
        die_at(driver, MarkName.CAUGHT_UP)
        driver.pair.epoch += 1
        work = driver.work(Action.MOVE)
        driver.mechanism.undo(work, driver.mark(work.step.key))
        assert primaries(made) == ["fra"]
        assert driver.mechanism.probe(work).effect is Effect.NOT_SEEN


def test_a_promotion_is_seen_and_never_given_back_f32() -> None:
    with pair() as made:
        driver = Driver(made)
        driver.do(Action.CHECK)
        die_at(driver, MarkName.PROMOTED)
        driver.pair.epoch += 1
        work = driver.work(Action.MOVE)
        seen = driver.mechanism.probe(work)
        assert seen.effect is Effect.SEEN, seen.sentence
        assert seen.facts["timeline"] == 2
        with pytest.raises(StepUnknown, match="promoted already"):
            driver.mechanism.undo(work, driver.mark(work.step.key))
        # By its disk alone, too.
        made.cluster.servers["ams"].stop("fast")
        assert driver.mechanism.probe(work).effect is Effect.SEEN
        with pytest.raises(StepUnknown, match="cannot be seen"):
            driver.mechanism.undo(work, driver.mark(work.step.key))
        assert primaries(made) == []


def test_a_target_that_dies_at_the_promotion_is_disproved_by_its_disk_or_left_alone_f32() -> None:
    with pair() as made:
        driver = Driver(made)
        driver.do(Action.CHECK)
        work = driver.work(Action.MOVE)
        note = driver.mark(work.step.key)

        def mark(given: MarkName, facts: object) -> None:
            note(given, facts)  # type: ignore[arg-type]
            if given is MarkName.CAUGHT_UP:
                made.kill("ams")
                made.hosts.away.add("ams")

        with pytest.raises(StepUnknown, match="stays stopped"):
            driver.mechanism.act(work, mark)
        assert driver.mechanism.probe(driver.work(Action.MOVE)).effect is Effect.UNKNOWN
        with pytest.raises(StepUnknown, match="stays stopped"):
            driver.mechanism.undo(driver.work(Action.MOVE), note)
        assert made.hosts.effects == [("fra", "stop")]
        # Its host is back: it is down and a standby on its disk, so that no promotion can come any more.
        made.hosts.away.clear()
        assert driver.mechanism.probe(driver.work(Action.MOVE)).effect is Effect.PARTLY
        driver.pair.epoch += 1
        with pytest.raises(StepFailed) as failed:
            driver.do(Action.MOVE)
        assert failed.value.undone
        assert primaries(made) == ["fra"]


def test_a_lost_answer_of_the_host_is_asked_for_again_and_has_one_effect_f04() -> None:
    with pair() as made:
        driver = Driver(made)
        driver.do(Action.CHECK)
        made.hosts.lose.add(HostVerb.STOP)
        driver.do(Action.MOVE)
        assert made.hosts.effects == [("fra", "stop")]
        assert primaries(made) == ["ams"]


def test_a_host_that_is_away_stops_a_switchover_before_anything_is_touched() -> None:
    with pair() as made:
        driver = Driver(made)
        driver.do(Action.CHECK)
        made.hosts.away.add("fra")
        with pytest.raises(StepFailed, match="Nothing was begun"):
            driver.do(Action.MOVE)
        assert primaries(made) == ["fra"]
        probe = driver.mechanism.probe(driver.work(Action.MOVE))
        assert probe.effect is Effect.NOT_SEEN


def test_an_older_epoch_is_refused_by_the_host_f02() -> None:
    with pair() as made:
        driver = Driver(made)
        driver.do(Action.CHECK)
        made.hosts.highest["fra"] = 99
        with pytest.raises(StepFailed, match="Another runner"):
            driver.do(Action.MOVE)
        assert primaries(made) == ["fra"]


def test_a_successor_ends_the_sessions_of_its_forerunner_and_of_nobody_else() -> None:
    with pair() as made:
        driver = Driver(made)
        mine, other = driver.work(Action.MOVE), replace(driver.work(Action.MOVE), request="r-11")
        mechanism = driver.mechanism
        with mechanism._ground(mine) as old, mechanism._ground(other) as stranger:
            link, kept = old.open(old.target), stranger.open(stranger.target)
            mechanism.take_over(mine)
            assert link.row(statements.IN_RECOVERY) == (True,)
            mechanism.take_over(replace(mine, epoch=2))
            with pytest.raises(Exception, match="takes no queries|closed"):
                link.row(statements.IN_RECOVERY)
            assert kept.row(statements.IN_RECOVERY) == (True,)


def test_an_order_after_its_deadline_promotes_nothing() -> None:
    with pair() as made:
        driver = Driver(made, seconds=-1)
        with pytest.raises(StepFailed, match="time was over"):
            driver.do(Action.MOVE)
        late = Driver(made, seconds=0.3)
        with late.mechanism._ground(late.work(Action.MOVE)) as ground:
            found = moving.ready(ground)
            found.link.row("SELECT pg_catalog.pg_sleep(0.5)")
            with pytest.raises(StepFailed, match="came late"):
                moving.promote(ground, found, "0/0")
        with Driver(made).mechanism._ground(late.work(Action.MOVE)) as ground:
            wrong = replace(moving.ready(ground), system_identifier="1")
            with pytest.raises(StepFailed, match="another server"):
                moving.promote(ground, wrong, "0/0")
        assert primaries(made) == ["fra"]


class Sealed(FixedSecrets):
    """A secrets manager that is sealed when told."""

    sealed = False

    def credential(self, reference: str) -> Credential:
        if self.sealed:
            raise SecretUnavailable(f"The secret {reference} is not available: sealed.")
        return super().credential(reference)


def test_a_sealed_secrets_manager_pauses_before_and_stops_nothing_half_way_f24_f31() -> None:
    with pair() as made:
        secrets = Sealed(SECRETS)
        driver = Driver(made)
        driver.mechanism = PostgresMechanism(secrets, lambda _: made.hosts)
        secrets.sealed = True
        with pytest.raises(CredentialUnavailable):
            driver.do(Action.CHECK)
        found = driver.mechanism.prechecks(driver.work(Action.CHECK))
        assert [one.check for one in found] == ["credential"]
        secrets.sealed = False
        driver.do(Action.CHECK)
        made.hosts.before = lambda _: setattr(secrets, "sealed", True)
        driver.do(Action.MOVE)
        assert primaries(made) == ["ams"]


class Eavesdropper(threading.Thread):
    """A wire to a server that lets the order to promote through and cuts itself before the answer."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.cuts = 0

    def run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client, socket.create_connection(("127.0.0.1", self.target)) as server:
            while True:
                ready, _, _ = select.select([client, server], [], [], 60)
                for source in ready:
                    data = source.recv(65536)
                    if not data:
                        return
                    (server if source is client else client).sendall(data)
                    if source is client and b"pg_promote(false)" in data:
                        self.cuts += 1
                        return

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.join()


def test_a_lost_answer_to_the_promotion_is_proven_by_looking_f32() -> None:
    with pair() as made:
        wire = Eavesdropper(made.cluster.servers["ams"].port)
        wire.start()
        driver = Driver(made)
        endpoints = tuple(
            replace(one, port=wire.port) if one.node == "ams" else one for one in driver.resource.endpoints
        )
        driver.resource = replace(driver.resource, endpoints=endpoints)
        driver.do(Action.CHECK)
        driver.do(Action.MOVE)
        driver.do(Action.VERIFY)
        assert wire.cuts == 1
        assert primaries(made) == ["ams"]
        wire.close()


def test_a_frozen_target_gives_writes_back_within_its_time() -> None:
    with pair() as made:
        driver = Driver(made, seconds=20)
        driver.do(Action.CHECK)
        process = made.cluster.servers["ams"].process
        assert process is not None
        frozen = children(process.pid)

        def freeze(order: Order) -> None:
            if order.verb is HostVerb.STOP:
                made.cluster.servers["fra"].stop("fast")
                signalled(frozen(), signal.SIGSTOP)

        made.hosts.before = freeze
        try:
            with pytest.raises(StepFailed) as failed:
                driver.do(Action.MOVE)
        finally:
            signalled(frozen(), signal.SIGCONT)
        assert failed.value.undone, failed.value
        assert primaries(made) == ["fra"]


def signalled(pids: list[int], number: signal.Signals) -> None:
    """Each that is still there: a session's process may have ended since it was listed."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def children(pid: int) -> Callable[[], list[int]]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return lambda: [pid, *(int(text) for text in path.read_text().split())]


def test_a_promotion_that_is_not_allowed_is_a_refusal_and_gives_writes_back() -> None:
    with pair() as made:
        driver = Driver(made)
        driver.do(Action.CHECK)
        made.sql("fra", "REVOKE EXECUTE ON FUNCTION pg_promote(boolean, integer) FROM bc_execution")
        made.cluster.caught_up("ams")
        with pytest.raises(StepFailed, match="refused to be promoted") as failed:
            driver.do(Action.MOVE)
        assert failed.value.undone
        assert primaries(made) == ["fra"]
