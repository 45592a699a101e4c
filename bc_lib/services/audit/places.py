"""Hands signed checkpoints to every configured place, each in order and without gaps (decision 9).

A checkpoint is out only when all places took it: whoever can rewrite the database and one place must not be able
to name that one as the proof. A place that is away keeps nobody else waiting, and gets what it missed later.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bc_lib.domain.audit_checkpoint import Checkpoint
from bc_lib.ports.audit import (
    BrokenCheckpoints,
    CheckpointSink,
    CheckpointStore,
    PlaceAway,
    SignatureCheck,
    SignerMemory,
    WaitingCheckpoints,
)
from bc_lib.services.audit.checkpoint import Delivered, link_trouble, signature_holds
from bc_lib.services.audit.copies import Copies

BUDGET_S = 5.0  # after so long a place's backlog waits for the next round: the sign of life must not fall silent
ROUND_S = 15.0  # a place that is not back by then is stuck; the others' rounds go on without it


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`took`: what it took last, remembered by the signer. `store`: the place again, where it can be read back."""

    name: str
    sink: CheckpointSink
    took: SignerMemory
    store: CheckpointStore | None = None


class Places:
    """Implements ports.audit.CheckpointStore for the signer: what it publishes waits here until `deliver`."""

    def __init__(
        self,
        places: Sequence[Place],
        waiting: WaitingCheckpoints,
        check: SignatureCheck,
        clock: Callable[[], float],
        *,
        budget_s: float = BUDGET_S,
        round_s: float = ROUND_S,
    ) -> None:
        """`clock`: seconds, monotonic. At least one place has a `store`."""
        self._places = places
        self._waiting = waiting
        self._check = check
        self._clock = clock
        self._budget_s = budget_s
        self._round_s = round_s
        self._busy: dict[str, threading.Thread] = {}
        self._troubles: dict[str, BrokenCheckpoints] = {}

    def all(self, after: int = 0) -> Iterator[Checkpoint]:
        """See the port: what the places have, then what waits."""
        last = after
        for checkpoint in Copies(self._readable()).all(after):
            last = checkpoint.last
            yield checkpoint
        yield from self._waiting.all(last)

    def last(self, expected: Checkpoint | None = None) -> Checkpoint | None:
        """The newest that was handed over. Asks the places only where this machine remembers nothing."""
        newest = self._waiting.last()
        if newest is not None:
            return newest
        known = [found for place in self._places if (found := place.took.load()) is not None]
        known = known or [found for store in self._readable().values() if (found := store.last(expected)) is not None]
        return max(known, key=lambda checkpoint: checkpoint.last, default=None)

    def publish(self, checkpoint: Checkpoint) -> None:
        """See the port; on this machine's disk when this returns."""
        self._waiting.publish(checkpoint)

    def deliver(self) -> Delivered:
        """Send every place what it lacks, all at once; ends within `round_s`. Raises BrokenCheckpoints."""
        newest = self.last()
        if newest is None:
            return Delivered(to=0)
        ends = self._clock() + self._round_s
        for place in self._places:
            if place.name not in self._busy or not self._busy[place.name].is_alive():
                self._start(place, newest)
        for place in self._places:
            self._busy[place.name].join(max(0.0, ends - self._clock()))
        return self._outcome()

    def _start(self, place: Place, newest: Checkpoint) -> None:
        self._troubles.pop(place.name, None)
        # A daemon: a disk that hangs for ever must not keep the process from ending.
        thread = threading.Thread(target=self._serve_quietly, args=(place, newest), daemon=True, name=place.name)
        self._busy[place.name] = thread
        thread.start()

    def _outcome(self) -> Delivered:
        missed: list[str] = []
        refused: list[str] = []
        reached: list[int] = []
        for place in self._places:
            took = place.took.load()
            reached.append(took.last if took else 0)
            trouble = self._troubles.get(place.name)
            if self._busy[place.name].is_alive():
                missed.append(f"{place.name} does not take checkpoints: it has not answered for {self._round_s:g} s.")
            elif trouble is not None:
                (missed if isinstance(trouble, PlaceAway) else refused).append(
                    f"{place.name} does not take checkpoints: {trouble}"
                )
        self._waiting.drop(min(reached))
        return Delivered(to=min(reached), missed=" ".join(missed) or None, refused=" ".join(refused) or None)

    def _serve_quietly(self, place: Place, newest: Checkpoint) -> None:
        try:
            self._serve(place, newest)
        except BrokenCheckpoints as trouble:
            self._troubles[place.name] = trouble
        except Exception as error:  # one place's fault of any kind must not stop the others
            self._troubles[place.name] = PlaceAway(f"an unforeseen {type(error).__name__}; see the signer's log.")
            raise

    def _serve(self, place: Place, newest: Checkpoint) -> None:
        ends = self._clock() + self._budget_s
        took = self._position(place, newest)
        for checkpoint in self._missing(place, took, newest):
            self._genuine(checkpoint, took, newest)
            place.sink.publish(checkpoint)
            place.took.store(checkpoint)
            took = checkpoint
            if self._clock() > ends and took != newest:
                raise PlaceAway(f"it is still getting older ones, up to record {took.last} so far.")
        if took != newest:
            raise BrokenCheckpoints(
                f"the checkpoints after record {took.last if took else 0} are in no place that can be read; "
                "restore one place as a whole."
            )

    def _position(self, place: Place, newest: Checkpoint) -> Checkpoint | None:
        """What the place has, after comparing that with what it took from us."""
        took = place.took.load()
        if place.store is None:
            return took
        there = place.store.last(took)
        if there == took:
            return took
        followed = there is not None and signature_holds(there, self._check) and link_trouble(there, took) is None
        if (took is not None and not followed) or there is None or (there.last >= newest.last and there != newest):
            raise BrokenCheckpoints(
                f"it ends {f'at record {there.last}' if there else 'empty'}, but took the checkpoint of record "
                f"{took.last if took else newest.last} from this signer: some were removed or replaced."
            )
        # Published, but the process ended before it was remembered; or the place is older than this memory.
        place.took.store(there)
        return there

    def _missing(self, place: Place, took: Checkpoint | None, newest: Checkpoint) -> Iterator[Checkpoint]:
        """Every checkpoint after `took`, from what waits here, else from another place."""
        if took == newest:
            return
        after = took.last if took else 0
        waiting = next(self._waiting.all(after), None)
        if waiting is None or waiting.first > after + 1:
            upto = waiting.first if waiting else newest.last + 1
            for checkpoint in self._backlog(place, after, upto):
                after = checkpoint.last
                yield checkpoint
        yield from self._waiting.all(after)

    def _backlog(self, place: Place, after: int, before: int) -> Iterator[Checkpoint]:
        for name, store in self._readable().items():
            try:
                first = next(store.all(after), None) if name != place.name else None
            except BrokenCheckpoints:
                continue
            if first is not None and first.first == after + 1:
                yield from (checkpoint for checkpoint in store.all(after) if checkpoint.first < before)
                return

    def _genuine(self, checkpoint: Checkpoint, took: Checkpoint | None, newest: Checkpoint) -> None:
        """What comes from another place was in other hands: nothing is passed on but what this key signed, in order."""
        trouble = link_trouble(checkpoint, took)
        if trouble or checkpoint.key != newest.key or not signature_holds(checkpoint, self._check):
            raise BrokenCheckpoints(
                trouble or f"the checkpoint of record {checkpoint.last} is not signed with this key."
            )

    def _readable(self) -> dict[str, CheckpointStore]:
        return {place.name: place.store for place in self._places if place.store is not None}
