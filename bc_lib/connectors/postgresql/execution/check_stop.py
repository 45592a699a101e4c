"""What the stop would wait for, by name: blocked where that costs the outage its time limit, else told (FR-033)."""

from __future__ import annotations

from bc_lib.connectors.postgresql.execution.scene import Pad, Scene
from bc_lib.connectors.postgresql.execution.stopping import Archive, Reader
from bc_lib.domain.words import count, duration, size

NOTABLE_S = 2.0


def check_stop(scene: Scene, pad: Pad) -> None:
    """Of a primary that is seen; one that is lost is not stopped cleanly."""
    if scene.old.facts is None:
        return
    if scene.stop is None:
        pad.warn("stop-seen", f"What a stop of {scene.old.place} would wait for could not be seen.")
        return
    for reader in scene.stop.readers:
        _reader(scene, reader, pad)
    if scene.stop.archive is not None:
        _archive(scene, scene.stop.archive, pad)
    if not scene.stop.readers and (scene.stop.archive is None or not scene.stop.archive.waiting):
        pad.ok("stop", f"Nothing holds up a stop of {scene.old.place}: everybody who reads its log confirms it.")


def _reader(scene: Scene, reader: Reader, pad: Pad) -> None:
    kind = "The logical consumer" if reader.logical else "The standby or receiver"
    name = reader.slot or reader.name or "without a name"
    check = f"stop-waits-{name}"
    figure = f"{size(reader.behind_bytes)} not confirmed" if reader.behind_bytes is not None else "nothing confirmed"
    if reader.backup:
        pad.warn(check, f"A base backup ({reader.name}) is under way; the stop ends it.", hint="Let it finish.")
        return
    hint = "End it before the move (its slot keeps its place), or have it confirm."
    if reader.moves:
        pad.warn(check, f"{kind} {name} lags: a stop of {scene.old.place} waits until it has caught up.", figure, hint)
        return
    if reader.ends_s is None:
        sentence = f"{kind} {name} never confirms what it is sent: a stop of {scene.old.place} would wait for ever."
    else:
        how_long = duration(reader.ends_s)
        sentence = f"{kind} {name} does not answer: a stop of {scene.old.place} waits {how_long} before it gives it up."
    too_long = reader.ends_s is None or reader.ends_s >= scene.stop_limit_s
    _tell(scene, pad, check, sentence, figure, hint, too_long)


def _archive(scene: Scene, archive: Archive, pad: Pad) -> None:
    if not archive.waiting or archive.oldest_s < NOTABLE_S:
        return
    check, place = f"archive-waits-{scene.old.node}", scene.old.place
    figure = f"{count(archive.waiting, 'segment')}, the oldest for {duration(archive.oldest_s)}"
    if not archive.configured or archive.fails:
        pad.warn(
            check, f"Segments of {place} wait for an archive that does not take them.", figure, "Repair archiving."
        )
        return
    sentence = f"The archiver of {place} is behind or hangs: a stop waits until it has archived everything."
    hint = "Repair or speed up the archive command before the move."
    _tell(scene, pad, check, sentence, figure, hint, archive.oldest_s >= scene.stop_limit_s)


def _tell(scene: Scene, pad: Pad, check: str, sentence: str, figure: str, hint: str, too_long: bool) -> None:
    if too_long and not scene.urgent:
        limit = f"{figure}; the stop may take {duration(scene.stop_limit_s)}"
        pad.block(check, sentence, limit, hint)
    else:
        pad.warn(check, sentence, figure, hint)
