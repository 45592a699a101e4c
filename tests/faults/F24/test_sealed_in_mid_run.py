"""F24: the secrets manager is sealed, or slow, while a run is in progress: the step waits, and goes on by itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from bc_lib.domain.plans import postgresql
from bc_lib.domain.requests.states import State
from bc_lib.domain.requests.values import Request
from bc_lib.integrations.secrets.kept import KeptSecrets
from bc_lib.integrations.secrets.resolver import Resolver
from bc_lib.ports.host_control import HostVerb, Order
from bc_lib.ports.mechanism import CredentialUnavailable
from bc_lib.ports.secrets import Credential, SecretUnavailable
from bc_lib.services.execution.show import show_run
from bc_lib.services.execution.stop import stop
from bc_lib.testing.fake_mechanism import Killed
from tests.fixtures.hostpair import SECRETS
from tests.fixtures.moving import Moving
from tests.fixtures.pgcluster import FixedSecrets, wait_for
from tests.fixtures.running import Running, failing
from tests.fixtures.vault import ROOT, Vault

SEALED = "The secrets manager is sealed or in maintenance, so vault:kv/pair/execution is not available; unseal it."
SLOW = "The secrets manager did not answer within 0.5 s for vault:kv/pair/execution."
MOVE = "orders-db/move"


class FromVault(FixedSecrets):
    """The pair's references, each read from the server at the moment of use. `used` is called before."""

    def __init__(self, vault: Vault, used: Callable[[], object] = lambda: None) -> None:
        super().__init__()
        self._resolver = Resolver({"VAULT_ADDR": vault.url, "VAULT_TOKEN": ROOT}, timeout_s=0.5)
        self._used = used

    def credential(self, reference: str) -> Credential:
        """Raises SecretUnavailable."""
        self._used()
        return self._resolver.credential(f"vault:kv/pair/{reference.partition(':')[2].lower()}")


class WithoutHosts(FromVault):
    """The hosts' secret cannot be read until it is `opened`."""

    WHY = "The secret of the hosts cannot be read now."

    def __init__(self, vault: Vault) -> None:
        super().__init__(vault)
        self.opened = False

    def credential(self, reference: str) -> Credential:
        """Raises SecretUnavailable."""
        if reference == "env:HOST" and not self.opened:
            raise SecretUnavailable(self.WHY)
        return super().credential(reference)


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Vault]:
    """Holds the secrets of every pair."""
    with Vault(tmp_path_factory.mktemp("vault")) as made:
        for reference, each in SECRETS.items():
            made.put(f"pair/{reference.partition(':')[2].lower()}", username=each.username, password=each.password)
        yield made


def checked_only(moving: Moving, vault: Vault) -> Request:
    """A run whose runner was ended, as a service is, once its check was done: the next process knows no secret."""
    request, ends = moving.ready(), threading.Event()

    def once_it_runs() -> None:
        if moving.world.state(request) is State.RUNNING:
            ends.set()

    moving.secrets = FromVault(vault, once_it_runs)  # type: ignore[assignment]
    moving.run(request, stop=ends)
    run = moving.read.run(request.id)
    assert run is not None
    assert {each.step.key: each.state.value for each in run.steps[:2]} == {
        "orders-db/check": "verified",
        MOVE: "planned",
    }
    moving.secrets = FromVault(vault)  # type: ignore[assignment]
    return request


@pytest.mark.needs("openbao")
@pytest.mark.parametrize(
    ("shut", "opened", "sentence"), [(Vault.seal, Vault.unseal, SEALED), (Vault.freeze, Vault.thaw, SLOW)]
)
def test_the_next_process_waits_before_it_touches_anything(
    moving: Moving, vault: Vault, shut: Callable[[Vault], None], opened: Callable[[Vault], None], sentence: str
) -> None:
    """It says what it waits for, and not that a server is down; clients write on meanwhile; then it moves, once."""
    site, away, effects = moving.site, moving.other, moving.effects()
    request = checked_only(moving, vault)

    def said() -> list[str]:
        return [each.text for _, each in moving.read.events(request.id) if each.step == MOVE]

    shut(vault)
    with moving.pair.client() as client, ThreadPoolExecutor(1) as threads:
        try:
            going = threads.submit(moving.again, request)
            wait_for(lambda: f"Waiting: {sentence}" in said() or going.done(), 60)
            assert not going.done()
            client.more()
            assert not client.errors
            assert (moving.effects(), moving.pair.roles()) == (effects, {site: "primary", away: "standby"})
        finally:
            opened(vault)
        report = going.result(120)
        client.more()
    assert report.state == State.SUCCEEDED, report.text
    assert not client.missing(moving.pair, away)
    assert moving.effects_since(effects) == {site: {"stop": 1, "start-as-standby": 1}, away: {}}
    moving.settled()


@pytest.mark.needs("openbao")
def test_killed_in_mid_move_and_sealed_meanwhile(moving: Moving, vault: Vault) -> None:
    """Clients cannot write, and the next process can see nothing: it is held at once, with the reason and its leases,
    and nobody has to decide; after the unsealing it looks, goes on, and stops nothing a second time."""
    away, effects = moving.other, moving.effects()
    moving.secrets, moving.ttl_s = FromVault(vault), 2.0  # type: ignore[assignment]

    def dies(order: Order) -> None:
        if order.verb is HostVerb.STOP:
            moving.ordered.clear()
            vault.seal()
            raise Killed

    moving.ordered.append(dies)
    request = moving.ready()
    try:
        with moving.pair.client() as client, ThreadPoolExecutor(1) as threads:
            with pytest.raises(Killed):
                moving.run(request)
            moving.secrets = FromVault(vault)  # type: ignore[assignment]
            moving.forget_hosts()
            going = threads.submit(moving.again, request)
            wait_for(lambda: moving.world.state(request) is State.HELD or going.done(), 60)
            run = moving.read.run(request.id)
            assert run is not None
            assert (run.held_because, run.step(MOVE).state.value) == (f"The move to Amsterdam: {SEALED}", "claimed")  # type: ignore[union-attr]
            assert moving.read.busy(["orders-db"]) == {"orders-db": request.id}
            vault.unseal()
            report = going.result(120)
            client.more()
    finally:
        vault.unseal()
    assert report.state == State.SUCCEEDED, report.text
    assert not client.missing(moving.pair, away)
    assert sum(done.get("stop", 0) for done in moving.effects_since(effects).values()) == 1
    moving.settled()


@pytest.mark.needs("openbao")
def test_a_host_secret_that_was_never_had_is_waited_for(moving: Moving, vault: Vault) -> None:
    """Only the hosts' secret is missing: the move waits before it touches anything, and then goes on."""
    site, away, effects = moving.site, moving.other, moving.effects()
    request = checked_only(moving, vault)
    hosts = WithoutHosts(vault)
    moving.secrets = hosts  # type: ignore[assignment]
    moving.forget_hosts()

    def said() -> list[str]:
        return [each.text for _, each in moving.read.events(request.id) if each.step == MOVE]

    with moving.pair.client() as client, ThreadPoolExecutor(1) as threads:
        going = threads.submit(moving.again, request)
        wait_for(lambda: any(WithoutHosts.WHY in each for each in said()) or going.done(), 60)
        assert not going.done()
        client.more()
        assert (moving.effects(), moving.pair.roles()) == (effects, {site: "primary", away: "standby"})
        hosts.opened = True
        report = going.result(120)
        client.more()
    assert report.state == State.SUCCEEDED, report.text
    assert not client.missing(moving.pair, away)
    moving.settled()


def held_without_secrets(running: Running) -> Request:
    """A runner that died once the old primary was stopped; the next one finds everything sealed."""
    running.more = {"pause_s": 0.02}
    request = running.ready()
    running.disturb("stopped", failing(Killed()))
    with pytest.raises(Killed):
        running.go(request)
    running.later()
    running.target.sealed = SEALED
    return request


def test_the_pause_is_told_once_and_keeps_everything(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Visit after visit nothing is decided, nothing is touched and nothing told again; then it goes on by itself."""
    monkeypatch.setattr(postgresql, "MOVE_S", 0.2)
    request = held_without_secrets(running)
    effects = dict(running.target.effects)
    for _ in range(3):
        assert running.go(request).state == "Held"
        running.later()
        assert (running.states(request)[MOVE], running.run(request).held_because) == (
            "claimed",
            f"The move to Amsterdam: {SEALED}",
        )
    assert running.target.effects == effects
    assert len([key for key in running.world.outbox() if key.endswith("/held")]) == 1
    next_ = show_run(running.world.gate, request.id).progress.next
    assert next_[0].startswith("It looks again by itself")
    running.target.sealed = ""
    assert running.go(request).state == "Succeeded"
    assert running.target.doubles() == []


def test_secrets_that_never_come_back_are_put_to_people(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for a stop while it waits makes it unknown: two look for themselves and say what it did (decision 6)."""
    monkeypatch.setattr(postgresql, "MOVE_S", 0.2)
    request = held_without_secrets(running)
    running.go(request)
    running.later()
    gate, actor = running.world.gate, running.world.actor
    stop(gate, actor("ian"), request.id, note="the secrets manager is lost")
    assert running.go(request).state == "Held"
    assert running.states(request)[MOVE] == "unknown"


def test_what_is_seen_is_proven_once_secrets_come_back(running: Running) -> None:
    """Sealed between the act and its proof."""
    request = running.ready()

    def seals() -> None:
        running.target.sealed = SEALED

    running.disturb("acted", seals, step=MOVE)
    assert running.go(request).state == "Held"
    assert running.states(request)[MOVE] == "seen"
    running.later()
    running.target.sealed = ""
    assert running.go(request).state == "Succeeded"
    assert running.target.doubles() == []


@pytest.mark.needs("openbao")
def test_what_was_had_once_finishes_the_move(moving: Moving, vault: Vault) -> None:
    """Sealed right after the old primary's stop (F31): the same process finishes everything, its standby too."""
    moving.secrets = KeptSecrets(FromVault(vault))  # type: ignore[assignment]
    away, shut = moving.other, list[str]()

    def seal(order: Order) -> None:
        if order.verb is HostVerb.STOP:
            vault.seal()
            shut.append(order.node)

    moving.ordered.append(seal)
    request = moving.ready()
    try:
        with moving.pair.client() as client:
            report = moving.run(request)
            client.more()
    finally:
        vault.unseal()
    assert report.state == State.SUCCEEDED, report.text
    assert len(shut) == 1
    assert not client.missing(moving.pair, away)
    moving.settled()


def test_a_step_that_waited_all_its_time_is_held_and_goes_on(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Held, with the sentence of the secrets manager, told once, nothing touched; the next visit after the unsealing
    goes on without anybody's decision."""
    monkeypatch.setattr(postgresql, "MOVE_S", 2.0)
    request = running.ready()
    running.disturb("act", failing(CredentialUnavailable(SEALED)), step=MOVE, times=1_000_000)
    for _ in range(2):
        report = running.go(request)
        running.later()
        assert (report.state, running.state(request)) == ("Held", State.HELD)
        assert running.run(request).held_because == f"The move to Amsterdam: {SEALED}"
        assert not running.target.effects
    held = [key for key in running.world.outbox() if key.endswith("/held")]
    assert len(held) == 1, "it is told once, not with every try"
    running.target.at = lambda *_: None
    assert running.go(request).state == "Succeeded"
    assert running.target.doubles() == []
