"""The signer's life: a round every few seconds, a sign of life each, until it is told to stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bc_lib.ports.audit import BrokenCheckpoints, SealState, SignerBeat
from bc_lib.services.audit.checkpoint import Signer, SigningRefused, sign_new

INTERVAL_S = 10.0
SEALED_WITHIN_S = 30.0
LATE_S = 2 * SEALED_WITHIN_S  # a record that no checkpoint covers by then is told


Unreachable = type[Exception] | tuple[type[Exception], ...]


@dataclass(frozen=True, slots=True)
class Round:
    """`signed_to`: last record sealed; `trouble`: why nothing more was sealed, None where all is.

    `missed`: the part of `trouble` that a later round may mend by itself: a place that is away.
    """

    signed_to: int
    trouble: str | None
    missed: str | None = None


def one_round(signer: Signer, beat: SignerBeat, unreachable: Unreachable, before: int = 0) -> Round:
    """Seal what is new and beat. Never raises for what a later round may find mended.

    `unreachable`: the store's error for trouble with the database. `before`: what the last round sealed.
    """
    away: str | None = None
    try:
        done = Round(sign_new(signer), None)
    except (SigningRefused, BrokenCheckpoints) as trouble:
        done = Round(before, str(trouble))
    except unreachable as error:
        done = Round(before, None)
        away = f"The shared database does not answer ({type(error).__name__})."
    done = _delivered(signer, done)
    if away:
        return Round(done.signed_to, away)
    try:
        beat.beat(done.signed_to, None if done.trouble == done.missed else done.trouble, done.missed)
    except unreachable as error:
        return Round(done.signed_to, f"The sign of life cannot be stored ({type(error).__name__}).")
    return done


def _delivered(signer: Signer, done: Round) -> Round:
    """Hand out what is signed, whatever became of this round's signing: places that are well get it."""
    if signer.deliver is None:
        return done
    try:
        out = signer.deliver()
    except BrokenCheckpoints as trouble:
        return Round(done.signed_to, done.trouble or str(trouble))
    refused = " ".join(part for part in (done.trouble, out.refused) if part)
    return Round(min(done.signed_to, out.to), refused or out.missed, out.missed)


def keep_signing(
    signer: Signer,
    beat: SignerBeat,
    unreachable: Unreachable,
    wait: Callable[[float], bool],
    tell: Callable[[str], None],
    interval_s: float = INTERVAL_S,
) -> None:
    """Rounds until `wait` (which sleeps at most the seconds it is given) says stop. Each change is told once."""
    told: object = object()
    signed_to = 0
    while True:
        done = one_round(signer, beat, unreachable, signed_to)
        if done.trouble != told and (done.trouble or isinstance(told, str)):
            tell(done.trouble or f"Signing goes on: sealed to record {done.signed_to}.")
        elif done.signed_to != signed_to and not done.trouble:
            tell(f"Sealed to record {done.signed_to}.")
        told, signed_to = done.trouble, done.signed_to
        if wait(interval_s):
            return


def seal_trouble(state: SealState, limit_s: float = LATE_S) -> str | None:
    """What must be told about the signer (decision 9: its silence raises a notice); None where all is well."""
    if state.refused:
        return f"The audit log is not sealed any more: {state.refused}"
    if state.unsealed_since is None:
        return None
    age_s = (state.now - state.unsealed_since).total_seconds()
    if age_s <= limit_s:
        return None
    if state.missed:
        return (
            f"Audit records {state.signed_to + 1} to {state.written_to} have not been sealed at every place for "
            f"{age_s:.0f} s: {state.missed}"
        )
    seen = (
        "was never seen"
        if state.beat_at is None
        else f"was last seen {(state.now - state.beat_at).total_seconds():.0f} s ago"
    )
    return (
        f"Audit records {state.signed_to + 1} to {state.written_to} have not been sealed for {age_s:.0f} s; "
        f"the signer {seen}. "
        "Start it with: bcctl audit sign --watch"
    )
