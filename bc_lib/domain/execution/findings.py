"""What a check found (FR-033, FR-036): named, with its figure and what to do."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bc_lib.domain.execution.overriding import never
from bc_lib.domain.requests.plan import Target


class Severity(StrEnum):
    """BLOCK: the start is refused. WARN: shown. OK: seen to be well. UNKNOWN counts as BLOCK: it is never green."""

    OK = "ok"
    WARN = "warn"
    BLOCK = "block"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One result. `check` is a stable name; `figure` says what was measured; `hint` what to do about it."""

    check: str
    resource: str
    severity: Severity
    sentence: str
    figure: str = ""
    hint: str = ""


def told(findings: Sequence[Finding]) -> str:
    """Findings in one line, each with its resource and figure."""
    return "; ".join(
        f"{each.resource}: {each.sentence}" + (f" ({each.figure})" if each.figure else "") for each in findings
    )


def blocking(findings: Sequence[Finding], overridden: Collection[str] = ()) -> tuple[Finding, ...]:
    """Findings that forbid the start; `overridden` holds `<resource>/<check>` of those a person answered for.

    Some count whatever a person said and however it was stored (see overriding.NEVER).
    """
    stops = (Severity.BLOCK, Severity.UNKNOWN)
    return tuple(
        each
        for each in findings
        if each.severity in stops and (never(each.check) or f"{each.resource}/{each.check}" not in overridden)
    )


def fence_checks(target: Target) -> tuple[str, ...]:
    """Names of the checks that say whether the old primary can be proven stopped."""
    return (f"host-{target.from_node}",)


def fence_open(findings: Sequence[Finding], targets: Sequence[Target]) -> bool:
    """Whether the checks see now that some old primary cannot be proven stopped."""
    names = {(target.resource, check) for target in targets for check in fence_checks(target)}
    return any((each.resource, each.check) in names and each.severity is not Severity.OK for each in findings)
