"""Small JSON files that only their owner may read, replaced in one step."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any


class BrokenFile(RuntimeError):
    """A file that exists but does not hold what it should; the message says what to do."""


def write_private(path: Path, value: Any) -> None:
    """Write `value` as JSON with mode 0600; a reader sees the old file or the new one, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.unlink(missing_ok=True)
    with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        json.dump(value, stream, indent=1, sort_keys=True)
    partial.replace(path)


def read_object(path: Path) -> dict[str, Any] | None:
    """The JSON object in `path`, None where there is no such file. Raises BrokenFile for anything else."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (ValueError, OSError) as error:
        raise BrokenFile(f"{path} cannot be read ({error}).") from error
    if not isinstance(value, dict):
        raise BrokenFile(f"{path} does not hold a JSON object.")
    return value
