"""Which process a recorded pid means: a pid alone may have been given to somebody else since."""

from __future__ import annotations

from pathlib import Path

STAT_START_TIME = 19
STAT_STATE = 0


def _stat_fields(pid: int) -> list[str] | None:
    """Fields of /proc/<pid>/stat after the command's name (which may hold spaces and brackets)."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def start_mark(pid: int) -> str | None:
    """A mark that no other process of this machine shares: boot id and start tick. None where it is not running."""
    fields = _stat_fields(pid)
    if fields is None or len(fields) <= STAT_START_TIME or fields[STAT_STATE] in {"Z", "X"}:
        return None
    boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return f"{boot}:{fields[STAT_START_TIME]}"


def is_running(pid: int, mark: str | None) -> bool:
    """True where `pid` is alive and is the very process that `mark` was taken from."""
    return mark is not None and start_mark(pid) == mark
