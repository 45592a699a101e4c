"""One word for each state of a request, on every page, command, mail and refusal (docs/requests.md).

What programs read keeps the state's own name: --json, the database, the stored audit record.
"""

from __future__ import annotations

import re

from bc_lib.domain.requests.states import State

STATE_WORDS: dict[State, str] = {
    State.DRAFT: "Draft",
    State.PENDING_APPROVAL: "Waiting for approval",
    State.APPROVED: "Approved",
    State.READY_TO_START: "Ready to start",
    State.RUNNING: "Running",
    State.HELD: "Held",
    State.STOPPING: "Stopping",
    State.SERVICE_RESTORED: "Service restored",
    State.SUCCEEDED: "Succeeded",
    State.FAILED: "Failed",
    State.REJECTED: "Denied",
    State.EXPIRED: "Expired",
    State.CANCELLED: "Withdrawn",
}
_NAMES = re.compile(rf"\b({'|'.join(STATE_WORDS)})\b")


def in_words(text: str) -> str:
    """`text` with each state's name as people say it inside a sentence: `ReadyToStart` is `ready to start`."""
    return _NAMES.sub(lambda match: STATE_WORDS[State(match[0])].lower(), text)


def as_shown(text: str) -> str:
    """The word of a state's name; any other text as it stands."""
    return STATE_WORDS[State(text)] if text in set(State) else text
