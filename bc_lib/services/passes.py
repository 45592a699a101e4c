"""A job's pass over many things: one that breaks keeps none of the others waiting, and is told."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")
log = logging.getLogger(__name__)


class Pass:
    """One pass. `alive` raises where the shared database is away: then the pass ends, for nothing could be done."""

    def __init__(self, alive: Callable[[], object]) -> None:
        self._alive = alive
        self.troubles: list[str] = []

    def each(self, what: str, items: Iterable[T], do: Callable[[T], R], name: Callable[[T], str] = str) -> list[R]:
        """What `do` gave for every item that did not break. Raises what `alive` raises."""
        done: list[R] = []
        for item in items:
            try:
                done.append(do(item))
            except Exception as trouble:  # whatever is wrong with this one
                self.missed(f"{what} {name(item)}", trouble)
        return done

    def part(self, what: str, do: Callable[[], R], otherwise: R) -> R:
        """A part of the pass that has its own items; the parts after it are done in any case."""
        return next(iter(self.each(what, [""], lambda _: do())), otherwise)

    def missed(self, what: str, trouble: Exception) -> None:
        """Tell of one that broke: with all of it in the log, with one line in `troubles`."""
        log.error("Not done, the others go on: %s", what.strip(), exc_info=trouble)
        self._alive()
        self.troubles.append(f"{what.strip()} broke ({type(trouble).__name__}; the log says more)")

    @property
    def told(self) -> dict[str, str]:
        """For a sign of life: Health shows the first, with how many there are."""
        if not self.troubles:
            return {}
        more = f", and {len(self.troubles) - 1} more" if len(self.troubles) > 1 else ""
        return {"last_error": f"{self.troubles[0]}{more}"}

    def __str__(self) -> str:
        return "".join(f"; NOT DONE: {trouble}" for trouble in self.troubles)
