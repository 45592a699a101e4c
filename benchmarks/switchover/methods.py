"""Who is measured, and how each pair is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from bc_lib.runtime.pg_binaries import find_bin
from benchmarks.switchover import ours
from benchmarks.switchover.ground import Ground
from benchmarks.switchover.measure import Contender
from benchmarks.switchover.patroni import DEFAULT, TIGHT, PatroniPair, Timing
from benchmarks.switchover.peers import ETCD, REPMGR, debian_peers, libraries, python_peers
from benchmarks.switchover.raw import RawPair
from benchmarks.switchover.repmgr import MAJOR, RepmgrPair
from benchmarks.switchover.result import Act

KEYS = ("raw", "patroni", "patroni-tight", "repmgr", "ours")


@dataclass(frozen=True, slots=True)
class Method:
    """`key`: its name in --only, and for a baseline "raw" with a version behind it. `make` may raise Missing."""

    key: str
    title: str
    make: Callable[[Ground], Contender]
    settings: str = ""
    acts: tuple[Act, ...] = (Act.SWITCHOVER,)


def chosen(only: frozenset[str]) -> list[Method]:
    """The methods of these keys; the baseline once for every version of PostgreSQL that they use."""
    both = (Act.SWITCHOVER, Act.FAILOVER)
    known = [
        Method("raw", "bare stop-first sequence (baseline)", _raw),
        Method(f"raw-{MAJOR}", f"bare stop-first sequence on {MAJOR} (repmgr's baseline)", _raw_debian),
        Method("patroni", "Patroni, default timing", _patroni(DEFAULT), str(DEFAULT), both),
        Method("patroni-tight", "Patroni, tightest timing", _patroni(TIGHT), str(TIGHT), both),
        Method("repmgr", "repmgr", _repmgr, "without its daemon, over ssh"),
        Method("ours", ours.TITLE, _ours, ours.SETTINGS, both),
    ]
    wanted = set(only)
    if {"raw", "repmgr"} <= wanted:
        wanted.add(f"raw-{MAJOR}")
    return [method for method in known if method.key in wanted]


def _programs(ground: Ground) -> Path:
    return find_bin(ground.account, ground.home / "programs")


def _raw(ground: Ground) -> Contender:
    return RawPair(ground, _programs(ground))


def _raw_debian(ground: Ground) -> Contender:
    root = debian_peers(ground.home, "PostgreSQL 15", REPMGR)
    return RawPair(ground, root / "usr" / "lib" / "postgresql" / MAJOR / "bin", libraries(root))


def _patroni(timing: Timing) -> Callable[[Ground], Contender]:
    def make(ground: Ground) -> Contender:
        patroni = python_peers(ground.home, ground.account) / "patroni"
        found = which("etcd")
        etcd = Path(found) if found else debian_peers(ground.home, "etcd", ETCD) / "usr" / "bin" / "etcd"
        return PatroniPair(ground, patroni, etcd, _programs(ground), timing)

    return make


def _repmgr(ground: Ground) -> Contender:
    root = debian_peers(ground.home, "repmgr", REPMGR)
    return RepmgrPair(ground, root, libraries(root))


def _ours(ground: Ground) -> Contender:
    return ours.pair(ground, _programs(ground))
