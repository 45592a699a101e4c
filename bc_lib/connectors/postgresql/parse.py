"""From the server's JSON to NodeFacts. Pure; what is absent stays None, what was refused is named in `missing`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from bc_lib.connectors.postgresql.parity import GUARDED, PARITY
from bc_lib.connectors.postgresql.queries import BY_NAME
from bc_lib.domain.observation import Downstream, HeartbeatSeen, NodeFacts, Role, Slot, Upstream

MAX_TEXT = 500
NEEDS_STATS = ("downstreams", "oldest_transaction_s", "sync_waiters")
DURATION_UNITS_S = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "min": 60.0}

Section = Mapping[str, Any]


def parse(answers: Mapping[str, Any], failed: Collection[str]) -> NodeFacts:
    """`answers` by section name; `failed` are the sections that could not be read. Raises KeyError, TypeError or
    ValueError where the answer is not what the statements promise.
    """
    node: Section = answers["node"]
    standby = bool(node["in_recovery"])
    part = {name: value if isinstance(value, Mapping) else {} for name, value in answers.items()}
    missing = [figure for name in failed for figure in BY_NAME[name].figures]
    sees_stats = bool(node["sees_stats"])
    settings = _settings(part.get("settings", {}))
    if not sees_stats:
        missing += [name for name in NEEDS_STATS if name not in missing]
    if "settings" in answers:
        missing += [f"settings.{name}" for name in sorted(GUARDED) if name not in settings]
    upstream = None
    if standby and "receiver" in answers:
        upstream = _upstream(part.get("receiver", {}), part.get("follows", {}))
    if upstream is not None and "pid" in part["receiver"] and not sees_stats:
        upstream = None
        missing.append("upstream")
    position, activity, prepared = part.get("position", {}), part.get("activity", {}), part.get("prepared", {})
    senders = _senders(answers.get("downstreams")) if sees_stats else ()
    timeline = part.get("identity", {}).get("timeline")
    if upstream is not None and upstream.status == "streaming" and upstream.received_timeline:
        timeline = upstream.received_timeline  # the control file shows a new timeline only after the next restart point
    return NodeFacts(
        role=Role.STANDBY if standby else Role.PRIMARY,
        version=_text(node["version"]).split(" ")[0],
        node_time=_time(node["node_time"]),
        started_at=_time(node["started_at"]),
        address=node.get("address"),
        timeline=timeline,
        system_identifier=part.get("identity", {}).get("system_identifier"),
        current_lsn=position.get("current_lsn"),
        received_lsn=position.get("received_lsn"),
        replayed_lsn=position.get("replayed_lsn"),
        replayed_at=_time(position.get("replayed_at")),
        replay_paused=position.get("paused"),
        replay_delay_s=_delay(part.get("settings", {})) if standby else None,
        read_only=_flag(settings.get("default_transaction_read_only")) if not standby else None,
        upstream=upstream,
        downstreams=tuple(item for logical, item in senders if not logical),
        logical_senders=tuple(item for logical, item in senders if logical),
        slots=_slots(answers.get("slots")),
        heartbeat=_heartbeat(part.get("heartbeat", {})),
        archive_failures_since=_time(part.get("archiver", {}).get("failed_at")),
        oldest_transaction_s=_seconds(activity.get("oldest_transaction_s")) if sees_stats else None,
        sync_waiters=activity.get("sync_waiters") if sees_stats else None,
        prepared_transactions=prepared.get("count"),
        oldest_prepared_s=_seconds(prepared.get("oldest_s")),
        replay_conflicts=_whole(part.get("conflicts", {}).get("total")) if standby else None,
        sync_standby_names=settings.get("synchronous_standby_names"),
        settings={name: value for name, value in settings.items() if name in PARITY}
        | _recorded_collation(part.get("collation", {})),
        extensions={_text(name): _text(value) for name, value in part.get("extensions", {}).items()},
        collation_version=_text_or_none(part.get("collation", {}).get("actual")),
        missing=tuple(dict.fromkeys(missing)),
    )


def _upstream(receiver: Section, follows: Section) -> Upstream:
    return Upstream(
        status=_text_or_none(receiver.get("status")),
        sender_host=_text_or_none(receiver.get("sender_host")),
        sender_port=receiver.get("sender_port"),
        last_message_age_s=_seconds(receiver.get("last_message_age_s")),
        received_timeline=receiver.get("received_tli"),
        slot_name=_text_or_none(receiver.get("slot_name") or None),
        application_name=_text_or_none(receiver.get("application_name")),
        began_at=_time(receiver.get("began_at")),
        sender_end_lsn=receiver.get("sender_end_lsn"),
        written_lsn=receiver.get("written_lsn"),
        configured=_configured(follows.get("hosts"), follows.get("ports")),
    )


def _configured(hosts: str | None, ports: str | None) -> tuple[str, ...]:
    """`host:port` of each server in a conninfo; one port may stand for all, none is 5432."""
    if not hosts:
        return ()
    names, numbers = _text(hosts).split(","), _text(ports or "5432").split(",")
    if len(numbers) == 1:
        numbers *= len(names)
    return tuple(f"{name}:{number or 5432}" for name, number in zip(names, numbers, strict=False))


def _senders(rows: Any) -> tuple[tuple[bool, Downstream], ...]:
    """Each with whether it is a logical one."""
    return tuple((row.get("slot_type") == "logical", _sender(row)) for row in rows or ())


def _sender(row: Section) -> Downstream:
    return Downstream(
        application_name=_text(row["application_name"] or ""),
        client_address=row["client_address"],
        state=row["state"] or "starting",
        sync_state=row["sync_state"] or "async",
        pid=row.get("pid"),
        client_port=row.get("client_port"),
        slot_name=_text_or_none(row.get("slot_name")),
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


def _slots(rows: Any) -> tuple[Slot, ...]:
    return tuple(
        Slot(
            name=_text(row["name"]),
            active=bool(row["active"]),
            retained_bytes=_whole(row["retained_bytes"]),
            wal_status=row["wal_status"],
            slot_type=row.get("slot_type"),
            active_pid=row.get("active_pid"),
            temporary=row.get("temporary"),
            restart_lsn=row.get("restart_lsn"),
            confirmed_lsn=row.get("confirmed_lsn"),
            plugin=_text_or_none(row.get("plugin")),
            database=_text_or_none(row.get("database")),
            failover=row.get("failover"),
            synced=row.get("synced"),
        )
        for row in rows or ()
    )


def _heartbeat(beat: Section) -> HeartbeatSeen | None:
    beat_at = _time(beat.get("beat_at"))
    if beat_at is None:
        return None
    return HeartbeatSeen(beat_at=beat_at, timeline=beat.get("timeline"), lsn=beat.get("lsn"))


def _settings(raw: Section) -> dict[str, str]:
    """`[value, unit]` by name to text: 8kB pages become kB, other units are appended."""
    return {name: _with_unit(_text(value), unit) for name, (value, unit) in raw.items()}


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
    return {"datcollversion": _text(recorded)} if recorded else {}


def _flag(value: str | None) -> bool | None:
    return None if value is None else value == "on"


def _seconds(value: Any) -> float | None:
    return None if value is None else float(value)


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def _time(value: Any) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value).astimezone(UTC)


def _text(value: Any) -> str:
    """Text of a server is foreign text: one printable line of bounded length."""
    return "".join(char if char.isprintable() else "?" for char in str(value)[:MAX_TEXT])


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)
