"""Words and marks that every page about runs shares. Unknown has a shape of its own and is never green."""

from __future__ import annotations

from datetime import datetime

from bc_lib.domain.execution.findings import Severity
from bc_lib.domain.execution.journal import StepState
from bc_lib.domain.execution.outcome import MemberOutcome, Owed
from bc_lib.domain.execution.run import RunActKind
from bc_lib.domain.execution.step_words import check_words
from bc_lib.ports.runs import Frozen
from streamlit_app.presenters.marks import Mark
from streamlit_app.presenters.words import latency, moment

STEP = {
    StepState.PLANNED: Mark(key="never", word="Planned", meaning="not begun"),
    StepState.CLAIMED: Mark(key="go", word="Under way", meaning="begun; it may have been done already"),
    StepState.SEEN: Mark(key="go", word="Being proven", meaning="its effect was seen and is being proven"),
    StepState.UNKNOWN: Mark(key="blind", word="Not known", meaning="whether it was done cannot be observed"),
    StepState.WAITING: Mark(key="wait", word="Waits for a person", meaning="somebody must act"),
    StepState.VERIFIED: Mark(key="agreed", word="Done", meaning="done and proven"),
    StepState.FAILED: Mark(key="no", word="Failed", meaning="its effect is not there, or was undone"),
    StepState.SKIPPED: Mark(key="over", word="Skipped", meaning="was not needed"),
}
SEVERITY = {
    Severity.OK: Mark(key="agreed", word="Good", meaning="seen to be well"),
    Severity.WARN: Mark(key="yellow", word="Warning", meaning="does not stop it"),
    Severity.BLOCK: Mark(key="no", word="Blocks", meaning="forbids the start"),
    Severity.UNKNOWN: Mark(key="blind", word="Not known", meaning="could not be seen, and so forbids the start"),
}
LEVEL = {
    "info": Mark(key="over", word="Note", meaning="what was done"),
    "warning": Mark(key="yellow", word="Warning", meaning="worth a look"),
    "error": Mark(key="no", word="Error", meaning="something went wrong"),
}
TWO_WRITERS = Mark(key="no", word="Two servers take writes", meaning="an old primary takes writes beside the new one")
MEMBER = {
    MemberOutcome.UNTOUCHED: Mark(key="over", word="Untouched", meaning="it is where it was"),
    MemberOutcome.MOVED: Mark(key="agreed", word="Moved", meaning="clients write at the other site"),
    MemberOutcome.MOVED_BACK: Mark(key="over", word="Moved back", meaning="it is where it was"),
    MemberOutcome.STOPPED: Mark(key="no", word="Stopped", meaning="clients cannot write and it was not moved"),
    MemberOutcome.UNKNOWN: Mark(key="blind", word="Not known", meaning="where it stands is not known"),
}
OWED = {
    Owed.FENCE: "The old primary is not proven unable to write. Keep clients away from it until it is fenced.",
    Owed.REPROTECT: "There is no working standby yet: another loss of the primary would lose data.",
    Owed.SYNCHRONOUS: "A standby streams, but commits do not wait for it as they did before the move: another loss "
    "of the primary could lose data.",
    Owed.REVIEW: "The review of the break-glass is not recorded yet.",
}
SAID = {
    RunActKind.STOP: "asked for a safe stop",
    RunActKind.RESOLVE: "decided about",
    RunActKind.ATTEST: "attested",
    RunActKind.WAIVE: "waived the proven fence",
    RunActKind.OVERRIDE: "went on in spite of",
    RunActKind.CONSENT: "accepted losing",
    RunActKind.ALLOW: "allowed",
    RunActKind.END_HOLD: "ended the hold",
    RunActKind.ACKNOWLEDGE: "acknowledged another failover within the block period",
}
VALUE = {"done": "it was done", "not-done": "it was not done", "give-up": "give up"}
NO_EARLIER = "no earlier run"
REHEARSED = "a rehearsal does everything but the effects, so clients never stop writing"


def value_words(value: str) -> str:
    """What somebody said, in words: `it was done; the server stopped at 0/3000148`."""
    said, _, marker = value.partition("@")
    return VALUE[said] + (f"; the server stopped at {marker}" if marker else "") if said in VALUE else value


def about_value(kind: RunActKind, value: str) -> str:
    """`: it was done`, ` the check lag of orders-db`; nothing where there was nothing to choose."""
    if kind is RunActKind.OVERRIDE:
        return f" {check_words(value)}"
    return f": {value_words(value)}" if value else ""


def taken(seconds: float) -> str:
    """How long something took: `48 ms`, `3.4 s`, `2 min 5 s`. Below zero (two clocks) it is not known."""
    return latency(seconds) if seconds >= 0 else "not known"


def at_ms(at: datetime) -> str:
    """`06:12:01.123 UTC`: a moment inside an outage of milliseconds."""
    return f"{moment(at, at).removesuffix(' UTC')}.{at.microsecond // 1000:03d} UTC"


def frozen_words(frozen: Frozen | None, now: datetime) -> str | None:
    """The banner; None where starts are allowed."""
    if frozen is None:
        return None
    return (
        f"Starts are frozen since {moment(frozen.since, now)} by {frozen.by}: {frozen.reason.rstrip('.')}. "
        "Nothing starts, and runs stop where that is safe; an administrator thaws on Health."
    )
