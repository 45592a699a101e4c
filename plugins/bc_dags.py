"""What all our DAGs share: owner, links, run types, who is told when a task dies."""

from __future__ import annotations

import os
from typing import Any

from bc_callbacks import task_died

UI = os.environ.get("BC_UI_URL", "http://127.0.0.1:8501")
OWNER = "business-continuity"
QUEUE, POLLER_QUEUE = "bc", "bc-poller"
"""Celery workers of their own: a worker of the default queue, where other DAGs run, is given no role of ours."""
MOVES = ("failover", "switchover", "failback", "drill")
WATCHING = ("connector_checks", "notices", "housekeeping", "requests", "dispatch", "schedules")
OURS = frozenset({*MOVES, *WATCHING})


def shared(title: str, doc: str, *tags: str, scheduled: bool) -> dict[str, Any]:
    """Arguments of a DAG. Nobody back-fills: old windows could only write old news, and a request has one run."""
    return {
        "dag_display_name": title,
        "doc_md": doc,
        "tags": ["business-continuity", *tags],
        "owner_links": {OWNER: UI},
        "default_args": {"owner": OWNER, "queue": QUEUE, "on_failure_callback": task_died},
        "allowed_run_types": ["scheduled", "manual"] if scheduled else ["manual"],
    }
