"""From the server's JSON to NodeFacts. Pure; what is absent stays None, what was refused is named in `missing`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bc_lib.connectors.postgresql import managers
from bc_lib.connectors.postgresql.foreign_text import readable, text, text_or_none
from bc_lib.connectors.postgresql.parity import FIELD_OF, GUARDED, PARITY
from bc_lib.connectors.postgresql.queries import BY_NAME
from bc_lib.connectors.postgresql.shapes import of_shape
from bc_lib.domain.lsn import behind, furthest
from bc_lib.domain.observation import (
    Archive,
    CommitOverride,
    Downstream,
    HeartbeatSeen,
    NodeFacts,
    Role,
    Slot,
    Unlogged,
    Upstream,
)

NEEDS_STATS = ("downstreams", "logical_senders", "oldest_transaction_s", "sync_waiters")
NO_RIGHT, NO_TEXT = "our account may not read it", "it holds bytes that are no text in the database's encoding"
WHY = {
    "42501": NO_RIGHT,
    "42P01": "it is not there",
    "42703": "it is not there",
    "42883": "it is not there",
    "22021": NO_TEXT,
    "22P05": NO_TEXT,
}
DURATION_UNITS_S = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0}

Section = Mapping[str, Any]


def parse(answers: Mapping[str, Any], failed: Mapping[str, str]) -> NodeFacts:
    """`answers` by section name; `failed`: the SQLSTATE of each section that could not be read.

    A section that is not of its shape counts as not read. Raises KeyError, TypeError, ValueError or OverflowError where
    the answer is not what the statements promise.
    """
    answers, misshapen = of_shape(answers)
    node: Section = answers["node"]
    standby = bool(node["in_recovery"])
    part = {name: value if isinstance(value, Mapping) else {} for name, value in answers.items()}
    missing = {
        figure: WHY.get(state, f"the server answered error {state}")
        for name, state in failed.items()
        for figure in BY_NAME[name].figures
    }
    missing |= misshapen
    sees_stats = bool(node["sees_stats"])
    settings = _settings(part.get("settings", {}))
    if not sees_stats:
        missing |= dict.fromkeys(NEEDS_STATS, NO_RIGHT)
    missing |= _missing_settings(answers.get("settings"))
    missing |= {f"extensions.{text(name)}": NO_TEXT for name in part.get("extensions", {}) if not readable(name)}
    if "managers" in answers and managers.hidden(part.get("managers", {})):
        missing["manager_signs"] = NO_RIGHT
    upstream = None
    if standby and "receiver" in answers:
        upstream = _upstream(part.get("receiver", {}), part.get("follows", {}))
    if upstream is not None and "pid" in part["receiver"] and not sees_stats:
        upstream = None
        missing["upstream"] = NO_RIGHT
    activity, prepared = part.get("activity", {}), part.get("prepared", {})
    senders = _senders(answers.get("downstreams")) if sees_stats else ()
    replayed = answers.get("replayed")
    received = furthest(answers.get("received"), replayed) if standby else None
    timeline = answers.get("timeline")
    if upstream is not None and upstream.status == "streaming" and upstream.received_timeline:
        timeline = upstream.received_timeline  # the control file shows a new timeline only after the next restart point
        missing.pop("timeline", None)
    return NodeFacts(
        role=Role.STANDBY if standby else Role.PRIMARY,
        version=text(node["version"]).split(" ")[0],
        node_time=_time(node["node_time"]),
        started_at=_time(node["started_at"]),
        timeline_began_lsn=part.get("history", {}).get("began_lsn"),
        address=node.get("address"),
        timeline=timeline,
        system_identifier=answers.get("system"),
        current_lsn=answers.get("written"),
        received_lsn=received,
        replayed_lsn=replayed,
        replayed_at=_time(answers.get("replayed_at")),
        replay_paused=answers.get("paused"),
        replay_delay_s=_delay(part.get("settings", {})) if standby else None,
        read_only=_flag(settings.get("default_transaction_read_only")) if not standby else None,
        upstream=upstream,
        downstreams=tuple(item for logical, item in senders if not logical),
        logical_senders=tuple(item for logical, item in senders if logical),
        slots=_slots(answers.get("slots"), answers.get("written") or received),
        heartbeat=_heartbeat(part.get("heartbeat", {})),
        archive_failures_since=_time(part.get("archiver", {}).get("failed_at")),
        archive=_archive(part.get("archiver", {}), part.get("archive_waiting", {})),
        unlogged=tuple(
            Unlogged(name=text(row["name"]), size_bytes=_whole(row["size_bytes"]))
            for row in answers.get("unlogged") or ()
        ),
        oldest_transaction_s=_seconds(activity.get("oldest_transaction_s")) if sees_stats else None,
        sync_waiters=activity.get("sync_waiters") if sees_stats else None,
        prepared_transactions=prepared.get("count"),
        oldest_prepared_s=_seconds(prepared.get("oldest_s")),
        replay_conflicts=_whole(part.get("conflicts", {}).get("total")) if standby else None,
        commit_overrides=_overrides(answers.get("commits")),
        sync_standby_names=settings.get("synchronous_standby_names"),
        settings={name: value for name, value in settings.items() if name in PARITY}
        | _recorded_collation(part.get("collation", {})),
        extensions={text(name): text(value) for name, value in part.get("extensions", {}).items() if readable(name)},
        collation_version=text_or_none(part.get("collation", {}).get("actual")),
        manager_signs=managers.signs(part.get("managers", {})),
        missing=tuple(missing),
        missing_why=missing,
    )


def _upstream(receiver: Section, follows: Section) -> Upstream:
    return Upstream(
        status=text_or_none(receiver.get("status")),
        sender_host=text_or_none(receiver.get("sender_host")),
        sender_port=receiver.get("sender_port"),
        last_message_age_s=_seconds(receiver.get("last_message_age_s")),
        received_timeline=receiver.get("received_tli"),
        slot_name=text_or_none(receiver.get("slot_name") or None),
        application_name=text_or_none(receiver.get("application_name")),
        began_at=_time(receiver.get("began_at")),
        sender_end_lsn=receiver.get("sender_end_lsn"),
        written_lsn=receiver.get("written_lsn"),
        configured=_configured(follows.get("hosts"), follows.get("ports")),
        configured_slot=text_or_none(follows.get("slot") or None),
        from_archive=_from_archive(follows),
    )


def _from_archive(follows: Section) -> bool | None:
    """Whether it follows nobody and restores segments. None: primary_conninfo is hidden from us."""
    nobody = follows.get("nobody")
    return None if nobody is None else bool(nobody and follows.get("archive"))


def _configured(hosts: str | None, ports: str | None) -> tuple[str, ...]:
    """`host:port` of each server in a conninfo; one port may stand for all, none is 5432."""
    if not hosts:
        return ()
    names, numbers = text(hosts).split(","), text(ports or "5432").split(",")
    if len(numbers) == 1:
        numbers *= len(names)
    return tuple(f"{name}:{number or 5432}" for name, number in zip(names, numbers, strict=False))


def _senders(rows: Any) -> tuple[tuple[bool, Downstream], ...]:
    """Each with whether it is a logical one."""
    return tuple((row.get("slot_type") == "logical", _sender(row)) for row in rows or ())


def _sender(row: Section) -> Downstream:
    return Downstream(
        application_name=text(row["application_name"] or ""),
        client_address=row["client_address"],
        state=row["state"] or "starting",
        sync_state=row["sync_state"] or "async",
        pid=row.get("pid"),
        client_port=row.get("client_port"),
        slot_name=text_or_none(row.get("slot_name")),
        began_at=_time(row.get("began_at")),
        sent_lsn=row["sent_lsn"],
        written_lsn=row["written_lsn"],
        flushed_lsn=row["flushed_lsn"],
        replayed_lsn=row["replayed_lsn"],
        write_lag_s=_seconds(row["write_lag_s"]),
        flush_lag_s=_seconds(row["flush_lag_s"]),
        replay_lag_s=_seconds(row["replay_lag_s"]),
        reply_age_s=_seconds(row["reply_age_s"]),
    )


def _slots(rows: Any, position: str | None) -> tuple[Slot, ...]:
    return tuple(
        Slot(
            name=text(row["name"]),
            active=bool(row["active"]),
            retained_bytes=behind(position, row.get("restart_lsn")),
            wal_status=row["wal_status"],
            slot_type=row.get("slot_type"),
            active_pid=row.get("active_pid"),
            temporary=row.get("temporary"),
            restart_lsn=row.get("restart_lsn"),
            confirmed_lsn=row.get("confirmed_lsn"),
            plugin=text_or_none(row.get("plugin")),
            database=text_or_none(row.get("database")),
            failover=row.get("failover"),
            synced=row.get("synced"),
        )
        for row in rows or ()
    )


def _archive(archiver: Section, waiting: Section) -> Archive | None:
    if "mode" not in archiver:
        return None
    return Archive(
        mode=archiver["mode"],
        last_wal=text_or_none(archiver.get("last_wal")),
        last_at=_time(archiver.get("last_at")),
        segment_bytes=_whole(archiver.get("segment_bytes")),
        waiting=_whole(waiting.get("count")),
        waiting_since=_time(waiting.get("since")),
    )


def _overrides(rows: Any) -> tuple[CommitOverride, ...] | None:
    if rows is None:
        return None
    return tuple(CommitOverride(who=text(row["who"]), value=text(row["value"]), ours=bool(row["ours"])) for row in rows)


def _heartbeat(beat: Section) -> HeartbeatSeen | None:
    beat_at = _time(beat.get("beat_at"))
    if beat_at is None:
        return None
    return HeartbeatSeen(beat_at=beat_at, timeline=beat.get("timeline"), lsn=beat.get("lsn"))


def _settings(raw: Section) -> dict[str, str]:
    """`[value, unit]` by name to text: 8kB pages become kB, other units are appended."""
    return {name: _with_unit(text(value), unit) for name, (value, unit) in raw.items() if readable(value)}


def _missing_settings(raw: Section | None) -> dict[str, str]:
    """Of a section that was read: those the server does not show us, and those that hold no text."""
    if raw is None:
        return {}
    shown = {name: value for name, (value, _) in raw.items()}
    hidden = {name: NO_RIGHT for name in sorted(GUARDED) if name not in shown}
    unread = {name: NO_TEXT for name, value in shown.items() if not readable(value)}
    return {FIELD_OF.get(name, f"settings.{name}"): why for name, why in (hidden | unread).items()}


def _with_unit(value: str, unit: str | None) -> str:
    if unit is None or value in {"-1", "0"}:
        return value
    if unit[:-2].isdigit() and unit.endswith("kB"):
        return f"{int(value) * int(unit[:-2])}kB"
    return f"{value}{unit}"


def _delay(raw: Section) -> float | None:
    if "recovery_min_apply_delay" not in raw:
        return None
    value, unit = raw["recovery_min_apply_delay"]
    return float(value) * DURATION_UNITS_S[unit]


def _recorded_collation(collation: Section) -> dict[str, str]:
    recorded = collation.get("recorded")
    return {"datcollversion": text(recorded)} if recorded else {}


def _flag(value: str | None) -> bool | None:
    return None if value is None else value == "on"


def _seconds(value: Any) -> float | None:
    return None if value is None else float(value)


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def _time(value: Any) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).astimezone(UTC)
