"""What would go wrong during or after the move: rights, slots, rewind, synchronous commit, open work, clients."""

from __future__ import annotations

from bc_lib.connectors.postgresql.execution.scene import Pad, Scene
from bc_lib.connectors.postgresql.execution.sight import Sight
from bc_lib.domain.words import clock, count, duration

LONG_TRANSACTION_S = 60.0


def check_after(scene: Scene, pad: Pad) -> None:
    """The move itself and the way back."""
    _rights(scene, pad)
    _way_back(scene, pad)
    _sync(scene, pad)
    _open_work(scene, pad)
    _clients(scene, pad)


def _rights(scene: Scene, pad: Pad) -> None:
    more = scene.target.more
    if not more:
        return
    if more.get("can_promote"):
        pad.ok("may-promote", "The execution account may promote.")
    else:
        pad.block("may-promote", "The execution account may not promote.", hint=_GRANTS)
    if scene.urgent and not more.get("can_resume"):
        pad.warn("may-resume", "The execution account may not resume a paused replay.", hint=_GRANTS)
    old = scene.old.more
    if old and not old.get("can_checkpoint") and not scene.urgent:
        pad.warn("may-checkpoint", "The execution account may not run CHECKPOINT: the stop takes longer.", hint=_GRANTS)
    if not more.get("can_replicate"):
        pad.warn("may-make-slots", "The execution account may not make replication slots.", hint=_GRANTS)
    if not more.get("can_end_sessions"):
        pad.warn("may-end-sessions", "The execution account may not end sessions of a dead runner.", hint=_GRANTS)


def _way_back(scene: Scene, pad: Pad) -> None:
    more = scene.target.more
    if not more:
        return
    slots = (int(more["slots_used"]), int(more["max_replication_slots"]))
    senders = (int(more["senders_used"]), int(more["max_wal_senders"]))
    wanted = str(scene.old.more.get("primary_slot_name") or "")
    there = bool(wanted) and wanted in more.get("slot_names", ())
    for check, (used, most), word in (("slots", slots, "replication slots"), ("senders", senders, "WAL senders")):
        figure = f"{used} of {most} used"
        if used >= most and not (check == "slots" and there):
            pad.block(
                f"free-{check}",
                f"{scene.target.place} has no free {word}, so nobody could follow it.",
                figure,
                "Raise the maximum there (needs a restart) or drop what is unused.",
            )
        else:
            pad.ok(f"free-{check}", f"{scene.target.place} has free {word}.", figure)
    if more.get("wal_log_hints") or more.get("data_checksums"):
        pad.ok("can-rewind", "The old primary can be rewound.", "checksums" if more["data_checksums"] else "hints")
    else:
        pad.warn(
            "can-rewind",
            "Neither data checksums nor wal_log_hints: a diverged primary cannot be rewound, only built anew.",
            hint="Set wal_log_hints = on.",
        )


def _sync(scene: Scene, pad: Pad) -> None:
    names = str(scene.target.more.get("synchronous_standby_names") or "")
    carried = str(scene.old.more.get("synchronous_standby_names") or "")
    if names and _stuck(scene.target):
        pad.block(
            "sync-names",
            f"{scene.target.place} has synchronous_standby_names that we may not change: commits would hang there.",
            figure=names,
            hint="Grant ALTER SYSTEM on it (sql/grants/postgresql_execution.sql) and keep it off the command line.",
        )
    elif names:
        pad.warn(
            "sync-names",
            f"Synchronous commit at {scene.target.place} is off from the promotion until a standby follows.",
            figure=names,
        )
    lost = scene.lost if scene.lost is not None and scene.lost.sync_names is not None else None
    if lost is not None:
        said = f"As last seen at {clock(lost.seen_at)}, commits at {scene.old.place}"
        if not lost.sync_names:
            pad.ok("sync-names-after", f"{said} waited for no standby.")
        elif _stuck(scene.target):
            pad.warn("sync-names-after", f"{said} waited for a standby; a person must set that.", lost.sync_names)
        else:
            pad.ok("sync-names-after", f"{said} waited for a standby; set again once one streams.", lost.sync_names)
    elif scene.old.facts is None and not names:
        pad.warn(
            "sync-names-after",
            f"Whether commits at {scene.old.place} waited for a standby cannot be asked now, so that it is not set "
            f"again at {scene.target.place}.",
            hint="Where they did, set synchronous_standby_names there by hand once a standby follows.",
        )
    elif carried and _stuck(scene.target):
        pad.warn(
            "sync-names-after",
            "Synchronous commit cannot be set at the new primary by us; a person must do it.",
            figure=carried,
        )
    elif carried:
        pad.ok("sync-names-after", "Synchronous commit is carried over once the standby streams.", figure=carried)


def _stuck(sight: Sight) -> bool:
    name = "synchronous_standby_names"
    return not sight.more.get("can_alter", {}).get(name) or name in sight.more.get("fixed", ())


def _open_work(scene: Scene, pad: Pad) -> None:
    facts = scene.old.facts
    if facts is None:
        return
    if facts.prepared_transactions:
        age = f", the oldest {duration(facts.oldest_prepared_s)}" if facts.oldest_prepared_s is not None else ""
        pad.warn(
            "prepared-transactions",
            "Prepared transactions move along and keep their locks until somebody ends them.",
            f"{facts.prepared_transactions}{age}",
            "Ask their coordinator to commit or roll back.",
        )
    oldest = facts.oldest_transaction_s
    if oldest is not None and oldest > LONG_TRANSACTION_S:
        pad.warn(
            "long-transactions", "An open transaction will be ended by the stop.", duration(oldest), "Let it finish."
        )
    if facts.sync_waiters:
        pad.warn("sync-waiters", "Commits wait for a synchronous standby.", count(facts.sync_waiters, "session"))
    for sight in (scene.old, scene.target):
        if sight.facts and sight.facts.archive_failures_since:
            pad.warn(
                f"archive-{sight.node}",
                f"WAL archiving at {sight.place} fails.",
                f"since {clock(sight.facts.archive_failures_since)}",
                "A stop waits for the archiver; repair it.",
            )


def _clients(scene: Scene, pad: Pad) -> None:
    if scene.client_port is not None:
        pad.ok("clients-write", "The clients' own address leads to a server that takes writes.")
    elif scene.urgent:
        pad.ok("clients-write", f"The clients cannot write now: {scene.client_trouble}")
    else:
        pad.block(
            "clients-write",
            f"The clients' own address does not work now: {scene.client_trouble}",
            hint="Whether service is back could not be proven afterwards; repair the address or the clients' secret.",
        )


_GRANTS = "Run sql/grants/postgresql_execution.sql at the primary."
