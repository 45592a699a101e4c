"""Why a node could not be observed, as one value every connector's boundary makes."""

from __future__ import annotations

from dataclasses import dataclass

from bc_lib.domain.observation import Reach


class Trouble(Exception):
    """A node did not give figures: `reach` says how, the message is one sentence without secrets."""

    def __init__(self, reach: Reach, sentence: str) -> None:
        super().__init__(sentence)
        self.reach = reach
        self.sentence = sentence


@dataclass(slots=True)
class Progress:
    """What is being waited for, so that running out of time blames the right party."""

    reach: Reach = Reach.ERROR
    waiting_for: str = "a free connection slot of the monitor"

    def now(self, waiting_for: str, reach: Reach = Reach.UNREACHABLE) -> None:
        """From here on a time-out means `reach`."""
        self.waiting_for = waiting_for
        self.reach = reach

    def timed_out(self, limit_s: float) -> Trouble:
        """The trouble when the limit is over now."""
        return Trouble(self.reach, f"Waited {limit_s:g} s in vain for {self.waiting_for}.")
