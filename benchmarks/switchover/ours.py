"""This product under the same client. The runner of requests is not there yet, so it says so."""

from __future__ import annotations

from pathlib import Path

from benchmarks.switchover.ground import Ground
from benchmarks.switchover.measure import Contender
from benchmarks.switchover.result import Missing

TITLE = "Business Continuity, planned switchover"
SETTINGS = ""


def pair(ground: Ground, programs: Path) -> Contender:
    """A pair that the product manages: two servers made by `programs` below `ground`, switched over by a request.

    `ports`, `versions`, `ready` and `switch_over` as measure.Contender has them. Raises Missing until a request can
    be carried out.
    """
    raise Missing(f"requests cannot be carried out yet ({Path(__file__).name} is where that is wired in)")
