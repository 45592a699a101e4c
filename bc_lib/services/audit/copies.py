"""Several places read as one: every checkpoint once, and a sentence where the places differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bc_lib.domain.audit_checkpoint import Checkpoint
from bc_lib.ports.audit import BrokenCheckpoints, CheckpointStore, CopiesBehind, DamagedCopies


class Copies:
    """Implements ports.audit.CheckpointStore for reading. `stores`: name to place, at least one."""

    def __init__(self, stores: Mapping[str, CheckpointStore]) -> None:
        self._stores = stores

    def all(self, after: int = 0) -> Iterator[Checkpoint]:
        """See the port. Two places that say different things of one record end the walk at once."""
        walks = [_Walk(name, store, after) for name, store in self._stores.items()]
        last = after
        while nexts := [walk for walk in walks if walk.next is not None]:
            number = min(walk.next.last for walk in nexts if walk.next)
            here = [walk for walk in nexts if walk.next and walk.next.last == number]
            found = here[0].next
            for walk in here[1:]:
                if walk.next != found:
                    raise BrokenCheckpoints(
                        f"{here[0].name} and {walk.name} hold different checkpoints of record {number}: "
                        "verify each alone with --checkpoints."
                    )
            if found is not None:
                yield found
            last = number
            for walk in walks:
                walk.step(number)
        self._end(walks, last)

    def _end(self, walks: list[_Walk], last: int) -> None:
        if all(walk.failed for walk in walks):
            raise BrokenCheckpoints(" ".join(walk.troubles[-1] for walk in walks))
        behind = [
            f"{walk.name} ends at record {walk.reached}, other places at {last}: it is behind, or was cut off."
            for walk in walks
            if not walk.failed and walk.behind(last)
        ]
        troubles = [f"{walk.name}: {trouble}" for walk in walks for trouble in walk.troubles]
        if troubles:
            raise DamagedCopies(" ".join([*troubles, *behind]))
        if behind:
            raise CopiesBehind(" ".join(behind))

    def last(self, expected: Checkpoint | None = None) -> Checkpoint | None:
        """The newest of all places. Raises BrokenCheckpoints where one cannot be read."""
        found = [last for store in self._stores.values() if (last := store.last(expected)) is not None]
        return max(found, key=lambda checkpoint: checkpoint.last, default=None)

    def publish(self, checkpoint: Checkpoint) -> None:
        """Into every place; the first that fails ends it."""
        for store in self._stores.values():
            store.publish(checkpoint)


class _Walk:
    """One place's checkpoints, one ahead."""

    def __init__(self, name: str, store: CheckpointStore, after: int) -> None:
        self.name = name
        self.troubles: list[str] = []
        self.failed = False
        self.reached = after
        self.next: Checkpoint | None = None
        self._store = store
        self._left: Iterator[Checkpoint] = iter(())
        try:
            self._left = store.all(after)
        except BrokenCheckpoints as error:
            self._fail(error)
        self._take()

    def step(self, number: int) -> None:
        """Past the checkpoint of record `number`, which some place had. Lacking it in between is a fault."""
        if self.next is None or self.failed:
            return
        if self.next.last == number:
            self.reached = number
            self._take()
        else:
            self._fail(BrokenCheckpoints(f"the checkpoint of record {number} is missing."))

    def behind(self, last: int) -> bool:
        """True where it lacks the newest even now: it may have been given them since the walk began."""
        if self.reached >= last:
            return False
        try:
            newest = self._store.last()
        except BrokenCheckpoints:
            return True
        return newest is None or newest.last < last

    def _take(self) -> None:
        self.next = None
        try:
            self.next = next(self._left, None)
        except DamagedCopies as error:
            self.troubles.append(str(error))
        except BrokenCheckpoints as error:
            self._fail(error)

    def _fail(self, error: BrokenCheckpoints) -> None:
        self.failed, self.next = True, None
        self.troubles.append(str(error))
