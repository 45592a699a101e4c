"""Several places for checkpoints: all or not out, nobody waits for the slow one, no gaps (decision 9, A17)."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bc_lib.domain.audit_checkpoint import Checkpoint
from bc_lib.integrations.checkpoints.directory import CheckpointFolder, SignerFile, WaitingFolder
from bc_lib.integrations.checkpoints.keys import signature_fits
from bc_lib.integrations.checkpoints.syslog import Syslog
from bc_lib.integrations.checkpoints.syslog_lines import SyslogLines
from bc_lib.integrations.checkpoints.targets import SyslogTarget
from bc_lib.ports.audit import BrokenCheckpoints, CopiesBehind, DamagedCopies, PlaceAway
from bc_lib.services.audit.copies import Copies
from bc_lib.services.audit.places import Place, Places
from tests.fixtures.checkpoint_places import Receiver, S3Server, chain, now, s3_server

__all__ = ["s3_server"]


@dataclass
class Rig:
    """A signer's folder, places, and what it can be told to do."""

    folder: Path
    places: list[Place] = field(default_factory=list)
    budget_s: float = 5.0
    round_s: float = 5.0

    def add(self, name: str, sink: object, *, readable: bool = True) -> None:
        took = SignerFile(self.folder / "signer" / "places" / f"{name}.json")
        self.places.append(Place(name=name, sink=sink, took=took, store=sink if readable else None))  # type: ignore[arg-type]

    def folder_place(self, name: str) -> CheckpointFolder:
        made = CheckpointFolder(self.folder / name)
        self.add(name, made)
        return made

    @property
    def waiting(self) -> WaitingFolder:
        return WaitingFolder(self.folder / "signer" / "waiting")

    def start(self) -> Places:
        """As a new process would."""
        return Places(
            self.places,
            self.waiting,
            signature_fits,
            time.monotonic,
            budget_s=self.budget_s,
            round_s=self.round_s,
        )


@pytest.fixture
def rig(tmp_path: Path) -> Rig:
    return Rig(tmp_path)


def put(places: Places, *made: Checkpoint) -> None:
    for checkpoint in made:
        places.publish(checkpoint)


def test_a_dead_receiver_keeps_nobody_waiting_and_misses_nothing(rig: Rig, s3_server: S3Server) -> None:
    """Folder and object store go on; what syslog missed comes later, in order, also after the signer's restart."""
    made = chain([2, 3, 4, 1])
    with Receiver(mode="reset") as receiver:
        folder, store = rig.folder_place("folder"), s3_server.store(s3_server.target())
        rig.add("objects", store)
        rig.add(
            "syslog", Syslog(SyslogTarget(host="127.0.0.1", port=receiver.port, plain=True), now, 1), readable=False
        )
        places = rig.start()
        for checkpoint in made[:2]:
            put(places, checkpoint)
            out = places.deliver()
            assert (out.to, out.refused) == (0, None)
            assert str(out.missed).startswith("syslog does not take checkpoints:")
        assert list(folder.all()) == list(store.all()) == made[:2]
        places = rig.start()
        receiver.mode = "take"
        put(places, made[2])
        assert places.deliver().to == 9
        receiver.mode = "reset"
        put(places, made[3])
        assert places.deliver().to == 9
        receiver.mode = "take"
        out = places.deliver()
        assert (out.to, out.missed) == (10, None)
        connections = receiver.connections
        assert places.deliver() == out
        assert receiver.connections == connections  # nothing new, nothing sent
        assert list(SyslogLines(receiver.write(rig.folder / "messages")).all()) == made
        numbers = [int(message.split(b"last=")[1].split()[0]) for message in receiver.messages]
    assert numbers == sorted(numbers)
    assert list(rig.waiting.all()) == []
    assert places.last() == made[-1]
    assert list(places.all()) == made


@dataclass
class Stuck:
    """A disk that hangs until it is let go."""

    inner: CheckpointFolder
    go: threading.Event = field(default_factory=threading.Event)

    def publish(self, checkpoint: Checkpoint) -> None:
        self.go.wait(20)
        self.inner.publish(checkpoint)

    def all(self, after: int = 0) -> Iterator[Checkpoint]:
        return self.inner.all(after)

    def last(self, expected: Checkpoint | None = None) -> Checkpoint | None:
        return self.inner.last(expected)


def test_a_place_that_hangs_is_left_alone(rig: Rig) -> None:
    made = chain([1, 1])
    rig.round_s = 0.3
    folder, stuck = rig.folder_place("folder"), Stuck(CheckpointFolder(rig.folder / "slow"))
    rig.add("slow", stuck)
    places = rig.start()
    for checkpoint in made:
        put(places, checkpoint)
        began = time.monotonic()
        out = places.deliver()
        assert time.monotonic() - began < 2
        assert (out.to, "has not answered" in str(out.missed)) == (0, True)
    assert folder.last() == made[-1]
    stuck.go.set()
    rig.round_s = 5
    places.deliver()
    assert places.deliver().to == 2
    assert list(stuck.all()) == made


def test_a_long_backlog_is_worked_off_a_piece_at_a_time(rig: Rig) -> None:
    """The signer's sign of life comes in between; each round goes at least one further."""
    made = chain([1] * 4)
    rig.folder_place("folder")
    rig.budget_s = 0.0
    places = rig.start()
    put(places, *made)
    outs = [places.deliver() for _ in made]
    assert [out.to for out in outs] == [1, 2, 3, 4]
    assert "up to record 2 so far" in str(outs[1].missed)
    assert outs[-1].missed is None


def test_a_new_place_gets_the_whole_history_from_another(rig: Rig, s3_server: S3Server) -> None:
    made = chain([2, 2, 2, 2])
    rig.folder_place("folder")
    places = rig.start()
    put(places, *made[:3])
    assert places.deliver().to == 6
    store = s3_server.store(s3_server.target())
    rig.add("objects", store)
    places = rig.start()
    put(places, made[3])
    assert places.deliver().to == 8
    assert list(store.all()) == made


def test_history_that_was_in_other_hands_is_checked(rig: Rig) -> None:
    """The folder the history comes from holds a forged one: it is not passed on."""
    made, forged = chain([2, 2, 2]), chain([2])
    folder = rig.folder_place("folder")
    places = rig.start()
    put(places, *made)
    assert places.deliver().to == 6
    shutil.rmtree(rig.folder / "folder")
    for checkpoint in [*forged, *made[1:]]:
        folder.publish(checkpoint)
    other = rig.folder_place("other")
    out = rig.start().deliver()
    assert "not signed with this key" in str(out.refused)
    assert other.last() is None


@pytest.mark.parametrize("act", ["cut", "emptied", "replaced"])
def test_a_place_that_lost_what_it_took_is_told_and_not_repaired(rig: Rig, act: str) -> None:
    """Nothing is repaired in silence; the other place goes on."""
    made = chain([2, 2, 2])
    rig.folder_place("folder")
    other = rig.folder_place("other")
    places = rig.start()
    put(places, *made[:2])
    assert places.deliver().to == 4
    if act == "cut":
        (rig.folder / "folder" / "checkpoint-000000000000004.json").unlink()
    else:
        shutil.rmtree(rig.folder / "folder")
    if act == "replaced":
        for checkpoint in chain([2, 2]):
            CheckpointFolder(rig.folder / "folder").publish(checkpoint)
    put(places, made[2])
    out = places.deliver()
    assert (out.to, out.missed) == (4, None)
    assert "removed or replaced" in str(out.refused)
    assert other.last() == made[2]
    assert list(rig.waiting.all()) == made[2:]


def test_published_and_not_remembered(rig: Rig) -> None:
    """The process ended between the two."""
    made = chain([2, 2])
    folder = rig.folder_place("folder")
    places = rig.start()
    put(places, made[0])
    places.deliver()
    put(places, made[1])
    folder.publish(made[1])
    assert rig.start().deliver().to == 4


def test_folders_from_before_there_were_places(rig: Rig) -> None:
    """An older signer published into the folder itself and remembered nothing of places."""
    made = chain([2, 2])
    folder = rig.folder_place("folder")
    for checkpoint in made:
        folder.publish(checkpoint)
    places = rig.start()
    assert places.last() == made[-1]
    assert list(places.all()) == made
    assert places.deliver().to == 4


def test_no_place_has_what_is_missing(rig: Rig) -> None:
    made = chain([2, 2])
    rig.folder_place("folder")
    places = rig.start()
    put(places, made[1])
    assert "restore one place" in str(places.deliver().refused) or "first checkpoints" in str(places.deliver().refused)


def test_copies_are_read_as_one(tmp_path: Path, s3_server: S3Server) -> None:
    """Each once; one behind, one away, one damaged in the middle: told after everything was read."""
    made = chain([2, 2, 2])
    one, two = CheckpointFolder(tmp_path / "one"), s3_server.store(s3_server.target())
    for checkpoint in made:
        one.publish(checkpoint)
        two.publish(checkpoint)
    copies = Copies({"one": one, "two": two})
    assert list(copies.all()) == made
    assert copies.last() == made[-1]
    (tmp_path / "one" / "checkpoint-000000000000006.json").unlink()
    assert read(copies, CopiesBehind, "one ends at record 4") == made
    (tmp_path / "one" / "checkpoint-000000000000002.json").unlink()
    assert read(copies, DamagedCopies, "checkpoint of record 2 is missing") == made
    away = Copies({"one": two, "two": SyslogLines(tmp_path / "none")})
    assert read(away, DamagedCopies, "two: .* cannot be read") == made
    with pytest.raises(PlaceAway):
        away.last()
    with pytest.raises(BrokenCheckpoints):
        list(Copies({"one": SyslogLines(tmp_path / "none")}).all())
    three = CheckpointFolder(tmp_path / "three")
    for checkpoint in chain([2, 2, 2]):
        three.publish(checkpoint)
    with pytest.raises(BrokenCheckpoints, match="different checkpoints of record 2"):
        list(Copies({"three": three, "two": two}).all())


def read(copies: Copies, error: type[Exception], words: str) -> list[Checkpoint]:
    found = []
    with pytest.raises(error, match=words) as caught:
        for checkpoint in copies.all():
            found.append(checkpoint)
    assert type(caught.value) is error
    return found
