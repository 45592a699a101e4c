"""Rounds of the whole stack until enough kills have hit."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.campaign import looking
from benchmarks.campaign.ground import verify_audit
from benchmarks.campaign.record import Record
from benchmarks.campaign.rounds import LEASES
from benchmarks.campaign.stack import Stack, kills
from benchmarks.campaign.stack_rounds import OVER_S, StackRound, finish_earlier

UNDISTURBED, LATELY, VERIFY_EVERY = 2, 3, 5


def go(data: Path, record: Record, wanted: int, save: Callable[[], None]) -> None:
    """Raises Broken, KeyboardInterrupt. `save` is called after each round."""
    with Stack(data).running() as stack:
        # What was under way when an earlier campaign was cut short comes to its end first, by itself.
        finish_earlier(stack, _say)
        looking.wait_until("the end of what was under way before", lambda: not stack.leases(LEASES), OVER_S)
        while len(record.undisturbed_s) < UNDISTURBED:
            one = StackRound(stack, record, 0, 0.0, _say)
            record.wrong += one.play(())
            record.undisturbed_s.append(round(one.took_s, 2))
            _say(f"undisturbed: {one.took_s:.1f} s from confirmation to the end")
            save()
        while record.strikes < wanted:
            _one(stack, record)
            save()
        _verify(record)
    save()


def _one(stack: Stack, record: Record) -> None:
    began, number = time.monotonic(), record.rounds + 1
    one = StackRound(stack, record, number, median(record.undisturbed_s[-LATELY:]), _say)
    wrong = one.play(kills(record.seed, number))
    if one.last is None:
        record.undisturbed_s.append(round(one.took_s, 2))  # the machine may be busier or quieter than it was
    record.wrong += wrong
    record.rounds = number
    record.seconds += round(time.monotonic() - began, 1)
    if number % VERIFY_EVERY == 0:
        _verify(record)
    _say(
        f"round {number}: {one.request.id} took {one.took_s:.0f} s; {record.strikes} kills hit, {record.held} held, "
        f"{dict(record.states)}, {record.lost} rows lost, {len(record.wrong)} wrong"
    )
    for line in wrong:
        _say(f"  WRONG: {line}")


def _verify(record: Record) -> None:
    count, wrong = verify_audit(os.environ)
    record.audits, record.audit_records = record.audits + 1, count
    record.wrong += [f"Audit: {each}" for each in wrong]
    _say(f"audit: {count} records, {len(wrong) or 'nothing'} wrong")


def _say(line: str) -> None:
    print(line, flush=True)
