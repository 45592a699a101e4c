"""What was measured: rounds, results, the whole report. Values only."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Act(StrEnum):
    """What happened to the pair. Values stand in the JSON file."""

    SWITCHOVER = "switchover"  # planned; the old primary comes back as standby
    FAILOVER = "failover"  # kill -9 of everything on the primary's node


class Missing(Exception):
    """This one cannot be measured here. The message is the rest of a sentence, without paths: "etcd is missing"."""


class Failed(Exception):
    """A round did not end as it must. The message is one sentence without paths; `detail` is for the terminal."""

    def __init__(self, sentence: str, detail: str = "") -> None:
        super().__init__(sentence)
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One change of roles as the client saw it.

    `outage_ms`: the longest gap between two acknowledged writes. `lost`: acknowledged rows that the new primary does
    not have. `command_s`: until the command returned (failover: until the other node was primary); `whole_s`: until
    the old one streamed again; both from the start of the act.
    """

    outage_ms: float
    acknowledged: int
    lost: int
    command_s: float
    whole_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Every round of one contender. `trouble`: why there are none, or no more; None where all went well.

    `broke`: it was tried and failed, other than missing or left out. `load`: the machine's one-minute load average
    after the last round; figures of a busy machine say little.
    """

    key: str
    act: Act
    title: str
    postgresql: str = ""
    versions: str = ""
    settings: str = ""
    rounds: tuple[Round, ...] = ()
    trouble: str | None = None
    broke: bool = False
    load: float | None = None

    @property
    def outages_ms(self) -> list[float]:
        """Each round's outage, milliseconds."""
        return [one.outage_ms for one in self.rounds]

    @property
    def median_ms(self) -> float | None:
        """The median outage; None without a round."""
        return statistics.median(self.outages_ms) if self.rounds else None

    @property
    def major(self) -> str:
        """PostgreSQL's major version, "" where none ran."""
        return self.postgresql.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One run of the benchmark. `began`: ISO, UTC; `load`: the one-minute load average before and after.

    `stopped`: by Ctrl-C, so not whole.
    """

    command: str
    began: str
    machine: str
    load: tuple[float, float]
    results: tuple[Result, ...]
    stopped: bool = False

    def as_json(self) -> dict[str, Any]:
        """Plain values for a JSON file, with each median beside its rounds."""
        plain = asdict(self)
        for kept, result in zip(plain["results"], self.results, strict=True):
            kept["median_ms"] = result.median_ms
            kept["to_raw"] = to_raw(result, self.results)
        return plain


def to_raw(result: Result, results: Sequence[Result]) -> float | None:
    """Times the bare sequence's median of this run, this act and this major version; None where there is none."""
    bases: Mapping[str, float] = {
        one.major: one.median_ms
        for one in results
        if one.key.startswith("raw") and one.act is result.act and one.median_ms is not None
    }
    base = bases.get(result.major)
    return None if base is None or result.median_ms is None else result.median_ms / base
