"""What happens in a round and when, from the seed alone: round 17 of seed 4 is the same on every machine."""

from __future__ import annotations

import random
from dataclasses import dataclass
from enum import StrEnum

WHOLE = 1.3  # of an undisturbed run: strikes come until a little after its end
AFTER_STOP_S = 0.4  # fence, wait, promote and the first of what follows
AIMED_SHARE = 0.4
MORE_SHARE, MOST = 0.35, 3


class Strike(StrEnum):
    """Kinds. Values stand in the JSON file."""

    KILL_RUNNER = "kill -9 of the runner"
    FREEZE_RUNNER = "runner frozen beyond its lease, a second takes over, the first wakes up"
    KILL_DATABASE = "kill -9 of the shared database"
    STOP_DATABASE = "immediate stop of the shared database"
    FREEZE_DATABASE = "shared database frozen"
    BOTH = "kill -9 of runner and shared database"
    BOTH_FROZEN = "kill -9 of the runner while the shared database is frozen"


WEIGHTS = {
    Strike.KILL_RUNNER: 5,
    Strike.FREEZE_RUNNER: 3,
    Strike.KILL_DATABASE: 3,
    Strike.STOP_DATABASE: 1,
    Strike.FREEZE_DATABASE: 3,
    Strike.BOTH: 2,
    Strike.BOTH_FROZEN: 2,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One strike. `aimed`: counted from the first order to stop the old primary, `at_s` after it, if that comes in this
    visit of the runner; otherwise, and without it, `share` of an undisturbed run after the runner began.

    `lasts_s`: how long the database stays away; for a frozen runner, how long beyond its lease.
    """

    strike: Strike
    aimed: bool
    share: float
    at_s: float
    lasts_s: float


def moments(seed: int, number: int) -> tuple[Moment, ...]:
    """The strikes of a round, one for each visit of a runner, in order; at least one."""
    dice = random.Random(f"{seed}/{number}")
    found = [_one(dice)]
    while len(found) < MOST and dice.random() < MORE_SHARE:
        found.append(_one(dice))
    return tuple(found)


def _one(dice: random.Random) -> Moment:
    strike = dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    least, most = (0.5, 5.0) if strike in {Strike.FREEZE_DATABASE, Strike.BOTH_FROZEN} else (0.1, 3.0)
    return Moment(
        strike=strike,
        aimed=dice.random() < AIMED_SHARE,
        share=dice.uniform(0.0, WHOLE),
        at_s=dice.uniform(0.0, AFTER_STOP_S),
        lasts_s=dice.uniform(least, most),
    )
