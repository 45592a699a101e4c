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
from bc_lib.ports.secrets import Credential
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
        assert running.run(request).held_because == f"{MOVE}: {SEALED}"
        assert not running.target.effects
    held = [key for key in running.world.outbox() if key.endswith("/held")]
    assert len(held) == 1, "it is told once, not with every try"
    running.target.at = lambda *_: None
    assert running.go(request).state == "Succeeded"
    assert running.target.doubles() == []
