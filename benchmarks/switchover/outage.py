"""What the writer noted, and the outage in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Notes:
    """`numbers`: the acknowledged rows; `times_s`: when each was acknowledged, in order, monotonic clock."""

    numbers: frozenset[int]
    times_s: tuple[float, ...]
    errors: tuple[str, ...]


def read_notes(lines: Iterable[str]) -> Notes:
    """The writer's file; a last line that was cut off is left out."""
    numbers, times, errors = set(), [], []
    for line in lines:
        kind, _, rest = line.rstrip("\n").partition(" ")
        if kind == "ok" and line.endswith("\n"):
            number, at = rest.split()
            numbers.add(int(number))
            times.append(float(at))
        elif kind == "error":
            errors.append(rest.partition(" ")[2])
    return Notes(frozenset(numbers), tuple(times), tuple(errors))


def longest_gap_ms(times_s: Iterable[float]) -> float | None:
    """The longest time between two acknowledged writes, milliseconds; None with fewer than two."""
    return max(((later - earlier) * 1000 for earlier, later in pairwise(times_s)), default=None)
