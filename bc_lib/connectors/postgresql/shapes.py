"""What each section of an answer may look like: types, and bounds that a real PostgreSQL keeps.

A server that we only watch is not trusted (its administrator may have replaced its functions). A section that is not of
its shape is taken as not readable, by name, so that what hangs on it is not known; its neighbours are not harmed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, NotRequired

from pydantic import AfterValidator, Field, PlainValidator, StringConstraints, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from bc_lib.connectors.postgresql.queries import BY_NAME, NODE

WRONG_SHAPE = "it is not what PostgreSQL answers there"
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
MAX_ROWS, MAX_TEXT, MAX_NUMBER = 10_000, 100_000, 1e15
CENTURIES_S = 1e11


def _moment(text: str) -> str:
    """Raises ValueError for what is no time with a zone between 1970 and 2200."""
    try:
        found = datetime.fromisoformat(text).astimezone(UTC)
    except OverflowError:
        raise ValueError("a time outside of the calendar") from None
    if not EARLIEST <= found <= LATEST:
        raise ValueError("a time far from ours")
    return text


def _text(value: Any) -> Any:
    """Bytes that are no text in the database's encoding stay: whoever uses the value asks whether it is readable."""
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise ValueError("no text, or more than a figure can be")
    return value


Text = Annotated[str, PlainValidator(_text)]
Moment = Annotated[str, StringConstraints(max_length=40), AfterValidator(_moment)]
Position = Annotated[str, StringConstraints(pattern=r"^[0-9A-F]{1,8}/[0-9A-F]{1,8}$")]
Timeline = Annotated[int, Field(ge=0, lt=2**32, strict=True)]
Port = Annotated[int, Field(ge=-1, lt=2**16, strict=True)]
Pid = Annotated[int, Field(ge=0, lt=2**31, strict=True)]
Count = Annotated[int, Field(ge=0, le=int(MAX_NUMBER), strict=True)]
Seconds = Annotated[float, Field(ge=-CENTURIES_S, le=CENTURIES_S, strict=True, allow_inf_nan=False)]
Flag = Annotated[bool, Field(strict=True)]
SystemId = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}$")]


class _Node(TypedDict):
    in_recovery: Flag
    version: Text
    node_time: Moment
    started_at: Moment
    address: NotRequired[Text | None]
    sees_stats: Flag


class _Receiver(TypedDict, total=False):
    pid: Pid | None
    status: Text | None
    sender_host: Text | None
    sender_port: Port | None
    received_tli: Timeline | None
    slot_name: Text | None
    sender_end_lsn: Position | None
    written_lsn: Position | None
    application_name: Text | None
    began_at: Moment | None
    last_message_age_s: Seconds | None


class _Follows(TypedDict):
    hosts: Text | None
    ports: Text | None
    nobody: Flag | None
    slot: Text | None
    archive: Flag | None


class _Sender(TypedDict):
    application_name: Text | None
    client_address: Text | None
    client_port: Port | None
    pid: Pid | None
    began_at: Moment | None
    slot_name: Text | None
    slot_type: Text | None
    state: Text | None
    sync_state: Text | None
    sent_lsn: Position | None
    written_lsn: Position | None
    flushed_lsn: Position | None
    replayed_lsn: Position | None
    write_lag_s: Seconds | None
    flush_lag_s: Seconds | None
    replay_lag_s: Seconds | None
    reply_age_s: Seconds | None


class _Slot(TypedDict):
    name: Text
    active: Flag
    wal_status: Text | None
    slot_type: Text | None
    active_pid: Pid | None
    temporary: Flag | None
    plugin: Text | None
    database: Text | None
    restart_lsn: Position | None
    confirmed_lsn: Position | None
    failover: Flag | None
    synced: Flag | None


class _Archiver(TypedDict):
    mode: Text
    failed_at: Moment | None
    last_wal: Text | None
    last_at: Moment | None
    segment_bytes: Count


class _ArchiveWaiting(TypedDict):
    count: Count
    since: Moment | None


class _Unlogged(TypedDict):
    name: Text
    size_bytes: Count | None


class _Activity(TypedDict):
    oldest_transaction_s: Seconds
    sync_waiters: Count


class _Prepared(TypedDict):
    count: Count
    oldest_s: Seconds | None


class _Conflicts(TypedDict):
    total: Count


class _Commit(TypedDict):
    who: Text
    value: Text
    ours: Flag


class _Collation(TypedDict):
    recorded: Text | None
    actual: Text | None


class _History(TypedDict):
    began_lsn: Position | None


class _Heartbeat(TypedDict):
    beat_at: Moment
    timeline: Timeline | None
    lsn: Position | None


Names = Annotated[list[Text], Field(max_length=MAX_ROWS)]


class _Managers(TypedDict):
    shown: Names
    fixed: Names
    application: Names | None
    extension: Names | None
    role: Names | None
    setting: Names | None
    slot: Names | None


def _rows(of: Any) -> Any:
    return Annotated[list[of], Field(max_length=MAX_ROWS)]


def _by_name(of: Any) -> Any:
    return Annotated[dict[Text, of], Field(max_length=MAX_ROWS)]


SHAPES: Mapping[str, TypeAdapter[Any]] = {
    name: TypeAdapter(shape)
    for name, shape in {
        "node": _Node,
        "system": SystemId,
        "timeline": Timeline,
        "written": Position | None,
        "received": Position | None,
        "replayed": Position | None,
        "replayed_at": Moment | None,
        "paused": Flag | None,
        "receiver": _Receiver | None,
        "follows": _Follows,
        "downstreams": _rows(_Sender),
        "slots": _rows(_Slot),
        "history": _History,
        "heartbeat": _Heartbeat | None,
        "archiver": _Archiver,
        "archive_waiting": _ArchiveWaiting,
        "unlogged": _rows(_Unlogged),
        "activity": _Activity,
        "prepared": _Prepared,
        "conflicts": _Conflicts,
        "settings": _by_name(tuple[Text, Text | None]),
        "commits": _rows(_Commit),
        "extensions": _by_name(Text),
        "collation": _Collation,
        "managers": _Managers,
    }.items()
}


def of_shape(answers: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The sections that are of their shape, and why of each figure that the others would have filled.

    Raises ValueError where the first section is none: then it is not known who answers.
    """
    good: dict[str, Any] = {}
    why: dict[str, str] = {}
    for name, value in answers.items():
        try:
            SHAPES[name].validate_python(value)
        except (ValidationError, KeyError):
            if name == NODE.name:
                raise ValueError("The server does not say who it is as PostgreSQL does.") from None
            section = BY_NAME.get(name)
            why |= dict.fromkeys(section.figures if section else (name,), WRONG_SHAPE)
            continue
        good[name] = value
    return good, why
