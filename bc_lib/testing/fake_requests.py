"""A gate and an audit log in which nothing ever happened and nothing can: for the screens of issue 2 over fakes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NoReturn, cast

from bc_lib.domain.audit import AuditFilter, AuditRow, Head
from bc_lib.domain.audit_checkpoint import Checkpoint
from bc_lib.domain.breakglass import Grant
from bc_lib.domain.inventory import Inventory
from bc_lib.domain.requests.policy import Policy
from bc_lib.domain.requests.refusals import refusal
from bc_lib.ports.audit import AuditUnavailable, SealState
from bc_lib.ports.evidence import Evidence
from bc_lib.ports.people import KnownPerson
from bc_lib.ports.reading import Snapshot
from bc_lib.ports.requests import Found
from bc_lib.ports.runs import Past, RunReader
from bc_lib.services.audit.remembered import Witnesses
from bc_lib.services.gate import Gate
from bc_lib.testing.fake_audit import FakeAudit


class NoRequests:
    """Plays ports.requests.Requests and its reader with nothing asked for; every act is refused."""

    def __init__(self, inventory: Inventory | None = None) -> None:
        self._inventory = inventory or Inventory()

    @property
    def read(self) -> NoRequests:
        """The reader."""
        return self

    def work(self) -> NoReturn:
        """No act is possible."""
        raise AuditUnavailable("This is a fake without an audit log, so nothing was done.")

    def now(self) -> datetime:
        """The clock."""
        return datetime.now(UTC)

    def person(self, issuer: str, subject: str) -> KnownPerson | None:
        """Nobody is known."""
        return None

    def list(self, **_: Any) -> Found:
        """Nothing was asked for."""
        return Found(now=self.now(), requests=())

    def get(self, request_id: str) -> NoReturn:
        """There is none."""
        raise refusal("UNKNOWN_REQUEST", request=request_id)

    def policy(self) -> Policy:
        """No rule."""
        return Policy(version=1, rules=())

    def open_request(self, resources: Sequence[str], retry_of: str | None = None, schedule: str | None = None) -> None:
        """Nothing is open."""

    def grants(self) -> Sequence[Grant]:
        """No grant."""
        return ()

    def unsigned(self, limit: int) -> Mapping[str, tuple[()]]:
        """No pack."""
        return {}

    def snapshot(self) -> Snapshot:
        """Nothing was seen."""
        return Snapshot(now=self.now(), statuses=())

    @property
    def changes(self) -> NoChanges:
        """None."""
        return NoChanges()

    def plan(self, request_id: str) -> NoReturn:
        """There is none."""
        raise refusal("UNKNOWN_REQUEST", request=request_id)

    def inventory(self) -> Inventory:
        """What there is."""
        return self._inventory

    @property
    def drills(self) -> NoDrills:
        """None."""
        return NoDrills()

    def frozen(self) -> None:
        """Starts are allowed."""

    def run(self, request_id: str) -> None:
        """Nothing was run."""

    def busy(self, resources: Sequence[str]) -> Mapping[str, str]:
        """Nothing is under way."""
        return {}

    def past(self, resources: Sequence[str], limit: int = 20, before: datetime | None = None) -> Sequence[Past]:
        """Nothing was run before."""
        return ()


class NoChanges:
    """Plays ports.changes.ChangeReading: nothing was proposed."""

    def list(self, *_: Any, **__: Any) -> tuple[()]:
        """None."""
        return ()


class NoDrills:
    """Plays ports.drills.DrillReading: nothing was ever tried."""

    def stamp(self) -> str:
        """Always the same."""
        return ""

    def newest(self) -> tuple[()]:
        """None."""
        return ()

    def before(self, *_: Any) -> None:
        """None."""

    def tried(self) -> tuple[()]:
        """None."""
        return ()

    def during(self, *_: Any) -> tuple[()]:
        """None."""
        return ()


@dataclass(frozen=True, slots=True)
class EmptyLog:
    """Plays AuditReader, its snapshot, SignerBeat and the place of checkpoints for a log without records."""

    def guards(self) -> Sequence[str]:
        """All stand."""
        return ()

    @contextmanager
    def snapshot(self) -> Iterator[EmptyLog]:
        """Itself."""
        yield self

    def head(self) -> Head:
        """The beginning."""
        return Head("fake", 0, b"")

    def rows(self, after: int = 0) -> Iterator[AuditRow]:
        """None."""
        return iter(())

    def matching(self, wanted: AuditFilter, **_: Any) -> Iterator[AuditRow]:
        """None."""
        return iter(())

    def links(self, first: int, last: int) -> Iterator[tuple[int, bytes]]:
        """None."""
        return iter(())

    def all(self, after: int = 0) -> Iterator[Checkpoint]:
        """No checkpoint."""
        return iter(())

    def last(self, expected: Checkpoint | None = None) -> Checkpoint | None:
        """No checkpoint."""
        return None

    def state(self, places: int | None = None) -> SealState:
        """Nothing written, nothing sealed."""
        return SealState(
            now=datetime.now(UTC), beat_at=None, signed_to=0, refused=None, written_to=0, unsealed_since=None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeAuditParts:
    """What bootstrap_audit.AuditParts has."""

    reader: EmptyLog = field(default_factory=EmptyLog)
    seal: EmptyLog = field(default_factory=EmptyLog)
    log: FakeAudit = field(default_factory=FakeAudit)
    checkpoints: EmptyLog = field(default_factory=EmptyLog)
    witnesses: Witnesses = field(default_factory=lambda: Witnesses(seal=EmptyLog().state))
    keys: tuple[str, ...] = ()

    def check(self, public: str, message: bytes, signature: bytes) -> bool:
        """Nothing is signed."""
        return False


class _Nobody:
    """Plays signer and verifier: signs nothing, believes nothing."""

    def sign(self, *_: Any) -> NoReturn:
        raise AuditUnavailable("This is a fake without keys, so nothing was done.")

    def verify(self, *_: Any) -> bool:
        return False

    def held(self, *_: Any) -> bool:
        return False


def no_runs() -> RunReader:
    """A reader of runs that finds none."""
    store: Any = NoRequests()
    return cast(RunReader, store)


class _NoEvidence(NoRequests):
    """Nothing was ever packed or found."""

    def stored(self, request_id: str) -> tuple[()]:
        return ()

    def packs(self, wanted: AuditFilter, limit: int) -> tuple[()]:
        return ()

    def remarks(self, request_id: str | None = None, *, only_open: bool = False) -> tuple[()]:
        return ()

    def signoffs(self, request_id: str) -> tuple[()]:
        return ()


def no_evidence(inventory: Inventory | None = None) -> Evidence:
    """A store of evidence that holds none."""
    store: Any = _NoEvidence(inventory)
    return cast(Evidence, store)


def gate(environment: str, inventory: Inventory | None = None) -> Gate:
    """A gate that opens nothing."""
    store: Any = NoRequests(inventory)
    nobody: Any = _Nobody()
    return Gate(store=store, signer=nobody, verifier=nobody, environment=environment, base_url="http://localhost")
